"""A book on disk and someone who types what a refusal says."""

import json
import shlex
import shutil
from typing import Any

import pytest

from cli.commands import COMMANDS
from cli.main import run
from ledger.decisions.closing import last_day

DATE = ("--date", "2020-06-30")


class Desk:
    """One book on disk and someone typing."""

    def __init__(self, path, capsys):
        self.path = path
        self.capsys = capsys

    def typed(self, command: str) -> tuple[int, dict[str, Any]]:
        """Runs one command line, with or without `yusuan` before it."""
        words = [word for word in shlex.split(command) if word != "yusuan"]
        two = " ".join(words[:2])
        named = COMMANDS[two if two in COMMANDS else words[0]]
        if named.chapter in _WRITING and "--date" not in words:
            words += DATE
        self.capsys.readouterr()
        with pytest.raises(SystemExit) as left:
            run([*words, "--db", str(self.path), "--json"])
        return int(left.value.code or 0), json.loads(self.capsys.readouterr().out)

    def did(self, *commands: str) -> "Desk":
        """Commands that must succeed."""
        for command in commands:
            exit_code, answer = self.typed(command)
            assert exit_code == (6 if answer.get("pending") else 0), (command, answer)
        return self

    def copied(self) -> "Desk":
        copy = self.path.with_name(f"copy of {self.path.name}")
        shutil.copyfile(self.path, copy)
        return Desk(copy, self.capsys)


def locked_through(month: int) -> list[str]:
    """What locks the months of 2020 up to one, in their order."""
    return [f"lock-month {each} --date {last_day(2020, each)}" for each in range(1, month + 1)]


_WRITING = {"账套与项目", "预算与指标", "收支与更正"}


def with_option(command: str, option: str) -> str:
    """The command with options as the way out says them, in place of those it had."""
    words, said = shlex.split(command), shlex.split(option)
    if len(said) == 1:  # an option that says itself
        return shlex.join([*words, *said])
    for name in said[::2]:
        while name in words:
            del words[words.index(name) : words.index(name) + 2]
    return shlex.join([*words, *said])
