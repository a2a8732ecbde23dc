"""What every run of the addons' tests needs."""

import os
from unittest.mock import patch

import pytest


@pytest.fixture(scope="session", autouse=True)
def keep_attachments():
    """Let two processes share one folder of attachments.

    Each has a database of its own; after each class Odoo deletes the files that its database does
    not know, which are those that a test of the other process has just made.
    """
    if "PYTEST_XDIST_WORKER" not in os.environ:
        yield
        return
    from odoo.tests.common import TransactionCase

    with patch.object(TransactionCase, "_gc_filestore"):
        yield
