"""Pictures known by what they show, and files fetched by their address."""

from __future__ import annotations

import io

import pytest
from PIL import Image
from raw_server import RawServer, answer

from shopapi.errors import DataError, NotFound
from shopapi.files import Files
from shopapi.pictures import find_same, kind_of


def picture(colour: str, kind: str = "PNG") -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", (40, 30), colour).save(buffer, kind)
    return buffer.getvalue()


def test_the_same_picture_is_found_whatever_its_format() -> None:
    held = {"1": picture("white"), "3": picture("maroon", "JPEG"), "4": picture("maroon")}

    def read(key: str) -> bytes:
        if key not in held:
            raise NotFound("gone")
        return held[key]

    assert find_same(picture("maroon"), ["1", "2", "3", "4"], read) == "3"
    assert find_same(picture("navy"), ["1", "2", "3", "4"], read) is None


def test_not_more_pictures_are_compared_than_anybody_has() -> None:
    asked: list[str] = []

    def read(key: str) -> bytes:
        asked.append(key)
        return picture("white")

    assert find_same(picture("navy"), [str(number) for number in range(99)], read) is None
    assert len(asked) == 30


def test_the_kind_is_told_by_the_bytes() -> None:
    assert kind_of(picture("navy", "JPEG")) == ("jpg", "image/jpeg")
    for content in (b"<html>", picture("navy", "GIF")):
        with pytest.raises(DataError, match="no picture that the shop takes"):
            kind_of(content)


def test_files_come_without_the_key_and_failures_are_told(raw_server: RawServer) -> None:
    raw_server.steps = [answer(body=b"bytes"), answer("404 Not Found"), answer("403 Forbidden")]
    files = Files(None, ["secret"])
    address = f"{raw_server.url}/image.png"
    assert files.get(address) == b"bytes"
    assert b"authorization" not in raw_server.requests[0].lower()
    with pytest.raises(NotFound):
        files.get(address)
    with pytest.raises(DataError, match="403"):
        files.get(address)
    with pytest.raises(DataError, match="Not the address of a file"):
        files.get("file:///etc/hosts")
    files.close()
