"""The shop systems there are: one line here for each folder below ``systems``."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from .adapter import ShopAdapter

if TYPE_CHECKING:
    from .simulation import ShopSimulator

#: code of the system -> name of its folder
SYSTEMS: dict[str, str] = {
    "prestashop": "prestashop",
    "woocommerce": "woocommerce",
}


def _folder(system: str) -> str:
    try:
        return SYSTEMS[system]
    except KeyError:
        known = ", ".join(sorted(SYSTEMS))
        raise LookupError(f"No shop system {system!r}. There are: {known}.") from None


def adapter_class(system: str) -> type[ShopAdapter]:
    """The adapter of a system. Raises LookupError when there is no such system."""
    module = import_module(f".systems.{_folder(system)}", __package__)
    adapter: type[ShopAdapter] = module.Adapter
    return adapter


def simulator_class(system: str) -> type[ShopSimulator]:
    """The simulated shop of a system, for tests and demonstrations (loaded only when asked for)."""
    module = import_module(f".systems.{_folder(system)}.simulator", __package__)
    simulator: type[ShopSimulator] = module.Simulator
    return simulator


def system_titles() -> list[tuple[str, str]]:
    """(code, name on screen) of every system, for a selection field."""
    return [(code, adapter_class(code).title) for code in SYSTEMS]
