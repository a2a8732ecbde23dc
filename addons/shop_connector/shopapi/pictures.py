"""Pictures by what they show: shops encode what they get again, so bytes alone tell nothing."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Callable, Sequence

from PIL import Image as Picture
from PIL import ImageChops, ImageStat

from .errors import DataError, NotFound

#: format -> ending of a file's name, and media type
_KINDS = {
    "PNG": ("png", "image/png"),
    "JPEG": ("jpg", "image/jpeg"),
    "WEBP": ("webp", "image/webp"),
}
#: pictures of one product that are compared with a new one
_MOST_COMPARED = 30
_SIDE = 96
#: differences (0-255) that encoding the same picture again may make: of the colours in the mean,
#: and of the brightness, which JPEG keeps better, at the worst spot (another year on the label of
#: the same bottle differs in one spot only)
_MEAN_TOLERANCE, _SPOT_TOLERANCE = 4.0, 24
#: what the library raises for bytes that are no picture, or one made to choke on
NO_PICTURE = (OSError, ValueError, SyntaxError, Picture.DecompressionBombError)


def is_same_picture(left: bytes, right: bytes) -> bool:
    """Whether two files show the same picture.

    The shop encodes what it gets again, so equal bytes are the exception: same size and, seen
    small, the same everywhere.  What cannot be read as a picture is not the same.
    """
    if hashlib.sha256(left).digest() == hashlib.sha256(right).digest():
        return True
    one, other = _thumbnail(left), _thumbnail(right)
    if one is None or other is None or one[0] != other[0]:
        return False
    colours = ImageStat.Stat(ImageChops.difference(one[1], other[1]))
    bright = ImageStat.Stat(ImageChops.difference(one[1].convert("L"), other[1].convert("L")))
    worst = bright.extrema[0][1]
    return max(colours.mean) <= _MEAN_TOLERANCE and worst <= _SPOT_TOLERANCE


def find_same(content: bytes, held: Sequence[str], read: Callable[[str], bytes]) -> str | None:
    """The first of the shop's pictures that shows the same; ``read`` gets its bytes.

    One that is gone (NotFound) is passed over.
    """
    for image in held[:_MOST_COMPARED]:
        try:
            found = read(image)
        except NotFound:
            continue
        if is_same_picture(content, found):
            return image
    return None


def kind_of(content: bytes) -> tuple[str, str]:
    """Ending and media type of a picture, by its bytes. Raises DataError for other formats."""
    try:
        with Picture.open(io.BytesIO(content)) as picture:
            return _KINDS[picture.format or ""]
    except (*NO_PICTURE, KeyError) as error:
        raise DataError("This is no picture that the shop takes (PNG, JPEG, WebP).") from error


def readable(content: bytes, what: str) -> bytes:
    """The bytes, which must be those of a picture. Raises DataError; ``what`` names it.

    >>> readable(b"<html>", "Picture 7")
    Traceback (most recent call last):
    shopapi.errors.DataError: Picture 7 is not readable.
    """
    try:
        with Picture.open(io.BytesIO(content)) as picture:
            picture.verify()
    except NO_PICTURE as error:
        raise DataError(f"{what} is not readable.") from error
    return content


def _thumbnail(content: bytes) -> tuple[tuple[int, int], Picture.Image] | None:
    try:
        with Picture.open(io.BytesIO(content)) as picture:
            # transparent parts are white in a shop that stores JPEG
            layer = picture.convert("RGBA")
            flat = Picture.new("RGBA", layer.size, "white")
            flat.alpha_composite(layer)
            small = flat.convert("RGB").resize((_SIDE, _SIDE), Picture.Resampling.BOX)
            return picture.size, small
    except NO_PICTURE:
        return None
