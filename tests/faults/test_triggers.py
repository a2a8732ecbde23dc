"""Messages to customers when processes die: a thousand events are a thousand messages.

Two Odoo processes share the database and are killed in turn while they send. One company uses a
provider that recognizes a repeated message; there everything arrives by itself. The other uses one
that does not; there nothing is ever sent twice, and what was interrupted waits for a person.

``FAULT_MESSAGES`` sets the number of events, ``FAULT_KILLS`` that of the killed processes.
"""

import json
import os
import re
import shutil
import threading
import time
from collections import Counter
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from cluster import Cluster
from odoo_side import Odoo, prepare, wait_until

from suite import paths

MESSAGES = int(os.environ.get("FAULT_MESSAGES", "1000"))
STRICT = max(MESSAGES // 10, 5)
KILLS = int(os.environ.get("FAULT_KILLS", "4"))
#: seconds; a busy machine may need several times what an idle one does
LONG = 900
EVENTS = """
from datetime import timedelta
from odoo import fields

strict = env["res.company"].create({{
    "name": "Strict", "retail_sms_gateway": "http", "retail_sms_url": {url!r},
}})
env.ref("base.user_admin").company_ids += strict
company.retail_sms_gateway = "file"
(company | strict).write({{"quiet_from": 0, "quiet_to": 0, "weekly_message_cap": 0}})
italy = env.ref("base.it").id
born = (fields.Date.today() - timedelta(days=100)).replace(year=1992)
customers = env["res.partner"].create([
    {{"name": f"Buyer {{number}}", "phone": f"+39 06 555{{number:04}}", "country_id": italy,
      # an event that is told below, and by no clock while this runs
      "birthdate_date": born, "ref": "strict" if number < {strict} else "usual"}}
    for number in range({messages})
])
template = env["sms.template"].create({{
    "name": "Hello", "model_id": env["ir.model"]._get_id("res.partner"),
    "body": "Hello {{{{ object.name }}}}",
}})
for each, domain in ((strict, "[('ref', '=', 'strict')]"), (company, "[]")):
    env["base.automation"].create({{
        "name": each.name, "retail_event": "birthday", "company_id": each.id,
        "send_by": "sms", "sms_template_id": template.id, "filter_domain": domain,
    }})
for _time in range(3):  # told more than once, as retries do
    env["base.automation"]._retail_event("birthday", customers, "this")
    env.cr.commit()
"""
STATES = "SELECT state, count(*) FROM retail_trigger_run GROUP BY state"
#: an Odoo process tells its number as the name of its connections
WORKERS = (
    "SELECT application_name FROM pg_stat_activity WHERE datname = current_database()"
    " AND pid <> pg_backend_pid() AND query LIKE '%%retail_trigger_run%%'"
    " AND state_change > now() - interval '2 s'"
)
#: the strict company's messages: key -> state
STRICT_RUNS = (
    "SELECT r.id, r.message_key, r.state FROM retail_trigger_run r"
    " JOIN res_company c ON c.id = r.company_id WHERE c.name = 'Strict'"
)


class Provider(ThreadingHTTPServer):
    """Takes messages, slowly enough to be interrupted, and sends each as often as it is told."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.received: Counter[str] = Counter()
        self.url = f"http://127.0.0.1:{self.server_port}/send"


class _Handler(BaseHTTPRequestHandler):
    server: Provider

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.received[json.loads(body)["id"]] += 1
        time.sleep(0.05)
        self.send_response(202)
        self.end_headers()

    def log_message(self, *_arguments: Any) -> None:
        """Tests are quiet."""


@pytest.fixture
def provider() -> Iterator[Provider]:
    with Provider() as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.shutdown()


@pytest.fixture
def folder(database: str) -> Iterator[Path]:
    """Where the messages of this database are dropped."""
    place = paths.FILESTORE.parent / "sms" / database
    yield place
    shutil.rmtree(place, ignore_errors=True)


def test_a_thousand_events_are_a_thousand_messages_whatever_dies(
    database: str, provider: Provider, folder: Path
) -> None:
    prepare(database, EVENTS.format(url=provider.url, messages=MESSAGES, strict=STRICT))
    with Cluster(database) as cluster:
        assert _count(cluster) == MESSAGES + STRICT, "an event was planned twice or not at all"
        killed = _kill_while_working(cluster, provider)
        assert killed
        wait_until(lambda: _is_settled(cluster), "all messages", seconds=LONG)
        interrupted = [row for row in cluster.data.rows(STRICT_RUNS) if row[2] == "unknown"]
        print(f"{killed} processes killed, {len(interrupted)} messages for a person")

        _check_nothing_lost_or_twice(cluster, provider, folder)
        _a_person_looks_after(cluster, provider, interrupted)
        wait_until(lambda: _is_settled(cluster), "what was sent again", seconds=LONG)
        assert dict(cluster.data.rows(STATES)) == {"done": MESSAGES + STRICT}
    assert len(provider.received) == STRICT
    assert max(provider.received.values()) == 1


def _count(cluster: Cluster) -> int:
    return int(cluster.data.value("SELECT count(*) FROM retail_trigger_run"))


def _is_settled(cluster: Cluster) -> bool:
    return not {"planned", "sending"} & dict(cluster.data.rows(STATES)).keys()


def _kill_while_working(cluster: Cluster, provider: Provider) -> int:
    """The process that is at work, each time another share of the strict company's has left.

    Half of the times the provider has a message just then that it has not answered.
    """
    killed = 0
    while killed < KILLS and not _is_settled(cluster):
        goal = STRICT * (killed + 1) // (KILLS + 1)
        wait_until(
            lambda goal=goal: len(provider.received) > goal or _is_settled(cluster),
            "messages",
            seconds=LONG,
        )
        time.sleep(cluster.random.choice((0.0, 0.2)))
        names = {name for (name,) in cluster.data.rows(WORKERS)}
        for server in cluster.servers:
            if any(re.search(rf"\b{server.pid}\b", name) for name in names):
                server.kill()
                killed += 1
                server.start()
    return killed


def _check_nothing_lost_or_twice(cluster: Cluster, provider: Provider, folder: Path) -> None:
    states = dict(cluster.data.rows(STATES))
    assert set(states) <= {"done", "unknown"}, states
    files = [json.loads(each.read_text(encoding="utf-8")) for each in folder.glob("*.json")]
    assert len(files) == MESSAGES
    assert len({message["to"] for message in files}) == MESSAGES
    notes = cluster.data.value("SELECT count(*) FROM mail_message WHERE message_type = 'sms'")
    assert notes == MESSAGES + STRICT, "a message was written into the history twice"
    assert not provider.received or max(provider.received.values()) == 1, "sent twice"
    for _run, key, state in cluster.data.rows(STRICT_RUNS):
        assert state == "unknown" or provider.received[key] == 1, "told as sent, but it never was"


def _a_person_looks_after(
    cluster: Cluster, provider: Provider, interrupted: list[tuple[int, str, str]]
) -> None:
    """Somebody asks the provider about each message that is in doubt, and decides."""
    odoo = Odoo(cluster.servers[0].url, cluster.data.name)
    companies = [company for (company,) in cluster.data.rows("SELECT id FROM res_company")]
    allowed = {"allowed_company_ids": companies}
    for run, key, _state in interrupted:
        button = "action_arrived" if provider.received[key] else "action_send_again"
        odoo.call("retail.trigger.run", button, [run], context=allowed)
