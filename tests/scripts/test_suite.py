"""The parts of ``scripts/suite`` that can be tried without Odoo and PostgreSQL."""

import os
from pathlib import Path

import pytest

from suite import (
    addons,
    benchmarks,
    console,
    counts,
    detached,
    paths,
    private_apt,
    stamps,
    templates,
    testing,
)

DEB822 = """\
Types: deb
# a comment
URIs: http://mirror.invalid/debian-security
Suites: bookworm-security
Components: main

Types: deb
URIs: http://mirror.invalid/debian
Suites: bookworm bookworm-updates
Components: main contrib
Signed-By: /usr/share/keyrings/of-the-mirror.gpg
"""
ONE_LINE = """\
# deb http://old.invalid/debian bookworm main
deb [arch=amd64 signed-by=/keys/one.gpg] http://mirror.invalid/debian/ bookworm main
"""


def _apt_settings(folder: Path, name: str, text: str) -> Path:
    file = folder / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")
    return folder


def test_mirror_is_read_from_stanzas_and_not_from_the_security_one(tmp_path):
    settings = _apt_settings(tmp_path, "sources.list.d/debian.sources", DEB822)
    assert private_apt.machine_mirror(settings) == (
        "http://mirror.invalid/debian",
        "/usr/share/keyrings/of-the-mirror.gpg",
    )


def test_mirror_is_read_from_lines(tmp_path):
    settings = _apt_settings(tmp_path, "sources.list", ONE_LINE)
    found = private_apt.machine_mirror(settings)
    assert found == ("http://mirror.invalid/debian/", "/keys/one.gpg")


def test_machine_without_debian_mirror_is_told_what_to_do(tmp_path):
    settings = _apt_settings(tmp_path, "sources.list", "deb http://other.invalid/ubuntu x main\n")
    with pytest.raises(console.Fault, match="ODOO_HOME"):
        private_apt.machine_mirror(settings)


@pytest.mark.parametrize(
    ("report", "code", "text", "is_good"),
    [
        ('tests="5" failures="0" errors="0" skipped="0"', 0, "5 passed, 0 failed", True),
        (
            'tests="5" failures="1" errors="1" skipped="1"',
            1,
            "2 passed, 2 failed, 1 skipped",
            False,
        ),
        ('tests="5" failures="0" errors="0" skipped="0"', 3, "5 passed, 1 failed", False),
        ('tests="0" failures="0" errors="0" skipped="0"', 5, "0 passed, 0 failed", False),
        (None, 4, "0 passed, 1 failed", False),
    ],
)
def test_counts_make_every_kind_of_trouble_a_failure(tmp_path, report, code, text, is_good):
    file = tmp_path / "junit.xml"
    if report:
        file.write_text(f"<testsuites><testsuite {report}/></testsuites>", encoding="utf-8")
    total = counts.Counts()
    total.add(file, code)
    assert str(total) == text
    assert total.is_good == is_good


def test_paths_choose_their_part_and_the_rest_goes_to_pytest(monkeypatch):
    monkeypatch.chdir(paths.ROOT)
    chosen = testing.Selection.read(["-k", "money", "tests/scripts", "-x"])
    assert chosen.fast == ["tests/scripts"]
    assert chosen.options == ["-k", "money", "-x"]
    assert not chosen.odoo
    assert not chosen.end_to_end


def test_a_test_of_an_addon_needs_odoo_only(monkeypatch):
    monkeypatch.chdir(paths.ROOT)
    chosen = testing.Selection.read(["addons::TestShop::test_connect"])
    assert chosen.odoo == ["addons::TestShop::test_connect"]
    assert not chosen.fast


def test_without_a_path_every_part_is_chosen():
    chosen = testing.Selection.read(["-x"])
    assert str(Path(__file__).parent) in chosen.fast
    assert not any(Path(folder).name in ("odoo", "e2e", "faults") for folder in chosen.fast)
    assert [Path(folder).name for folder in chosen.faults] == ["faults"]


