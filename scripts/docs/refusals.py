"""ledger/REFUSALS.md: every code that `yusuan` can answer with."""

from collections.abc import Iterable
from string import Formatter

import cli.exits
from cli.exits import Machine
from ledger.errors import Corrupt, Damage, Lack, Lacking, Malformed, Unreadable, Vocabulary
from ledger.refusals import Refusal, Refused
from ledger.rules.cautions import Caution
from scripts.docs.markdown import code, document, table


def refusals(_: str = "") -> str:
    """Every code that `yusuan` can answer with."""
    return document(
        "# Refusals, and the other codes",
        "Every answer but a good one has a code, which is never renamed: `错误 CODE：…` on stderr, "
        '`"code"` with `--json`. Nothing was recorded. In braces stand the figures. In the code a '
        "code is a member of one of the vocabularies named below; where it is used, a search for "
        "that name says.",
        f"## Refused by a rule\n\n{code('Refusal')}. Exit {exit_of(*map(refused, Refusal))}. In "
        "the order of checking: of several reasons the first is given.",
        table(
            ("", "code", "rule", "sentence", "member"),
            (
                (str(place), code(each.code), each.rule, each.value.sentence, code(each.name))
                for place, each in enumerate(Refusal, 1)
            ),
        ),
        f"## Input that cannot be read\n\n{code('Unreadable')}. Exit "
        f"{exit_of(*map(unreadable, Unreadable))}. The message names the field, what was "
        "typed, and what would be right.",
        vocabulary(Unreadable),
        f"## Cautions\n\n{code('Caution')}. Recorded all the same (提醒); the exit code does not "
        "change.",
        vocabulary(Caution),
        f"## A book that contradicts itself\n\n{code('Damage')}. Exit "
        f"{exit_of(*(Corrupt(each, '') for each in Damage))}. The message says where; "
        "`yusuan audit` says more.",
        vocabulary(Damage),
        f"## A machine that lacks something\n\n{code('Lack')}. Exit "
        f"{exit_of(*(Lacking(each, '', way_out='') for each in Lack))}. The way out says how one "
        "gets it.",
        vocabulary(Lack),
        f"## The command line and the machine\n\n{code('Machine')}.",
        table(
            ("code", "what is wrong", "exit"),
            ((code(each.code), each.sentence, str(each.exit)) for each in Machine),
        ),
    )


def exit_of(*errors: BaseException) -> int:
    """What the command line makes of these errors, asked and not assumed: the same of all."""
    (exit,) = {cli.exits.explained(error)[0] for error in errors}
    return exit


def refused(refusal: Refusal) -> Refused:
    """A refusal, its figures called by their names."""
    names = (name for _, name, _, _ in Formatter().parse(refusal.value.sentence) if name)
    facts = {name: name for name in names}
    return Refused(refusal, ways_out=(), about=None, **facts)


def unreadable(member: Unreadable) -> Malformed:
    """Input that cannot be read."""
    return Malformed(member, field="", value="", expected="")


def vocabulary(members: Iterable[Vocabulary]) -> str:
    """The codes of a vocabulary, sorted, and what each means."""
    ordered = sorted(members, key=lambda each: each.code)
    return table(("code", "what is wrong"), ((code(each.code), each.sentence) for each in ordered))
