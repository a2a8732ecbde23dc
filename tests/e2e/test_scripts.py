"""What the README promises about the programs in ``scripts/``."""

import contextlib
import os
import signal
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests
from odoo_side import wait_until

from suite import databases, paths, postgres, templates

PROGRAMS = sorted(
    file
    for file in (paths.ROOT / "scripts").iterdir()
    if file.is_file() and os.access(file, os.X_OK)
)


def _run(name: str, *arguments: str, stdin: str = "") -> subprocess.CompletedProcess[str]:
    command = [paths.ROOT / "scripts" / name, *arguments]
    return subprocess.run(command, input=stdin, capture_output=True, text=True, check=False)


@contextlib.contextmanager
def _taken_port() -> Iterator[int]:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        yield taken.getsockname()[1]


@pytest.mark.parametrize("program", PROGRAMS, ids=lambda file: file.name)
def test_every_program_explains_itself(program: Path) -> None:
    done = _run(program.name, "--help")
    assert done.returncode == 0, done.stderr
    assert len(done.stdout.splitlines()) > 2


def test_the_programs_of_the_readme_are_there() -> None:
    promised = {"bench", "demo", "lint", "odoo", "serve", "setup", "simulator", "test"}
    assert promised <= {program.name for program in PROGRAMS}


@pytest.mark.parametrize("name", ["serve", "simulator"])
def test_a_taken_port_is_told_in_one_sentence(name: str) -> None:
    with _taken_port() as port, databases.temporary(templates.suite()) as database:
        arguments = ["-d", database] if name == "serve" else ["prestashop"]
        done = _run(name, *arguments, "--port", str(port))
    assert done.returncode not in (0, None)
    # lines of progress begin with a star: another run may hold the lock of the set-up
    (sentence,) = [line for line in done.stderr.splitlines() if not line.startswith("* ")]
    assert f"Port {port} is taken" in sentence
    assert "--port" in sentence


def test_the_simulator_answers_on_the_port_that_was_asked_for() -> None:
    port = postgres.free_port()
    program = str(paths.ROOT / "scripts/simulator")
    process = subprocess.Popen(
        [program, "prestashop", "--port", str(port)],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    try:
        said = [process.stdout.readline(), process.stdout.readline()]
        assert said[0].split() == ["address", f"http://127.0.0.1:{port}"]
        key = said[1].split()[1]
        service = requests.get(f"http://127.0.0.1:{port}/api/", auth=(key, ""), timeout=30)
        assert service.status_code == 200
        assert "products" in service.text
        page = requests.get(f"http://127.0.0.1:{port}/", timeout=30)
        assert page.status_code == 200
        assert "<html" in page.text
        process.send_signal(signal.SIGINT)
        assert wait_until(lambda: process.poll() is not None, "the simulator to end", seconds=15)
    finally:
        process.kill()
        process.communicate()
    assert process.returncode == 0


def test_an_unknown_shop_system_is_told_in_one_sentence() -> None:
    done = _run("simulator", "nothing-of-this-name")
    assert done.returncode != 0
    assert "Traceback" not in done.stderr
    assert "nothing-of-this-name" in done.stderr


def test_a_file_goes_through_the_shell_of_odoo(database: str) -> None:
    done = _run(
        "odoo", "shell", "-d", database, "--no-http", stdin="print('shops', env['shop.shop'])\n"
    )
    assert done.returncode == 0, done.stderr[-2000:]
    assert "shops shop.shop()" in done.stdout


def test_serving_an_unknown_database_says_how_to_make_one() -> None:
    done = _run("serve", "-d", "no_such_database", "--port", str(postgres.free_port()))
    assert done.returncode != 0
    assert "scripts/demo" in done.stderr
    assert "Traceback" not in done.stderr
