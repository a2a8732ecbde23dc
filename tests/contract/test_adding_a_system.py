"""Adding a shop system: one folder, one line; see `toy_world`."""

from __future__ import annotations

from pathlib import Path

import toy_world

from shopapi.registry import adapter_class, simulator_class, system_titles


def test_a_new_system_is_one_folder_and_one_line_in_the_registry() -> None:
    assert ("toy", "Toy") in system_titles()
    assert adapter_class("toy").system == simulator_class("toy").system == "toy"
    folder = Path(toy_world.__file__).parent / "toy_systems"
    assert [each.name for each in folder.iterdir() if not each.name.startswith("_")] == ["toy"]
