"""What has to happen besides loading files when the addon comes or goes."""


def uninstall_hook(env):
    """Take the shops' runners away: their scheduled actions would call a model that is gone."""
    env["shop.shop"].with_context(active_test=False).search([]).cron_id.unlink()
