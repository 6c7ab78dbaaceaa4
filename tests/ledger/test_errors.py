"""Input that cannot be read and damage: closed vocabularies, and the message when it is shown."""

import pickle
import re
from pathlib import Path

import pytest

from cli.exits import Machine, explained
from ledger.errors import Corrupt, Damage, Lack, Lacking, Malformed, Unreadable, Vocabulary
from ledger.refusals import Refusal
from ledger.rules.cautions import Caution

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("ledger", "projections", "cli")
VOCABULARIES: list[type[Vocabulary | Refusal | Machine]] = [
    Refusal,
    Unreadable,
    Damage,
    Lack,
    Caution,
    Machine,
]


def members_named(vocabulary: type) -> set[str]:
    """The members that stand anywhere in the source."""
    pattern = re.compile(rf"\b{vocabulary.__name__}\.([A-Z0-9_]+)\b")
    files = (path for package in PACKAGES for path in (ROOT / package).rglob("*.py"))
    return {name for path in files for name in pattern.findall(path.read_text("utf-8"))}


@pytest.mark.parametrize("vocabulary", VOCABULARIES)
def test_every_member_is_used_and_every_one_used_is_there(vocabulary):
    assert members_named(vocabulary) == set(vocabulary.__members__)


def test_a_code_stands_in_one_vocabulary_and_means_one_thing():
    codes = [member.code for vocabulary in VOCABULARIES for member in vocabulary]
    assert len(set(codes)) == len(codes)
    assert all(re.fullmatch(r"[A-Z][A-Z0-9_]*(\.[A-Z_]+)?", code) for code in codes)


@pytest.mark.parametrize("vocabulary", [Unreadable, Damage, Lack, Machine])
def test_a_member_is_named_by_its_code(vocabulary):
    for name, member in vocabulary.__members__.items():
        assert name == member.code.replace(".", "_")
    sentences = [member.sentence for member in vocabulary]
    assert len(set(sentences)) == len(sentences)
    assert all(2 < len(sentence) < 40 for sentence in sentences)


def test_bad_input_damage_and_what_is_lacking_leave_by_their_own_exits():
    wrong = [Malformed(each, field="f", value="", expected="x") for each in Unreadable]
    assert {explained(each)[0] for each in wrong} == {2}
    assert {explained(Corrupt(each, "x"))[0] for each in Damage} == {4}
    assert {explained(Lacking(each, "x", way_out="y"))[0] for each in Lack} == {5}


def malformed(value: str, *, field: str = "amount", expected: str = "金额") -> Malformed:
    return Malformed(Unreadable.AMOUNT_MALFORMED, field=field, value=value, expected=expected)


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ("", "amount：没有填写，应为金额"),
        ("x", "amount：“x”不正确，应为金额"),
        ("\x07\n\u200b", "amount：“\\x07\\x0a\\u200b”不正确，应为金额"),
        ("x" * 60, f"amount：“{'x' * 60}”不正确，应为金额"),
        ("x" * 61, f"amount：“{'x' * 57}…（共 61 个字符）”不正确，应为金额"),
    ],
)
def test_the_message_of_a_value(value, message):
    assert str(malformed(value)) == message
    assert malformed(value).value == (message[8:-9] if value else "")


def test_ascii_stands_apart_from_the_word_before_it():
    assert str(malformed("x", expected="yes | no")) == "amount：“x”不正确，应为 yes | no"


def test_a_complaint_with_its_place_is_the_same_complaint():
    wrong = malformed("x" * 61)
    placed = wrong.at("第 3 行").at("对账单.csv")
    assert (placed.code, placed.field) == ("AMOUNT.MALFORMED", "对账单.csv 第 3 行 amount")
    assert (placed.value, placed.expected) == (wrong.value, wrong.expected)
    assert placed.complaint == wrong.complaint
    assert str(placed) == f"对账单.csv 第 3 行 amount：{wrong.complaint}"
    assert wrong.field == "amount"
    assert str(wrong.about("金额")) == f"金额：{wrong.complaint}"


def test_corrupt_says_its_message_and_survives_the_way_from_another_process():
    corrupt = Corrupt(Damage.CHAIN_HASH, "第 3 笔与哈希链不符", line=4)
    there = pickle.loads(pickle.dumps(corrupt))
    for each in (corrupt, there):
        assert str(each) == "第 3 笔与哈希链不符"
        assert (each.code, each.damage, each.facts) == (
            "CHAIN.HASH",
            Damage.CHAIN_HASH,
            {"line": 4},
        )
