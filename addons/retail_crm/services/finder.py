"""What somebody typed to find a customer, and the digits by which telephone numbers are compared.

Nothing in here needs a database. Telephone numbers are compared by their end, so that it does not
matter whether a number was written down as 0039, +39 or without its country, with or without the
zero (in Hungary 06) that is dialled before a city.
"""

import re
from dataclasses import dataclass

#: digits by which two whole numbers are taken for the same one
SAME = 8
#: the fewest last digits that are looked for
FEWEST = 4
#: the longest number there is (ITU-T E.164), with an international prefix of two digits
LONGEST = 17

_PHONE = re.compile(
    r"^\s*(?:tel:|tel\.|phone)?\s*\+?[\d\s().\-/\u2010-\u2015\xa0]+$", re.IGNORECASE
)
_EMAIL = re.compile(r"[^\s<>,;:\"()@]+@[^\s<>,;:\"()@]*")
_NO_DIGIT = re.compile(r"\D+")
_TRUNK_IN_BRACKETS = re.compile(r"^(\s*(?:\+|00)[\d\s]+)\(0\)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """What was typed. ``kind`` says what it may be:

    - "nothing": empty;
    - "digits": end of a telephone number, number of an order, of a customer, tax number;
    - "email": an e-mail address or the beginning of one;
    - "handle": a name in a messenger or a social network, written with @ before it;
    - "code": letters and digits in one word: number of an order or of a customer;
    - "name": one or more words.
    """

    kind: str
    text: str
    digits: str = ""
    words: tuple[str, ...] = ()


def classify(text):
    """The :class:`Term` of a text; any text has one.

    >>> classify("+39 045 / 800-12 34").kind, classify("Maria Rossi").words
    ('digits', ('Maria', 'Rossi'))
    """
    text = " ".join((text or "").split())
    if not text:
        return Term(kind="nothing", text="")
    if _PHONE.match(text) and any(map(str.isdigit, text)):
        return Term(kind="digits", text=text, digits=phone_digits(text))
    if text.startswith("@"):
        return Term(kind="handle", text=text[1:].lower())
    if address := _EMAIL.search(text):
        return Term(kind="email", text=address[0].lower())
    words = tuple(text.split(" "))
    code = len(words) == 1 and any(map(str.isdigit, text))
    return Term(kind="code" if code else "name", text=text, words=words)


def phone_digits(number):
    """The digits of a telephone number, without 00 and + before the country.

    >>> phone_digits("0039 045 800 1234"), phone_digits("+49 (0)30 123456")
    ('390458001234', '4930123456')
    """
    number = number or ""
    digits = _NO_DIGIT.sub("", _TRUNK_IN_BRACKETS.sub(r"\1", number))
    return digits[2:] if digits.startswith("00") and len(digits) > SAME else digits


def international_digits(number, country, country_code):
    """The digits of a number as it is dialled from abroad; as they are if the country is not known.

    ``country``: ISO code of the country it was written in, ``country_code``: its telephone code.

    >>> international_digits("06 30 123 4567", "HU", 36)
    '36301234567'
    >>> international_digits("045 800 1234", "IT", 39)  # where the zero belongs to the number
    '390458001234'
    """
    digits, code = phone_digits(number), str(country_code or "")
    text = (number or "").strip()
    if not code or len(digits) < FEWEST + 2 or text.startswith(("+", "00")):
        return digits
    if country == "HU" and digits.startswith("06"):
        return code + digits[2:]
    if country in ("IT", "SM", "VA"):
        return digits if digits.startswith(code) and len(digits) > 10 else code + digits
    if digits.startswith("0"):
        return code + digits[1:]
    return digits if digits.startswith(code) and len(digits) > len(code) + SAME else code + digits


def phone_ends(digits, country_code=""):
    """The ends to look for, each as the last digits of a number; none when there are too few.

    Whole numbers are looked for by their last eight digits, whatever stands before them. A short
    number typed with its country is also looked for without: ``country_code`` is that of the
    company. A short number may begin with the zero that is left out when calling from abroad.
    """
    if not FEWEST <= len(digits) <= LONGEST:
        return ()
    ends = [digits[-SAME:]]
    code = str(country_code or "")
    if len(digits) > SAME and code and digits.startswith(code) and len(digits) - len(code) < SAME:
        ends.append(digits[len(code) :])
    bare = digits.lstrip("0")
    if len(digits) <= SAME and bare != digits and len(bare) > FEWEST + 1:
        ends.append(bare)
    return tuple(ends)


def same_end(one, other):
    """How many last digits two numbers have in common.

    >>> same_end("390458001234", "0458001234")
    10
    """
    count = 0
    for left, right in zip(reversed(one), reversed(other), strict=False):
        if left != right:
            break
        count += 1
    return count


def handle(value):
    """A name in a messenger or a social network as it is compared: no address, no @, small letters.

    >>> handle("https://www.instagram.com/Cantina.Rossi/?hl=it"), handle("@Maria")
    ('cantina.rossi', 'maria')
    """
    text = (value or "").strip()
    if "://" in text or text.lower().startswith("www."):
        text = text.split("://", 1)[-1].split("?", 1)[0].split("#", 1)[0].rstrip("/")
        text = text.rsplit("/", 1)[-1] if "/" in text else text
    return text.removeprefix("@").lower()


def escaped(text):
    """A text for the right side of LIKE, with nothing in it that means "any character"."""
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
