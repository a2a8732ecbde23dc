"""What one check of ``scripts/lint`` found."""

import dataclasses


@dataclasses.dataclass
class Result:
    """Problems make lint fail, hints are only printed."""

    name: str
    problems: list[str] = dataclasses.field(default_factory=list)
    hints: list[str] = dataclasses.field(default_factory=list)

    def measure(self, what: str, lines: int, goal: int, wall: int) -> None:
        """Note something that is longer than the goal (hint) or the wall (problem)."""
        if lines > wall:
            self.problems.append(f"{what}: {lines} lines, {wall} are the limit")
        elif lines > goal:
            self.hints.append(f"{what}: {lines} lines, {goal} are the goal")
