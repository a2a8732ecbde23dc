"""Where everything lies. All that the programs make is below ``.local``, which git ignores."""

from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
ADDONS = ROOT / "addons"
LOCAL = ROOT / ".local"

APT = LOCAL / "apt"
CACHE = LOCAL / "cache"
DATA = LOCAL / "data"
FILESTORE = DATA / "filestore"
ODOO = LOCAL / "odoo19"
POSTGRES = LOCAL / "pg"
RUN = LOCAL / "run"
STAMPS = LOCAL / "stamps"
VENV = LOCAL / "venv"

CONFIG_TEMPLATE = ROOT / "odoo.conf"
CONFIG = LOCAL / "odoo.conf"
LOG = RUN / "setup.log"
VENV_BIN = VENV / "bin"
PYTHON = VENV_BIN / "python"
ODOO_BIN = VENV_BIN / "odoo"
