"""How a call is begun from the screen: one class for each way, chosen on the telephone system.

A new way is a subclass of :class:`CallOut`, a line in ``CALL_OUTS`` and its name in the selection
``call_method`` of ``retail.pbx``.
"""

from urllib.parse import quote, urlsplit

import requests

from . import finder, http_call


class CallRefused(Exception):
    """The call was not begun; the words say why, without any secret."""


class CallOut:
    """A way to begin a call.

    ``opens_link``: the person's own device calls, by a link; else the telephone system is asked to.
    """

    code = ""
    opens_link = False

    def prepare(self, pbx, call):
        """What :meth:`dial` needs, as plain values: no record is read while it waits."""
        return {"number": dialled(call.number), "extension": call.extension or ""}

    def dial(self, settings):
        """Ask for the call. Raises CallRefused."""
        raise NotImplementedError  # whom to ask, and how, is what the ways differ in


class TelLink(CallOut):
    """A ``tel:`` link: the telephone or the program that the person's computer has for it."""

    code = "tel"
    opens_link = True


class HttpHook(CallOut):
    """Any telephone system, or a small program before it, that takes one call over HTTP.

    POST: JSON ``{"number", "extension", "reference", "user"}``. GET: the address with
    ``{number}``, ``{extension}`` and ``{reference}`` in it. The secret is the bearer token. Any
    answer 2xx means that the person's telephone is going to ring.
    """

    code = "http"

    def prepare(self, pbx, call):
        """The call as it is sent, with address and key of the telephone system."""
        return super().prepare(pbx, call) | {
            "url": pbx.call_url or "",
            "verb": pbx.call_verb,
            "secret": pbx.call_secret or "",
            "reference": call.reference or "",
            "user": call.user_id.login or "",
        }

    def dial(self, settings):
        """Send it, once."""
        parts = ("number", "extension", "reference", "user")
        said = {part: settings[part] for part in parts}
        secret = settings["secret"]
        options = {"headers": {"Authorization": f"Bearer {secret}"} if secret else {}}
        url = settings["url"]
        if settings["verb"] == "get":
            url = filled(url, said)
        else:
            options["json"] = said
        try:
            status, words = http_call.call(settings["verb"].upper(), url, **options)
        except requests.ReadTimeout:
            # it has the request, and may be calling: its events, or that there are none, will tell
            return
        except requests.RequestException as error:
            raise CallRefused(http_call.without(str(error), secret)) from error
        if not 200 <= status < 300:
            words = http_call.without(words[:200].strip(), secret)
            raise CallRefused(f"HTTP {status} {words}".strip())


def dialled(number):
    """A number as it is dialled: a plus, if there is one, and digits.

    >>> dialled("+39 (045) 800-1234"), dialled("0039 045")
    ('+390458001234', '0039045')
    """
    text = (number or "").strip()
    digits = "".join(filter(str.isdigit, text))
    return ("+" if text.startswith("+") else "") + digits if len(digits) <= finder.LONGEST else ""


def filled(url, values):
    """An address with these values in the places named for them.

    >>> filled("https://pbx.example.test/call?to={number}", {"number": "+39 045"})
    'https://pbx.example.test/call?to=%2B39%20045'
    """
    for name, value in values.items():
        url = url.replace(f"{{{name}}}", quote(str(value), safe=""))
    return url


def is_web_address(url):
    """Whether a hook can be there: a host that is written out, and nothing of the call in it."""
    try:
        parts = urlsplit(url or "")
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.netloc) and "{" not in parts.netloc


#: code on the telephone system -> way
CALL_OUTS = {cls.code: cls() for cls in (TelLink, HttpHook)}
