"""What is measured, what design §9 asks of it, and all its runs."""

from typing import NamedTuple

from scripts.benchmarks.processes import Run


class Target(NamedTuple):
    """What design §9 asks for at one size."""

    size: int
    seconds: float
    peak_mb: float | None = None


class Operation(NamedTuple):
    """What is measured: its name in the report, the floor it is compared with, its targets."""

    name: str
    floor: str | None = None
    targets: tuple[Target, ...] = ()


class Measured(NamedTuple):
    """All runs of one operation at one size; the figures are of the best run."""

    operation: Operation
    size: int
    runs: list[Run]

    @property
    def wall(self) -> float:
        """The shortest run: what disturbs a run only makes it longer."""
        return min(run.wall for run in self.runs)

    @property
    def median(self) -> float:
        """The middle run, the lower one of two."""
        return sorted(run.wall for run in self.runs)[(len(self.runs) - 1) // 2]

    @property
    def cpu(self) -> float:
        """The least CPU time, user and system."""
        return min(run.cpu for run in self.runs)

    @property
    def peak_mb(self) -> float:
        """The largest peak memory."""
        return max(run.peak_mb for run in self.runs)

    @property
    def failure(self) -> str:
        """What the first failed run said; empty if all succeeded."""
        return next((run.failure for run in self.runs if run.failure), "")

    def told(self, name: str) -> str:
        """One line for who waits."""
        return f"{self.size:>9,}  {name:<40}{seconds(self.wall):>9} s  {self.failure}".rstrip()

    def verdict(self) -> tuple[str, str]:
        """The target at this size and whether it is met; both empty where design §9 has none."""
        for target in self.operation.targets:
            if target.size == self.size:
                asked = f"≤ {target.seconds:g} s"
                met = self.wall <= target.seconds and not self.failure
                if target.peak_mb is not None:
                    asked += f", ≤ {target.peak_mb:g} MB"
                    met = met and self.peak_mb <= target.peak_mb
                return asked, "met" if met else "**not met**"
        return "", ""


def seconds(figure: float) -> str:
    """Three digits, as a report shows a time."""
    return f"{figure:.3f}" if figure < 1 else f"{figure:.2f}" if figure < 10 else f"{figure:.1f}"
