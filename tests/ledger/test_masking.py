"""Numbers of persons in texts that are published."""

import pytest

from ledger.texts import masked


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("联系人13812345678。", "联系人138****5678。"),
        ("身份证11010519491231002X", "身份证110105********002X"),
        ("身份证110105194912310021", "身份证110105194912310021"),  # a wrong check digit
        ("合同HT-13812345678号", "合同HT-13812345678号"),
        ("文号138123456789", "文号138123456789"),  # 12 digits
        ("电话12812345678", "电话12812345678"),
        ("13812345678、19912345678", "138****5678、199****5678"),
        ("没有号码", "没有号码"),
    ],
)
def test_what_is_masked(text: str, shown: str) -> None:
    assert masked(text) == shown
