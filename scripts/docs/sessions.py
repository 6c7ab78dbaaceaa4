"""The sessions of READMEs and tours: run again, and compared but for what no two share."""

import os
import re
import shutil
import subprocess
import sysconfig
import tempfile
from collections.abc import Iterator, Sequence
from datetime import date

from scripts.docs.markdown import Unusable

TERMINAL = {"COLUMNS": "100", "NO_COLOR": "1", "TERM": "dumb"}
SESSION_SECONDS = 300
ACTOR = "李会计"
SHOWN_FOLDER = "/tmp/yusuan"
_TIME = r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:\d\d)?"
_VOLATILE = re.compile(
    "|".join(
        (
            _TIME,
            r"(?<=-)(?:[0-9A-Z]{4}-){5}[0-9A-Z*~$=]",  # a seal, but for its number of entries
            r"\b(?=[0-9]*[a-f])[0-9a-f]{8,}\b",  # hex; without a letter it may be an amount,
            r"\b(?:[0-9]{12}|[0-9]{64})\b",  # unless it is as long as a shown hash
            r"\b\d+(?:\.\d+)?(?= 秒| seconds?\b| s\b)",
            r"\b[\d,]+(?= 字节| bytes\b)",
            r"\b\d+(?:\.\d+){2,}\b",  # a version
        )
    ),
    re.ASCII,
)


def masked(text: str) -> str:
    """An output without what differs from run to run."""
    return _VOLATILE.sub("…", text)


def sessions(text: str) -> str:
    """The text with the outputs of its sessions as they are now. Where they differ only in what is
    volatile, all stay; else all are of one run, so that hashes and seals fit each other."""
    parts = list(split(text))
    outputs = played([command for command, _ in parts if command])
    olds = [old for command, old in parts if command]
    if list(map(masked, olds)) == list(map(masked, outputs)):
        return text
    fresh = iter(outputs)
    return "".join(f"$ {command}\n{next(fresh)}" if command else old for command, old in parts)


def split(text: str) -> Iterator[tuple[str, str]]:
    """The parts of a document in order: prose as ("", prose), a command as (command, output)."""
    inside, command, held = False, "", ""
    for number, line in enumerate(text.splitlines(keepends=True), 1):
        if inside and (line.startswith("$ ") or line.rstrip() == "```"):
            yield command, held
            inside = line.rstrip() != "```"
            command, held = (line[2:].strip(), "") if inside else ("", line)
            if command.endswith("\\") or (inside and not command):
                raise Unusable(f"line {number}: a command is one whole line")
            continue
        if inside and not command:
            raise Unusable(f"line {number}: a session begins with a command, `$ …`")
        held += line
        if not inside and line.strip().startswith("```console"):
            if line.rstrip() != "```console":
                raise Unusable(f"line {number}: a session is fenced by ```console alone")
            yield "", held
            inside, command, held = True, "", ""
    if inside:
        raise Unusable("the last session has no end")
    yield "", held


def played(commands: Sequence[str]) -> list[str]:
    """What each command prints, all in one shell and one new folder."""
    if not commands:
        return []
    environment = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("YUSUAN_", "LC_", "LANG", "PYTHON", "BASH"))
    }
    environment |= TERMINAL | {
        "PATH": os.pathsep.join((sysconfig.get_path("scripts"), os.environ["PATH"])),
        "LANG": "C.UTF-8",
        "YUSUAN_ACTOR": ACTOR,
        "PYTHONUNBUFFERED": "1",  # stdout and stderr in the order in which they were written
    }
    if shutil.which("yusuan", path=environment["PATH"]) is None:
        raise Unusable("no `yusuan` beside this Python: install the project first")
    with tempfile.TemporaryDirectory(prefix="yusuan-docs-") as folder:
        script = "exec 2>&1\n" + "".join(f"printf '\\036'\n{command}\n" for command in commands)
        ran = subprocess.run(
            ["bash", "--noprofile", "--norc", "-c", script],
            cwd=folder,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            errors="backslashreplace",
            timeout=SESSION_SECONDS,
            check=False,
        )
    before, *outputs = ran.stdout.replace(folder, SHOWN_FOLDER).split("\036")
    if before or len(outputs) != len(commands):
        raise Unusable(f"the shell stopped before the last command:\n{ran.stdout[-2000:]}")
    outputs = [f"{output.rstrip()}\n" if output.strip() else "" for output in outputs]
    wrong = list(unrepeatable(commands, outputs))
    if wrong:
        raise Unusable("; ".join(wrong))
    return outputs


def unrepeatable(commands: Sequence[str], outputs: Sequence[str]) -> Iterator[str]:
    """The outputs that will be others tomorrow, or cannot stand in a block."""
    today = date.today().isoformat()
    asked = today in "".join(commands)
    for command, output in zip(commands, outputs, strict=True):
        if today in re.sub(_TIME, "", output) and not asked:
            yield f"`{command}` shows the day on which it ran; write a --date"
        if re.search(r"^(\$ |```)", output, re.MULTILINE):
            yield f"`{command}` prints what would end its block"
