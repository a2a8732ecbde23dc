"""Remember which steps are done, so that nothing is done twice, and let one set-up run at a time.

A stamp is a small file with a hash of what the step was made from. It is written last: a step that
was interrupted has none and is done again.
"""

import contextlib
import fcntl
import hashlib
from collections.abc import Iterator
from pathlib import Path

from suite import paths
from suite.console import say


def digest(*inputs: str | bytes | Path) -> str:
    """Short hash of texts and file contents, in order."""
    total = hashlib.sha256()
    for item in inputs:
        if isinstance(item, Path):
            item = item.read_bytes()
        elif isinstance(item, str):
            item = item.encode()
        total.update(hashlib.sha256(item).digest())
    return total.hexdigest()[:12]


def is_done(step: str, key: str) -> bool:
    """Whether this step was finished from the same inputs."""
    stamp = paths.STAMPS / step
    return stamp.is_file() and stamp.read_text(encoding="utf-8") == key


def mark_done(step: str, key: str) -> None:
    """Remember a finished step. Atomic, so that a reader never sees half a stamp."""
    paths.STAMPS.mkdir(parents=True, exist_ok=True)
    fresh = paths.STAMPS / f".{step}.new"
    fresh.write_text(key, encoding="utf-8")
    fresh.replace(paths.STAMPS / step)


@contextlib.contextmanager
def lock(name: str) -> Iterator[None]:
    """Hold a lock among all processes of this checkout; wait (and say so) when it is taken."""
    folder = paths.RUN / "locks"
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / name).open("w") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say(f"* Waiting for another run to finish with: {name}")
            fcntl.flock(handle, fcntl.LOCK_EX)
        yield
