from odoo.fields import Command


def make_program(env, name, code, discounts):
    """A promotion by code, with a percentage off the order as each of its rewards."""
    return env["loyalty.program"].create(
        {
            "name": name,
            "program_type": "promo_code",
            "trigger": "with_code",
            "applies_on": "current",
            "rule_ids": [Command.create({"mode": "with_code", "code": code})],
            "reward_ids": [
                Command.create(
                    {
                        "reward_type": "discount",
                        "discount": discount,
                        "discount_mode": "percent",
                        "discount_applicability": "order",
                    }
                )
                for discount in discounts
            ],
        }
    )
