"""Two Odoo processes on one database, and what can be seen of them from outside."""

import contextlib
import random
import threading
import time
from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any

import requests
from odoo_side import Database, Odoo

from suite.server import OdooServer

# who holds the lock of a shop's runner: an Odoo process tells its number as its name
RUNNERS = (
    "SELECT l.objid::int, a.application_name FROM pg_locks l JOIN pg_stat_activity a USING (pid)"
    " WHERE l.locktype = 'advisory' AND l.granted AND l.classid = 21312"
    " AND a.datname = current_database()"
)
# time runs faster here: what a runner put off for minutes is due at once
HURRY = (
    "UPDATE shop_job SET due_at = now() AT TIME ZONE 'UTC'"
    " WHERE state = 'pending' AND due_at > now() AT TIME ZONE 'UTC' + interval '2 s'"
)


class Cluster:
    """Two servers; either may be killed and started again at any moment."""

    def __init__(self, database: str) -> None:
        self.data = Database(database)
        self.servers = [OdooServer(database), OdooServer(database)]
        #: shop -> names of the processes that were seen at work on it
        self.workers: dict[int, set[str]] = defaultdict(set)
        #: moments at which several shops were worked on by several processes
        self.together = 0
        self.random = random.Random(71)
        self._people: dict[str, Odoo] = {}
        self._ended = threading.Event()
        self._ticker = threading.Thread(target=self._tick, daemon=True)

    def __enter__(self) -> "Cluster":
        starting = [threading.Thread(target=server.start) for server in self.servers]
        for thread in starting:
            thread.start()
        for thread in starting:
            thread.join()
        self._ticker.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._ended.set()
        self._ticker.join(timeout=5)
        for server in self.servers:
            server.kill()
            server.log.unlink(missing_ok=True)
        self.data.close()

    def _tick(self) -> None:
        """Keep the shops' scheduled actions awake, and see who works."""
        rounds = 0
        while not self._ended.wait(0.05):
            if not rounds % 10:
                self.data.rows(HURRY)
                self.data.wake_shop()
            rounds += 1
            runners = self.data.rows(RUNNERS)
            for shop, process in runners:
                self.workers[shop].add(process)
            self.together += len({process for _shop, process in runners}) > 1

    def kill_one(self) -> None:
        """A power cut for one of them, and its start some time later."""
        server = self.random.choice(self.servers)
        server.kill()
        time.sleep(self.random.uniform(0.0, 1.0))  # how long it is away
        server.start()

    def hint(self, shop: int, calls: Iterable[tuple[bytes, dict[str, str]]]) -> Iterator[int]:
        """Make calls of a shop (body and headers); yields the answers."""
        for body, headers in calls:
            url = f"{self.random.choice(self.servers).url}/shop_connector/hint/{shop}"
            with contextlib.suppress(requests.RequestException):  # that server is down just now
                yield requests.post(url, data=body, headers=headers, timeout=10).status_code

    def press_synchronize(self, shop: int) -> str:
        """What a person does who is impatient; the reason when Odoo refuses."""
        server = self.random.choice(self.servers)
        try:
            if server.url not in self._people:
                # logging in costs more than anything else here, so they stay logged in
                self._people[server.url] = Odoo(server.url, self.data.name)
            self._people[server.url].call("shop.shop", "action_sync_now", [shop])
        except RuntimeError as error:
            return str(error)
        except (requests.RequestException, ValueError) as error:
            # that server is down, or went down in the middle of its answer
            return f"down: {error}"
        return ""

    def shop(self, **values: Any) -> dict[str, Any]:
        """Id and secret of the shop with that address."""
        ((number, secret),) = self.data.rows(
            "SELECT id, hint_secret FROM shop_shop WHERE base_url = %s", values["base_url"]
        )
        return {"shop": number, "secret": secret}
