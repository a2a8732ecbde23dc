"""Add up what several pytest runs report."""

import dataclasses
import xml.etree.ElementTree as ElementTree
from pathlib import Path

NO_TESTS = 5  # pytest's exit code for an empty selection


@dataclasses.dataclass
class Counts:
    """Numbers of tests; an error during set-up or collection counts as a failure."""

    passed: int = 0
    failed: int = 0
    skipped: int = 0

    def add(self, report: Path, exit_code: int) -> None:
        """Add one run: its JUnit report and pytest's exit code."""
        failed = 0
        if report.is_file():
            for suite in ElementTree.parse(report).getroot().iter("testsuite"):
                tests, bad, skipped = (
                    int(suite.get("tests", 0)),
                    int(suite.get("failures", 0)) + int(suite.get("errors", 0)),
                    int(suite.get("skipped", 0)),
                )
                failed += bad
                self.skipped += skipped
                self.passed += max(0, tests - bad - skipped)
        if exit_code not in (0, NO_TESTS) and not failed:
            failed = 1  # pytest itself broke down
        self.failed += failed

    @property
    def is_good(self) -> bool:
        """Whether something ran and nothing failed."""
        return self.passed > 0 and self.failed == 0

    def __str__(self) -> str:
        text = f"{self.passed} passed, {self.failed} failed"
        return f"{text}, {self.skipped} skipped" if self.skipped else text
