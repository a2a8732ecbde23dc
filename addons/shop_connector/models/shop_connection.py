"""How a shop is reached, who may ask for it, and what people are told when it does not answer."""

import logging
from dataclasses import replace

from odoo import fields, models
from odoo.exceptions import AccessError, UserError

from ..shopapi.adapter import Credentials, ShopOptions
from ..shopapi.errors import AuthError, ShopError, Unreachable
from ..shopapi.registry import adapter_class

_logger = logging.getLogger(__name__)


class ShopShop(models.Model):
    _inherit = "shop.shop"

    def _open_adapter(self, read_only=False):
        """The adapter of this shop, to be used in a ``with``; ``read_only``: it cannot write.

        The one place where the key is read: whoever may synchronise need not be allowed to see it.
        """
        self.ensure_one()
        secrets = self.sudo()
        if not secrets.api_key:
            raise AuthError(self.env._("No API key has been entered for this shop."))
        credentials = Credentials(
            base_url=self.base_url.rstrip("/"),
            api_key=secrets.api_key,
            api_secret=secrets.api_secret or None,
            media_login=secrets.media_login or None,
        )
        settings = replace(self._http_settings(), read_only=read_only)
        return adapter_class(self.system)(credentials, settings, self._adapter_options())

    def _adapter_options(self):
        """Which part of the shop is ours."""
        return ShopOptions(root_category=self.root_category or None)

    def action_connect(self):
        """Try address and key, read the shop's codes and propose the mappings."""
        for shop in self:
            shop._check_manager()
            try:
                with shop._open_adapter() as adapter:
                    shop._end_transaction()
                    info = adapter.probe()
            except ShopError as error:
                raise UserError(shop._explain(error)) from error
            if info.missing_rights:
                raise UserError(
                    self.env._(
                        "The key may not use these parts of the shop: %s. Give it the rights in "
                        "the shop's back office and connect again.",
                        ", ".join(info.missing_rights),
                    )
                )
            # proposals look at taxes, journals, carriers: not all of them are the manager's to read
            self.env["shop.sync.connect"].sudo()._connect(shop.sudo(), info)
        return True

    def action_disconnect(self):
        """Stop exchanging; links and mappings stay."""
        self._check_manager()
        self.write({"state": "draft"})

    def _check_manager(self):
        if not self.env.su and not self.env.user.has_group(
            "shop_connector.group_shop_connector_manager"
        ):
            raise UserError(self.env._("Only an administrator of the web shops can do this."))
        self.check_access("write")

    def _check_user(self):
        if not self.env.su and not self.env.user.has_group(
            "shop_connector.group_shop_connector_user"
        ):
            raise AccessError(self.env._("Only users of the web shops can do this."))
        self.check_access("read")

    def _explain(self, error):
        """An error of the shop as a sentence for a person, saying what to do next."""
        advice = self._advice(error.reason)
        if advice:
            return f"{advice}\n{error}"
        if isinstance(error, AuthError):
            return self.env._(
                "The shop did not let us in: %s\nCheck the address and the key in the shop's back "
                "office.",
                error,
            )
        if isinstance(error, Unreachable):
            return self.env._(
                "The shop does not answer: %s\nCheck the address and whether the shop is open in a "
                "browser.",
                error,
            )
        return self.env._("The shop's answer was not usable: %s", error)

    def _advice(self, reason):
        """What a person has to do about a failure whose reason is known, None otherwise."""
        advice = {
            "address": self.env._(
                "There is no web service of this shop system at the address. Enter the address at "
                "which customers find the shop, with its folder if it has one."
            ),
            "credentials": self.env._(
                "Enter the address without user name and password; the key alone opens the shop."
            ),
            "redirect": self.env._(
                "The shop has another address and sends us there. Enter the address that stands in "
                "the browser when you look at the shop, with or without www."
            ),
            "key": self.env._(
                "The shop did not let us in. Check the address and the key in the shop's back "
                "office: it must be switched on and copied whole."
            ),
            "switched_off": self.env._(
                "The web service of the shop is switched off. Switch it on in the shop's back "
                "office and try again."
            ),
            "tls": self.env._(
                "The shop's certificate is not valid, so the key would not be safe on its way. Ask "
                "whoever hosts the shop to renew it, or check the name in the address."
            ),
        }
        return advice.get(reason)

    def _report_failure(self, error):
        """The one writer of what went wrong with a whole shop, where people see it."""
        self.ensure_one()
        values = {"last_error": self._explain(error)}
        if isinstance(error, AuthError):
            values |= {"state": "blocked", "unreachable_since": False}
        elif not self.unreachable_since:
            values["unreachable_since"] = fields.Datetime.now()
        first = self.state != "blocked" and isinstance(error, AuthError)
        # a shop that stays away is tried every minute: write only what is news
        self.write({name: value for name, value in values.items() if self[name] != value})
        if first:
            self.activity_schedule(
                "shop_connector.mail_activity_decision",
                summary=self.env._("The web shop refuses our key"),
                note=values["last_error"],
                user_id=(self.user_id or self.env.user).id,
            )
        _logger.warning("Web shop %s: %s", self.name, error)

    def _report_success(self):
        """The shop answers: take down what said otherwise."""
        self.ensure_one()
        if self.unreachable_since or self.last_error:
            self.write({"unreachable_since": False, "last_error": False})
