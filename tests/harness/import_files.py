"""Files for `import`, and the report that comes of them."""

import csv
import io
from pathlib import Path
from typing import Any

from tests.harness.shell import Shell

HEADER = (
    "id,date,kind,fund,func,spending,project,econ,origin,amount,"
    "to_func,to_spending,to_project,to_econ,to_origin,ref,doc,payee,purpose,name,authority,adjustment,"
    "pay_type,procurement,direct_funds,again,pending,month,reason,counterpart"
    ",contract,procurement_type,batches,persons,companions,guests,guest,category,payment,groups,"
    "destination,no,type,supplier,size,reserved,signed,due,item,count,cell,slot,text,goal,done,"
    "whole,expected,actual,level1,level2,level3,value,weight,direction,code,constraint,deduct,"
    "grade,percent,deviation,score,department"
)


REPORT = {
    "rows": int,
    "recorded": int,
    "already": int,
    "rejected": list,
    "head": dict,
}


def row(**cells: str) -> str:
    """One row of the whole header; what is not named is empty."""
    out = io.StringIO()
    csv.DictWriter(out, HEADER.split(","), lineterminator="").writerow(cells)
    return out.getvalue()


def wide(shell: Shell, *rows: str) -> Path:
    """A file with the whole header."""
    return shell.csv(*rows, header=HEADER)


def entries(shell: Shell, *filters: str) -> list[dict[str, Any]]:
    found = shell.ask("log", *filters)["entries"]
    assert isinstance(found, list)
    return found


def report(shell: Shell, path: Path, *more: str, exit: int = 0) -> dict[str, Any]:
    """Imports; the answer has the shape of the contract whatever became of it."""
    answer = shell.ask("import", str(path), *more, exit=exit)
    for name, kind in REPORT.items():
        assert type(answer[name]) is kind, name
    assert answer["ok"] is (not answer["rejected"])
    if answer["rejected"]:
        first = answer["rejected"][0]
        assert (first["code"], first["message"]) == (answer["code"], answer["message"])
    for rejected in answer["rejected"]:
        assert {"row", "column", "value", "code", "message"} <= set(rejected)
    assert isinstance(answer, dict)
    return answer


def rejected(answer: dict[str, Any], *names: str) -> list[tuple[Any, ...]]:
    return [tuple(bad[name] for name in names) for bad in answer["rejected"]]