def test_fault_trials_are_a_part_of_their_own(monkeypatch):
    monkeypatch.chdir(paths.ROOT)
    chosen = testing.Selection.read(["tests/faults/test_two_processes.py"])
    assert chosen.faults == ["tests/faults/test_two_processes.py"]
    assert not (chosen.fast or chosen.odoo or chosen.end_to_end)


def test_a_stamp_holds_for_its_inputs_only(tmp_path, monkeypatch):
    monkeypatch.setattr(paths, "STAMPS", tmp_path / "stamps")
    stamps.mark_done("step", stamps.digest("a", "b"))
    assert stamps.is_done("step", stamps.digest("a", "b"))
    assert not stamps.is_done("step", stamps.digest("ab"))
    assert not stamps.is_done("other", stamps.digest("a", "b"))


def test_an_addon_brings_those_it_depends_on(monkeypatch):
    ours = {"crm": {"depends": ["shop", "sale"]}, "shop": {"depends": ["stock"]}, "docs": {}}
    monkeypatch.setattr(addons, "manifests", lambda: ours)
    assert addons.closure({"crm"}) == ["crm", "shop"]
    assert addons.core_dependencies() == {"sale", "stock"}
    ours["shop_kits"] = {"depends": ["shop", "mrp"], "auto_install": True}
    assert addons.bridges() == {"shop_kits"}
    assert addons.usual() == {"crm", "docs", "shop"}
    assert addons.beside(["docs", "shop"]) == ["shop_kits"]
    assert addons.beside(["docs"]) == []
    assert addons.core_dependencies() == {"sale", "stock"}
    with pytest.raises(console.Fault, match="nothing"):
        addons.closure({"nothing"})


def test_a_template_is_named_after_bridges_too_that_come_by_themselves(monkeypatch):
    ours = {"docs": {}, "docs_kits": {"depends": ["docs", "mrp"], "auto_install": True}}
    state = {"docs": "1", "docs_kits": "1"}
    monkeypatch.setattr(addons, "manifests", lambda: ours)
    monkeypatch.setattr(addons, "fingerprint", state.__getitem__)
    monkeypatch.setattr(templates, "core", lambda: "core")
    alone, both = templates._key(["docs"]), templates._key(["docs", "docs_kits"])
    assert alone != both
    state["docs_kits"] = "2"
    assert templates._key(["docs"]) not in (alone, both)


def test_fingerprint_leaves_tests_out(tmp_path, monkeypatch):
    monkeypatch.setattr(paths, "ADDONS", tmp_path)
    for name in ("models/a.py", "tests/test_a.py"):
        _apt_settings(tmp_path / "shop", name, "1")
    before = addons.fingerprint("shop")
    _apt_settings(tmp_path / "shop", "tests/test_a.py", "2")
    assert addons.fingerprint("shop") == before
    _apt_settings(tmp_path / "shop", "models/a.py", "2")
    assert addons.fingerprint("shop") != before


def test_a_fault_is_one_line_and_a_failing_exit_code(capsys):
    def program() -> int:
        raise console.Fault("Install this: then run it again.")

    with pytest.raises(SystemExit) as ended:
        console.main(program)
    assert ended.value.code == 1
    assert capsys.readouterr().err.strip().endswith(": Install this: then run it again.")


def test_a_missing_program_is_named():
    with pytest.raises(console.Fault, match="no-such-program"):
        console.run(["no-such-program"], otherwise="It failed.")


def test_only_processes_of_this_checkout_are_ours():
    assert not detached.is_ours(1)
    assert not detached.is_ours(0)
    assert detached.is_ours(os.getpid()) is (str(paths.ROOT) in _command_line())


def _command_line() -> str:
    return Path("/proc/self/cmdline").read_text(encoding="utf-8")


def test_table_shows_value_bar_and_verdict():
    rows = [
        {"name": "import", "value": 1.234567, "unit": "x", "bar": "<= 1.25", "holds": True},
        {"name": "writes", "value": 3, "unit": "calls", "bar": "0", "holds": False},
    ]
    lines = benchmarks.table(rows).splitlines()
    assert lines[1].split() == ["import", "1.23", "x", "<=", "1.25", "holds"]
    assert lines[2].split() == ["writes", "3", "calls", "0", "BROKEN"]
