"""What the user sees: a progress line with its time for each step, one sentence for each fault."""

import contextlib
import errno
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import NoReturn

from suite import paths


class Fault(Exception):
    """Something the user can mend. The text is one sentence saying what to do."""


def say(text: str) -> None:
    """Print a line of progress. It goes to stderr: stdout belongs to results."""
    print(text, file=sys.stderr, flush=True)


@contextlib.contextmanager
def step(title: str) -> Iterator[None]:
    """Announce a long step and print the seconds it took when it has ended well."""
    started = time.monotonic()
    say(f"* {title} ...")
    yield
    say(f"  {title}: {time.monotonic() - started:.1f} s")


def run(
    command: Sequence[str | Path],
    *,
    otherwise: str,
    env: Mapping[str, str] | None = None,
    cwd: Path | None = None,
    stdin: str | None = None,
) -> str:
    """Run a command silently and return its stdout; everything it says also goes to the log.

    Raises Fault with the sentence ``otherwise`` (and the place of the log) when the command is
    missing or ends with another code than 0.
    """
    words = [str(word) for word in command]
    try:
        done = subprocess.run(
            words,
            input=stdin,
            stdin=subprocess.DEVNULL if stdin is None else None,
            capture_output=True,
            text=True,
            errors="replace",
            env=env,
            cwd=cwd,
            check=False,
        )
    except FileNotFoundError as error:
        raise Fault(f"{otherwise} The program {words[0]} is missing.") from error
    paths.RUN.mkdir(parents=True, exist_ok=True)
    with paths.LOG.open("a", encoding="utf-8") as log:
        log.write(f"$ {' '.join(words)}\n{done.stdout}{done.stderr}= {done.returncode}\n")
    if done.returncode:
        if "No space left on device" in done.stderr:
            raise Fault("The disk is full: make room, then run the same command again.")
        raise Fault(f"{otherwise} Details are at the end of {paths.LOG}.")
    return done.stdout


def main(program: Callable[[], int]) -> NoReturn:
    """Run a program of ``scripts/`` and turn expected faults into one sentence and code 1."""
    os.umask(0o022)  # the unprivileged database user must be able to read what we make
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # clean up as after Ctrl-C
    try:
        sys.exit(program())
    except Fault as fault:
        say(f"{Path(sys.argv[0]).name}: {fault}")
    except KeyboardInterrupt:
        say("Interrupted; run the same command again to go on.")
        sys.exit(130)
    except OSError as error:
        if error.errno != errno.ENOSPC:
            raise
        say("The disk is full: make room, then run the same command again.")
    sys.exit(1)
