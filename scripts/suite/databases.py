"""Databases of the project's server: make, copy, drop, ask.

A database's attachments lie in a folder of the same name below ``.local/data/filestore``; the
functions here keep the two together. Templates are never opened by Odoo once they are finished, so
that they can be copied at any time.
"""

import contextlib
import os
import secrets
import shutil
import subprocess
from collections.abc import Iterator

from suite import environment, paths
from suite.console import Fault, run

THROW_AWAY = "run"

#: Odoo adds it to every database it makes: searches within texts use its indexes
EXTENSION = "pg_trgm"


def names(prefix: str = "") -> list[str]:
    """Names of the databases that begin with ``prefix``, sorted."""
    found = sql("postgres", "SELECT datname FROM pg_database WHERE NOT datistemplate ORDER BY 1")
    return [name for name in found.split() if name.startswith(prefix)]


def exists(name: str) -> bool:
    """Whether the server has this database."""
    return name in names(name)


def sql(database: str, query: str) -> str:
    """Run one SQL statement and return its rows as lines, columns parted by ``|``.

    Raises Fault when the server refuses it.
    """
    psql = ["psql", "-X", "-A", "-t", "-q", "-v", "ON_ERROR_STOP=1", "-d", database, "-c", query]
    return run(
        psql, env=environment.variables(), otherwise=f"PostgreSQL refused a command on {database}."
    ).strip()


def create(name: str) -> None:
    """Make an empty database as Odoo makes its own; Odoo fills it on its first start."""
    sql("postgres", f"CREATE DATABASE \"{name}\" TEMPLATE template0 ENCODING 'UTF8'")
    sql(name, f"CREATE EXTENSION IF NOT EXISTS {EXTENSION}")


def clone(template: str, name: str) -> str:
    """Copy a database with its attachments (as hard links) and return the new name.

    Nobody may be connected to ``template``. Takes about a second.
    """
    sql("postgres", f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
    source, target = paths.FILESTORE / template, paths.FILESTORE / name
    shutil.rmtree(target, ignore_errors=True)
    if source.is_dir():
        shutil.copytree(source, target, copy_function=os.link)
    return name


def rename(old: str, new: str) -> None:
    """Give a database and its attachments another name."""
    source, target = paths.FILESTORE / old, paths.FILESTORE / new
    shutil.rmtree(target, ignore_errors=True)
    if source.is_dir():
        source.rename(target)
    sql("postgres", f'ALTER DATABASE "{old}" RENAME TO "{new}"')


def drop(name: str) -> None:
    """Remove a database, whoever is connected, and its attachments. Missing ones are fine."""
    sql("postgres", f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
    shutil.rmtree(paths.FILESTORE / name, ignore_errors=True)


def throw_away_name() -> str:
    """A new name for a database of this process; see :func:`drop_leftovers`."""
    return f"{THROW_AWAY}_{os.getpid()}_{secrets.token_hex(3)}"


@contextlib.contextmanager
def temporary(template: str) -> Iterator[str]:
    """Copy ``template`` to a database of our own for the time of a ``with`` block.

    >>> with temporary(templates.suite()) as name:    # doctest: +SKIP
    ...     sql(name, "SELECT count(*) FROM res_lang")
    """
    name = throw_away_name()
    try:
        yield clone(template, name)
    finally:
        drop(name)


def drop_leftovers() -> None:
    """Remove the throw-away databases of processes that have died."""
    for name in names(f"{THROW_AWAY}_"):
        owner = name.split("_")[1]
        if owner.isdigit() and not os.path.exists(f"/proc/{owner}"):
            drop(name)


def shell(database: str, code: str, *options: str) -> str:
    """Run Python code in ``odoo shell`` (``env`` is there) and return what it printed.

    The code must call ``env.cr.commit()`` to keep what it did. Raises Fault with the last line of
    the traceback when it fails.
    """
    command = [paths.ODOO_BIN, "shell", "-d", database, "--no-http", "--log-level=warn", *options]
    done = subprocess.run(
        [str(word) for word in command],
        input=code,
        capture_output=True,
        text=True,
        env=environment.variables(),
        check=False,
    )
    if done.returncode:
        log = paths.RUN / f"shell-{database}.log"
        log.write_text(done.stderr, encoding="utf-8")
        last = (done.stderr.strip().splitlines() or ["no message"])[-1]
        raise Fault(f"Code in the Odoo shell of {database} failed: {last} (all of it in {log}).")
    return done.stdout
