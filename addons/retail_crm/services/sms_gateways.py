"""SMS providers: one class for each, chosen per company.

A new provider is a subclass of :class:`SmsGateway` with one method, a line ``GATEWAYS[code]`` and
its name in the selection ``retail_sms_gateway`` of the company.
"""

import json
import os
from pathlib import Path

import requests

from odoo.tools import config
from odoo.tools.urls import urljoin

from odoo.addons.sms.tools.sms_api import SmsApiBase

from . import http_call

#: answers of a provider that mean: not taken, come back later
LATER = {429, 503}
#: refusals of a provider -> Odoo's words for them
REFUSALS = {400: "wrong_number_format", 401: "unregistered", 402: "insufficient_credit"}
REFUSALS |= {403: "unregistered", 422: "wrong_number_format"}


class SmsGateway(SmsApiBase):
    """A provider. What became of each message is told by its ``state``:

    ``success`` the provider has it; ``not_reached`` it surely has not, try again later;
    ``unknown`` nobody can tell; anything else is a refusal (keys of
    ``PROVIDER_TO_SMS_FAILURE_TYPE``).
    """

    code = ""
    PROVIDER_TO_SMS_FAILURE_TYPE = SmsApiBase.PROVIDER_TO_SMS_FAILURE_TYPE | {
        "not_reached": "sms_server",
        "unregistered": "sms_acc",
        "insufficient_credit": "sms_credit",
    }

    def __init__(self, env, account=None):
        super().__init__(env, account=account)
        self._settings = None

    @property
    def is_repeatable(self):
        """Whether the same key sent twice reaches the customer once."""
        return False

    def _prepare(self):
        """Read what sending needs, so that no transaction need be open meanwhile."""
        if self._settings is None:
            # keys of the provider are for administrators; sending is for who may send
            self._settings = self._read_settings(self.company.sudo())
        return self._settings

    def _read_settings(self, _company):
        return {}

    def _send_sms_batch(self, messages, delivery_reports_url=False):
        self._prepare()
        return [
            {"uuid": each["uuid"]}
            | self._send_one(each["uuid"], each["number"], message["content"])
            for message in messages
            for each in message["numbers"]
        ]

    def _send_one(self, key, number, text):
        """Send one message and return ``{"state": ..., "failure_reason": ...}``."""
        raise NotImplementedError  # how a message leaves is what providers differ in


class FileDropGateway(SmsGateway):
    """Puts each message into a file of the database's folder: for trials and for tests.

    The file has the name of the message's key, so that a repeated message is the same file.
    """

    code = "file"

    @property
    def is_repeatable(self):
        return True

    def _read_settings(self, _company):
        return {"folder": Path(config["data_dir"]) / "sms" / self.env.cr.dbname}

    def _send_one(self, key, number, text):
        folder = self._settings["folder"]
        folder.mkdir(parents=True, exist_ok=True)
        target = folder / f"{key}.json"
        unfinished = target.with_suffix(f".{os.getpid()}.part")
        message = {"id": key, "to": number, "text": text}
        unfinished.write_text(json.dumps(message, ensure_ascii=False), encoding="utf-8")
        unfinished.replace(target)
        return {"state": "success"}


class HttpGateway(SmsGateway):
    """Any provider, or a small program before it, that takes one JSON call for each message.

    ``POST`` with ``{"id", "to", "text", "from", "report_url"}``, the key as bearer token and the
    message's id once more as ``Idempotency-Key``. Any answer 2xx means taken.
    """

    code = "http"

    @property
    def is_repeatable(self):
        return self._prepare()["is_repeatable"]

    def _read_settings(self, company):
        report = f"/retail_crm/sms_report/{company.retail_sms_token}"
        return {
            "url": company.retail_sms_url,
            "secret": company.retail_sms_secret,
            "sender": company.retail_sms_sender,
            "is_repeatable": company.retail_sms_is_repeatable,
            "report_url": urljoin(company.get_base_url(), report),
        }

    def _send_one(self, key, number, text):
        settings = self._settings
        message = {"id": key, "to": number, "text": text, "report_url": settings["report_url"]}
        if settings["sender"]:
            message["from"] = settings["sender"]
        headers = {"Idempotency-Key": key}
        if settings["secret"]:
            headers["Authorization"] = f"Bearer {settings['secret']}"
        try:
            status, words = http_call.call("POST", settings["url"], json=message, headers=headers)
        except requests.RequestException as error:
            state = "not_reached" if _never_connected(error) else "unknown"
            return {
                "state": state,
                "failure_reason": http_call.without(str(error), settings["secret"]),
            }
        return self._read_answer(status, words)

    def _read_answer(self, status, words):
        if 200 <= status < 300:
            return {"state": "success"}
        if status in LATER:
            state = "not_reached"
        elif status >= 500:
            state = "unknown"  # broken on their side, before or after the message left
        else:
            state = REFUSALS.get(status, "server_error")
        words = http_call.without(words[:200].strip(), self._settings["secret"])
        return {"state": state, "failure_reason": f"HTTP {status} {words}".strip()}


def _never_connected(error):
    """Whether the provider surely saw nothing of the call."""
    if isinstance(error, requests.ConnectTimeout | requests.exceptions.InvalidURL):
        return True
    reason = getattr(error.args[0], "reason", None) if error.args else None
    return type(reason).__name__ in {"NewConnectionError", "NameResolutionError"}


#: code in the company's settings -> class
GATEWAYS = {cls.code: cls for cls in (FileDropGateway, HttpGateway)}
