from odoo import models


class SmsSms(models.Model):
    _inherit = "sms.sms"

    # Odoo makes the sender of messages in two places: the queue asks the company for its class,
    # sending at once goes by _split_by_api, which knows Odoo's own provider only.

    def _split_by_api(self):
        others = self.browse()
        for company, messages in self.grouped(lambda sms: sms._get_sms_company()).items():
            if company.retail_sms_gateway:
                api = company._get_sms_api_class()(self.env)
                api._set_company(company)
                yield api, messages
            else:
                others += messages
        if others:
            yield from super(SmsSms, others)._split_by_api()

    def _send(self, unlink_failed=False, unlink_sent=True, raise_exception=False):
        """The queue takes messages of all companies together; each goes to its own provider."""
        how = {
            "unlink_failed": unlink_failed,
            "unlink_sent": unlink_sent,
            "raise_exception": raise_exception,
        }
        if self.env.context.get("sms_api"):
            return super()._send(**how)
        for api, messages in self._split_by_api():
            super(SmsSms, messages.with_context(sms_api=api))._send(**how)
        return None


class SmsTracker(models.Model):
    _inherit = "sms.tracker"

    def _action_update_from_sms_state(self, sms_state, failure_type=False, failure_reason=False):
        result = super()._action_update_from_sms_state(
            sms_state, failure_type=failure_type, failure_reason=failure_reason
        )
        if sms_state in ("sent", "error"):
            self._report_to_runs("delivered" if sms_state == "sent" else "bounced", failure_reason)
        return result

    def _action_update_from_provider_error(self, provider_error):
        result = super()._action_update_from_provider_error(provider_error)
        reason = self.env.context.get("sms_known_failure_reason") or provider_error
        self._report_to_runs("bounced", reason)
        return result

    def _report_to_runs(self, delivery, reason):
        self.env["retail.trigger.run"]._take_report(self.mapped("sms_uuid"), delivery, reason)
