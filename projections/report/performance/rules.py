"""How an edition scores: performance.toml as a value. Points and percents are whole numbers."""

from collections.abc import Iterator
from typing import Annotated

import msgspec

from ledger.kinds import Grade
from ledger.toml import Where, Wrong
from projections.report.form import Label

Points = Annotated[int, msgspec.Meta(ge=0, le=100)]
Percent = Annotated[int, msgspec.Meta(ge=0, le=100)]


class Section(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A 一级指标 of a form, and the points that its rows come to."""

    name: Label
    weight: Points
    also: tuple[Label, ...] = ()
    """Other names under which rows of it stand."""
    optional: bool = False
    """Whether a form may be without it (满意度): then the others have its points."""


class FormRules(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One kind of form: its title, the points of the execution rate, and those of its sections."""

    title: Label
    execution: Points
    section: Annotated[tuple[Section, ...], msgspec.Meta(min_length=1)]

    def wrong(self, where: Where) -> Iterator[Wrong]:
        """Points that do not come to a hundred, and names that are not clear."""
        points = self.execution + sum(section.weight for section in self.section)
        if points != _ALL:
            expected = f"与各 section 的 weight 合计 {_ALL}（现为 {points}）"
            yield Wrong((*where, "execution"), str(self.execution), expected)
        known: set[str] = set()
        for position, section in enumerate(self.section):
            place = (*where, "section", position)
            others: list[tuple[Where, str]] = [
                ((*place, "also", at), name) for at, name in enumerate(section.also)
            ]
            for at, name in [((*place, "name"), section.name), *others]:
                if short(name) in known:
                    yield Wrong(at, name, "每个名称一次")
                known.add(short(name))

    def section_of(self, level1: str) -> Section | None:
        """The section of a 一级指标, with or without the word 指标."""
        wanted = short(level1)
        for section in self.section:
            if wanted in map(short, (section.name, *section.also)):
                return section
        return None


_ALL = 100


def short(level1: str) -> str:
    """A 一级指标 without the word 指标, which some write and others do not."""
    return "".join(level1.split()).removesuffix("指标")


class Quality(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A grade of a row that words describe: from how many to how many percent of the weight it
    earns, and how many where that is not said."""

    grade: Grade
    name: Label
    least: Percent
    most: Percent
    default: Percent | None = None


class ExecutionTier(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """From how many percent executed how many percent of the weight are earned."""

    least: Percent
    share: Percent


class GradeRule(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a form is called that has at least so many points."""

    name: Label
    least: Points


class ScoringRules(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """All of it."""

    whole: FormRules
    project: FormRules
    quality: Annotated[tuple[Quality, ...], msgspec.Meta(min_length=1)]
    grade: Annotated[tuple[GradeRule, ...], msgspec.Meta(min_length=1)]
    overshoot_percent: Annotated[int, msgspec.Meta(ge=100, le=10_000)]
    """Beyond how many percent of a target it is asked whether the target was too low."""
    cap: Points
    """The most points where something serious was disclosed (约束性指标)."""
    execution: tuple[ExecutionTier, ...] = ()
    """The tiers of the execution rate; without any the score is in proportion to it."""

    def wrong(self) -> Iterator[Wrong]:
        """What the types do not say."""
        yield from self.whole.wrong(("whole",))
        yield from self.project.wrong(("project",))
        grades = [tier.grade for tier in self.quality]
        for position, tier in enumerate(self.quality):
            where: Where = ("quality", position)
            if tier.grade in grades[:position]:
                yield Wrong((*where, "grade"), tier.grade, "每档一次")
            if tier.least > tier.most:
                yield Wrong((*where, "least"), str(tier.least), f"不大于 most（{tier.most}）")
            elif tier.default is not None and not tier.least <= tier.default <= tier.most:
                expected = f"{tier.least} 至 {tier.most}"
                yield Wrong((*where, "default"), str(tier.default), expected)
        for key, leasts in (
            ("grade", [each.least for each in self.grade]),
            ("execution", [each.least for each in self.execution]),
        ):
            for position, least in enumerate(leasts):
                if least in leasts[:position]:
                    yield Wrong((key, position, "least"), str(least), "每档一次")

    def of(self, *, whole: bool) -> FormRules:
        """Those of the form of the whole unit, or of a project."""
        return self.whole if whole else self.project

    def called(self, points_hundredths: int) -> str:
        """The grade of so many hundredths of a point; the lowest where none is low enough."""
        best_first = sorted(self.grade, key=lambda grade: -grade.least)
        earned = (each.name for each in best_first if points_hundredths >= each.least * 100)
        return next(earned, best_first[-1].name)
