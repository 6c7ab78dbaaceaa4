"""执行进度 as text."""

from cli.text.columns import Row, table
from cli.text.parts import LIGHT_NAMES, heading
from ledger.money import percent, yuan
from projections.answers import DepartmentHeader, Header
from projections.questions.progress import LinePace, Pace, Progress, ProjectPace


def progress(header: Header, answer: Progress) -> str:
    """执行进度: every project, below it the lines that lag, below the table the hints."""

    of_units = ["账套"] if isinstance(header, DepartmentHeader) else []

    def row(code: str, name: str, figures: Pace | ProjectPace | LinePace, book: str = "") -> Row:
        return (
            *([book] if of_units else []),
            code,
            name,
            yuan(figures.annual_budget_fen),
            yuan(figures.executed_fen),
            percent(figures.rate),
            percent(figures.gap),
            LIGHT_NAMES[figures.light],
            percent(figures.december_share),
        )

    rows, hints = [], []
    for project in answer.projects:
        book = project.book or ""
        rows.append(row(project.project, project.name, project, book))
        if project.hints:
            said = "；".join(hint.message for hint in project.hints)
            hints.append(f"{book} {project.project} {project.name}：{said}".lstrip())
        rows += [
            row("", f"　{line.line}", line)
            for line in project.lines
            if line.light in ("yellow", "red")
        ]
    head: Row = (
        *of_units,
        "项目",
        "名称或预算线",
        "全年预算",
        "执行数",
        "执行率",
        "较序时",
        "灯",
        "12月占比",
    )
    title = f"执行进度（至 {answer.date or '—'}，序时进度 {percent(answer.time_progress)}）"
    words = len(of_units)
    left = {*range(words), words, 1 + words, 6 + words}
    foot = row("", "", answer.totals, "合计") if words else row("合计", "", answer.totals)
    shown = table(head, rows, left=left, foot=foot)
    return "\n".join([heading(header, title), shown, *([""] if hints else []), *hints])
