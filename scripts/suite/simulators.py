"""Open a simulated shop of any system, through the registry of the pure layer."""

import errno
import sys
from contextlib import AbstractContextManager
from typing import Any

from suite import paths
from suite.console import Fault


def open_simulator(
    system: str, *, port: int = 0, version: str | None = None, seed: str = "demo"
) -> AbstractContextManager[Any]:
    """Start a simulated shop and return it; it stops at the end of the ``with`` block.

    Must run in the project's Python environment. Raises Fault for an unknown system, version or a
    taken port.
    """
    folder = str(paths.ADDONS / "shop_connector")
    if folder not in sys.path:
        sys.path.insert(0, folder)
    from shopapi.registry import simulator_class

    try:
        simulator = simulator_class(system)
        shop = simulator(port=port, seed=seed, **({"version": version} if version else {}))
        return shop.start()
    except (LookupError, ValueError) as error:
        raise Fault(f"{error.args[0] if error.args else error}") from error
    except OSError as error:
        if error.errno != errno.EADDRINUSE:
            raise
        raise Fault(f"Port {port} is taken: choose another by --port.") from error
