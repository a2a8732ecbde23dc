"""What a telephone system tells about a call, made safe. Nothing in here needs Odoo.

Systems name the parts of their events differently; the usual names are understood. Whatever comes
is text from outside: lengths are cut, moments are checked, only web addresses are kept as links.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

from . import finder
from .lead_form import clean

#: part of an event -> other names that it has
NAMES = {
    "event": ("event", "status", "state"),
    "call_id": ("call_id", "callid", "id", "uniqueid", "linkedid", "uuid"),
    "direction": ("direction", "type"),
    "number": ("number", "caller", "caller_id", "callerid", "phone", "from"),
    "line": ("line", "did", "called", "to"),
    "extension": ("extension", "ext", "agent", "user"),
    "time": ("time", "timestamp", "date"),
    "duration": ("duration", "billsec", "talk_time"),
    "recording": ("recording", "recording_url", "record"),
    "reference": ("reference",),
}
#: names that mean the same whoever calls; "caller", "from" and the like do not
OTHER_SIDE = ("number", "phone")
OUR_LINE = ("line", "did")
CALLED = ("called", "to")
EVENTS = {
    "ringing": ("ringing", "ring", "start", "incoming", "new"),
    "answered": ("answered", "answer", "up", "connected"),
    "ended": ("ended", "end", "hangup", "completed", "finished"),
    "missed": ("missed", "noanswer", "no answer", "no-answer", "no_answer", "busy", "abandoned"),
}
DIRECTIONS = {
    "in": ("in", "inbound", "incoming"),
    "out": ("out", "outbound", "outgoing"),
}
#: the longest talk that is believed, in seconds
LONGEST = 24 * 3600
#: a clock that goes wrong by more than that is not believed
SKEW = timedelta(days=1)
#: so many telephones ring at once
MOST_EXTENSIONS = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class CallEvent:
    """One thing that happened to a call; moments are naive UTC, ``duration`` is in seconds."""

    event: str
    call_id: str
    direction: str = "in"
    number: str = ""
    line: str = ""
    extensions: tuple[str, ...] = ()
    at: datetime | None = None
    duration: int | None = None
    recording: str = ""
    reference: str = ""


class EventFault(Exception):
    """The event cannot be used; ``field`` is the part of it that is missing or wrong."""

    def __init__(self, field):
        super().__init__(field)
        self.field = field


def read(data, now=None):
    """The :class:`CallEvent` in ``{name: text or number}``. Raises EventFault.

    >>> read({"event": "ringing", "call_id": 7, "number": "045 800 1234", "extension": "101"}).event
    'ringing'
    """
    now = now or datetime.now(UTC).replace(tzinfo=None)
    data = {str(name).lower(): value for name, value in data.items()}
    said = {part: _first(data, names) for part, names in NAMES.items()}
    event = _meaning(EVENTS, said["event"])
    if not event:
        raise EventFault("event")
    if not said["call_id"]:
        raise EventFault("call_id")
    # "type" is not always the direction
    direction = _meaning(DIRECTIONS, said["direction"]) or "in"
    number, line = _sides(data, said, direction)
    return CallEvent(
        event=event,
        call_id=clean(said["call_id"], 120),
        direction=direction,
        number=_number(number),
        line=_number(line),
        extensions=_extensions(said["extension"]),
        at=_moment(said["time"], now),
        duration=_duration(said["duration"]),
        recording=link(said["recording"]),
        reference=clean(said["reference"], 60),
    )


def link(value):
    """A web address, or nothing: it is going to be a link that people click.

    >>> link("https://pbx.example.test/7.mp3"), link("javascript:alert(1)")
    ('https://pbx.example.test/7.mp3', '')
    """
    text = clean(value, 2000)
    try:
        parts = urlsplit(text)
    except ValueError:
        return ""
    return text if parts.scheme in ("http", "https") and parts.netloc and " " not in text else ""


def _first(data, names):
    return next((data[name] for name in names if data.get(name) not in (None, "")), None)


def _sides(data, said, direction):
    """The other side's number and ours: of an outgoing call the other side is who is called."""
    called = _first(data, CALLED)
    if direction != "out" or called is None or _first(data, OTHER_SIDE) is not None:
        return said["number"], said["line"]
    ours = _first(data, OUR_LINE)
    return called, said["number"] if ours is None else ours


def _meaning(words, value):
    text = clean(value, 40).lower()
    return next((word for word, others in words.items() if text in others), None)


def _number(value):
    """A telephone number as it was told; empty when it is withheld (a word, or no digits)."""
    text = clean(value, 40)
    return text if len(finder.phone_digits(text)) > 1 else ""


def _extensions(value):
    values = value if isinstance(value, list) else clean(value, 400).replace(";", ",").split(",")
    texts = [clean(one, 20) for one in values[:MOST_EXTENSIONS]]
    return tuple(dict.fromkeys(filter(None, texts)))


def _moment(value, now):
    """A moment as ISO 8601 or in seconds since 1970; now where it is missing or impossible."""
    text = clean(value, 40)
    try:
        if text.replace(".", "", 1).isdigit():
            moment = datetime.fromtimestamp(float(text), UTC)
        else:
            moment = datetime.fromisoformat(text)
        moment = moment.replace(tzinfo=moment.tzinfo or UTC).astimezone(UTC).replace(tzinfo=None)
    except (ValueError, OverflowError, OSError):
        return now
    return moment.replace(microsecond=0) if abs(moment - now) < SKEW else now


def _duration(value):
    try:
        seconds = int(float(clean(value, 20)))
    except (ValueError, OverflowError):
        return None
    return min(max(seconds, 0), LONGEST)
