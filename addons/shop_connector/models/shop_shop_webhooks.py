"""Systems that let us make their webhooks ourselves, and logins that some need besides the key."""

from datetime import timedelta
from urllib.parse import urlsplit

from odoo import api, fields, models

from ..shopapi.errors import AuthError, DataError
from ..shopapi.registry import adapter_class

#: a webhook that was switched off is seen within an hour; until then orders come by the poll
_CHECK = timedelta(hours=1)
_PORTS = {None, 80, 443, 8080}


class ShopShop(models.Model):
    # one idea a file: pylint would rather have one class of 700 lines
    _inherit = "shop.shop"  # pylint: disable=consider-merging-classes-inherited

    media_login = fields.Char(
        "Application Password",
        groups="base.group_system",
        copy=False,
        help="User name, a colon and an application password of that user: opens the shop's "
        "library, where pictures go. Without it no pictures are sent.",
    )
    needs_media_login = fields.Boolean(compute="_compute_webhook_capabilities")
    has_own_hooks = fields.Boolean(compute="_compute_webhook_capabilities")
    hooks_checked_at = fields.Datetime("Webhooks Checked On", readonly=True, copy=False)
    hook_problem = fields.Text("Webhook Problem", readonly=True, copy=False)
    hook_warning = fields.Char(compute="_compute_hook_warning")

    @api.depends("system")
    def _compute_webhook_capabilities(self):
        for shop in self:
            able = adapter_class(shop.system).capabilities if shop.system else None
            shop.needs_media_login = bool(able and able.needs_media_login)
            shop.has_own_hooks = bool(able and able.own_hooks)

    @api.depends("system")
    def _compute_hook_warning(self):
        for shop in self:
            parts = urlsplit(shop.hint_url or "")
            is_near = (parts.hostname or "") in ("localhost", "127.0.0.1")
            warned = shop.has_own_hooks and (is_near or parts.port not in _PORTS)
            shop.hook_warning = warned and self.env._(
                "Most shops call public addresses on port 80, 443 or 8080 only. At %s nothing may "
                "ever arrive; orders then come with the next poll, within about a minute.",
                f"{parts.hostname}:{parts.port or 80}",
            )

    def action_ensure_hooks(self):
        """Make and repair the shop's webhooks now."""
        self._check_manager()
        for shop in self:
            with shop._open_adapter() as adapter:
                shop._ensure_hooks(adapter)
        return True

    def action_new_hint_secret(self):
        result = super().action_new_hint_secret()
        # the shop has to be told before it calls the next time
        self.hooks_checked_at = False
        self._wake()
        return result

    def _poll_more(self, adapter, tally):
        result = super()._poll_more(adapter, tally)
        now = fields.Datetime.now()
        if not self.hooks_checked_at or self.hooks_checked_at + _CHECK <= now:
            self._ensure_hooks(adapter)
        return result

    def _ensure_hooks(self, adapter):
        """See that the shop calls us; what hinders it is told here, orders come by the poll."""
        if not adapter.capabilities.own_hooks:
            return
        url, secret = self.hint_url, self.sudo().hint_secret
        self._end_transaction()
        problem = False
        try:
            adapter.ensure_hooks(url, secret)
        except (AuthError, DataError) as error:
            # a key that may only read still reads orders
            problem = self._explain(error)
        self.hooks_checked_at = fields.Datetime.now()
        if self.hook_problem != problem:
            self.hook_problem = problem
        self._end_transaction()
