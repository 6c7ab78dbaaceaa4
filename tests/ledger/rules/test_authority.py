"""R5: the table of movements and who must approve them.

The department decides between 款 inside one functional 项, spending kind, project and economic 类;
everything else, and any rise of a 三公 item, is the finance bureau's.
"""

import pytest
from hypothesis import given as any_of
from hypothesis import strategies as st

from ledger.decisions.budget import reallocate
from ledger.events import Share
from ledger.rules.authority import authority_needed
from tests.harness.scenario import LINE, appropriated, given, line, requested, shares, with_project

BASIC = line("project=- econ=30201")
TABLE = [
    # what moves, from, to, who approves
    ("款 in one class", line("econ=30201"), line("econ=30299"), "department"),
    ("款 of a basic class", BASIC, BASIC.at_econ("30211"), "department"),
    ("from 款 to its own class", line("econ=30201"), line("econ=302"), "department"),
    ("personnel to personnel in 301", BASIC.at_econ("30101"), BASIC.at_econ("30102"), "department"),
    ("a 三公 item falls", line("econ=30217"), line("econ=30201"), "department"),
    ("non-fiscal", line("fund=nonfiscal"), line("fund=nonfiscal econ=30217"), "department"),
    ("reception of a fund", line("fund=govfund"), line("fund=govfund econ=30217"), "finance"),
    ("across economic classes", line("econ=30201"), line("econ=31002"), "finance"),
    ("from 款 to no econ", line("econ=30201"), line("econ=-"), "finance"),
    ("personnel to public use", BASIC.at_econ("30101"), BASIC, "finance"),
    ("across projects", LINE, line("project=P03"), "finance"),
    ("project to basic", LINE, line("project=-"), "finance"),
    ("basic to project", line("project=-"), LINE, "finance"),
    ("across 项", LINE, line("func=2080106"), "finance"),
    ("across 款", LINE, line("func=2080505"), "finance"),
    ("across 类", LINE, line("func=2010301"), "finance"),
    ("reception rises", line("econ=30201"), line("econ=30217"), "finance"),
    ("overseas travel rises", line("econ=30201"), line("econ=30212"), "finance"),
    ("vehicle operation rises", line("econ=30201"), line("econ=30231"), "finance"),
    ("vehicle purchase rises", line("econ=31002"), line("econ=31013"), "finance"),
    ("from one 三公 item to another", line("econ=30217"), line("econ=30231"), "finance"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("source", "target", "needed"), [row[1:] for row in TABLE], ids=[row[0] for row in TABLE]
)
def test_who_approves_a_movement(source, target, needed):
    """With the authority needed it is recorded; with less, or none, it waits for that authority and
    moves nothing."""
    scenario = given(appropriated(100_00, source)) if source.project != "P03" else given()
    scenario.book.record(with_project("P03"))
    asked = {"sources": shares((source, 100_00)), "targets": shares((target, 100_00))}
    for less in [None, "department"][: 1 if needed == "department" else 2]:
        before = str(scenario.book.state.lines)
        scenario.when(reallocate, authority=less, **asked).then(
            requested(source, target, 100_00, authority=needed)
        )
        assert before == str(scenario.book.state.lines)
    book = scenario.when(reallocate, authority=needed, **asked).allowed()
    assert needed == book.last.authority


def test_more_authority_than_needed_is_kept_as_given():
    scenario = given(appropriated(100_00))
    asked = {"sources": shares((LINE, 1)), "targets": shares((line("econ=30201"), 1))}
    book = scenario.when(reallocate, authority="finance", **asked).allowed()
    assert book.last.authority == "finance"


A, B = line("econ=30201"), line("econ=30202")
A2, B2 = line("econ=30201 func=2080106"), line("econ=30202 func=2080106")
NET = [
    ("two exchanges, each inside its 项", [(A, 5), (A2, 7)], [(B, 5), (B2, 7)], "department"),
    ("crosswise between 项, net zero each", [(A, 5), (B2, 5)], [(B, 5), (A2, 5)], "department"),
    ("crosswise, one fen over", [(A, 6), (B2, 5)], [(B, 5), (A2, 6)], "finance"),
    ("across classes, net zero each", [(A, 5), (line("econ=31002"), 5)],
     [(B, 5), (line("econ=31003"), 5)], "department"),
    ("reception in and out, same sum", [(line("econ=30217"), 5), (A2, 5)],
     [(A, 5), (line("econ=30217 func=2080106"), 5)], "department"),
    ("reception in exceeds out", [(line("econ=30217"), 5), (A2, 6)],
     [(A, 5), (line("econ=30217 func=2080106"), 6)], "finance"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("sources", "targets", "needed"), [row[1:] for row in NET], ids=[row[0] for row in NET]
)
def test_many_lines_are_judged_by_what_moves_in_the_end(sources, targets, needed):
    assert needed == authority_needed(shares(*sources), shares(*targets))[0]


LINES = st.builds(
    lambda func, project, econ: line(f"func={func} project={project} econ={econ}"),
    st.sampled_from(["2080105", "2080106", "2010301"]),
    st.sampled_from(["P02", "P03", "-"]),
    st.sampled_from(["30201", "30202", "302", "30101", "30217", "31002"]),
)


@any_of(st.lists(st.tuples(LINES, LINES, st.integers(1, 3)), min_size=1, max_size=4))
def test_what_a_department_may_do_in_one_entry_it_may_do_in_pieces(moves):
    """Netting opens no back door: if every piece is the department's, so is the whole."""
    pieces = [((Share(a, fen),), (Share(b, fen),)) for a, b, fen in moves]
    if all(authority_needed(*piece)[0] == "department" for piece in pieces):
        whole = tuple(s for p in pieces for s in p[0]), tuple(t for p in pieces for t in p[1])
        assert authority_needed(*whole)[0] == "department"
