"""Pieces of a Word file. A text of somebody else's goes through `run` and is a text: no markup, no
field, no character that turns the order of what is read.
"""

from collections.abc import Iterable, Iterator

from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.oxml.xmlchemy import BaseOxmlElement

from ledger.texts import escaped

Element = BaseOxmlElement


def element(tag: str, *children: Element, **said: str | int) -> Element:
    """`<w:tag w:said="…">` with what is in it."""
    made = OxmlElement(f"w:{tag}")
    for name, value in said.items():
        made.set(qn(f"w:{name}"), str(value))
    made.extend(children)
    return made


def run(text: str, *properties: Element) -> Element:
    """A text; a line feed in it is a line break."""
    made = element("r", *([element("rPr", *properties)] if properties else []))
    for at, line in enumerate(escaped(text).split("\n")):
        if at:
            made.append(element("br"))
        written = element("t")
        written.text = line
        written.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
        made.append(written)
    return made


def tab() -> Element:
    """A run that goes to the next tab stop."""
    return element("r", element("tab"))


def paragraph(style: str, *content: Element, properties: Iterable[Element] = ()) -> Element:
    """A paragraph of a style of the template; `properties` are in the order of the schema."""
    said = element("pPr", element("pStyle", val=style), *properties)
    return element("p", said, *content)


def field(code: str, shown: str = "") -> Iterator[Element]:
    """The runs of a field. `code` is never a text of somebody else's."""
    yield from begun(code)
    if shown:
        yield run(shown)
    yield ended()


def begun(code: str) -> Iterator[Element]:
    """What stands before what a field shows."""
    yield element("r", element("fldChar", fldCharType="begin"))
    instruction = element("instrText")
    instruction.text = f" {code} "
    instruction.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
    yield element("r", instruction)
    yield element("r", element("fldChar", fldCharType="separate"))


def ended() -> Element:
    """What stands behind what a field shows."""
    return element("r", element("fldChar", fldCharType="end"))
