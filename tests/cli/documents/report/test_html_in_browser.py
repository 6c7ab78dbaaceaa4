"""The report as a person sees it: Chromium opens the file, clicks, types, prints, and a checker of
WCAG looks at it, in light and dark, wide and narrow."""

import re
from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from tests.harness.browser import browser, needs_a_browser, seen
from tests.harness.shell import Shell

pytestmark = needs_a_browser
WCAG = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]}}
EVERY_PANEL = """() => {
  const panel = document.querySelector('[role="dialog"]');
  const wrong = [];
  let opened = 0, added = 0;
  for (const element of document.querySelectorAll('[data-cell]')) {
    element.click();
    opened += 1;
    const id = element.dataset.cell, said = panel.textContent;
    const sums = panel.querySelector('[data-adds]');
    if (sums) added += 1;
    const differs = sums && sums.dataset.adds !== 'true';
    if (panel.hidden || !said.includes(id) || differs) wrong.push(id);
  }
  return { wrong, opened, added };
}"""


@pytest.fixture(scope="module")
def opened() -> Iterator[Browser]:
    with browser() as found:
        yield found


@pytest.fixture(scope="module")
def address(demonstrated: Shell, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The report of the published 2020 accounts, as a file."""
    file = tmp_path_factory.mktemp("seen") / "决算.html"
    demonstrated("report", "-o", str(file))
    return file.as_uri()


@pytest.fixture
def page(opened: Browser, address: str) -> Iterator[Page]:
    found = seen(opened, address)
    yield found.page
    assert found.console == []
    assert found.requests == [address]
    found.page.context.close()


def panel_of(page: Page) -> str:
    return page.locator("[role=dialog]").inner_text()


def test_every_figure_opens_the_panel_and_its_parts_add_up(page: Page):
    assert page.locator("[role=dialog]").count() == 1
    assert page.locator("[role=dialog]").is_hidden()
    found = page.evaluate(EVERY_PANEL)
    assert found["wrong"] == []
    assert found["opened"] > 1500
    assert found["added"] > 700


def test_a_figure_is_followed_to_its_entries(page: Page):
    page.locator("[data-cell='T5.2080102.3']").click()
    said = panel_of(page)
    assert re.search(r"[0-9,]+\.[0-9]{2} 元", said)
    assert "第 " in said and " 笔" in said
    assert page.locator("[role=dialog] .entries tr").count() > 0


def test_a_total_unfolds_down_to_its_entries(page: Page):
    page.locator("[data-cell='T1.30']").first.click()
    for _ in range(8):
        closed = page.locator("[role=dialog] details:not([open]) > summary")
        if not closed.count():
            break
        closed.first.click()
    assert page.locator("[role=dialog] .entries tr").count() > 0


def test_the_keyboard_alone_suffices(page: Page):
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.type("T1.30")
    page.keyboard.press("Enter")
    assert "T1.30" in panel_of(page)
    page.keyboard.press("Escape")
    assert page.locator("[role=dialog]").is_hidden()
    assert page.evaluate("document.activeElement.dataset.cell") == "T1.30"
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Enter")
    assert "T1.28" in panel_of(page)
    page.keyboard.press("Tab")
    page.keyboard.press("Escape")
    assert page.evaluate("document.activeElement.dataset.cell") == "T1.28"


def test_a_search_finds_rows_codes_and_what_is_printed(page: Page):
    for words, wanted in (
        ("2080102", "T5.2080102"),
        ("8,434.89", "N.s1.total"),
        ("8434.89", "T1.30"),
        ("三公", "N.s7b"),
    ):
        page.locator("input[type=search]").fill(words)
        assert wanted in page.locator("#找到").inner_text(), words
    page.locator("input[type=search]").fill("没有这样的数")
    assert "没有找到" in page.locator("#找到").inner_text()


def test_a_citation_says_where_the_number_is_from(page: Page):
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.locator("[data-cell='T1.30']").first.click()
    page.get_by_role("button", name="复制引用").click()
    page.get_by_role("button", name="已复制").wait_for()
    said = page.evaluate("navigator.clipboard.readText()")
    cited, _, head = said.rpartition(" · ")
    assert cited == "420103/2020 · T1.30 · 8,434.89 万元（84,348,932.00 元）"
    assert re.search(r"末端 [0-9a-f]{12}$", head)


def test_an_address_opens_a_figure(opened: Browser, address: str):
    found = seen(opened, f"{address}#=N.s1.change")
    assert "N.s1.change" in panel_of(found.page)
    found.page.context.close()


@pytest.mark.parametrize(("wide", "dark"), [(1440, False), (390, True)])
def test_no_fault_of_wcag(opened: Browser, address: str, wide: int, dark: bool):
    found = seen(opened, address, wide=wide, dark=dark)
    found.page.locator("[data-cell='T1.30']").first.click()
    faults = Axe().run(found.page, options=WCAG).response["violations"]
    assert [(fault["id"], fault["nodes"][0]["html"][:200]) for fault in faults] == []
    assert found.page.evaluate("document.documentElement.scrollWidth") <= wide
    assert found.console == []
    found.page.context.close()


def test_nothing_is_cut_in_print(opened: Browser, address: str):
    """Every table is no wider than its sheet, upright or across, and repeats its heading."""
    found = seen(opened, address)
    found.page.emulate_media(media="print")
    assert found.page.locator("nav").is_hidden()
    for sheet, pixels in ((":not(.wide) > .sheet", _UPRIGHT), (".wide > .sheet", _ACROSS)):
        found.page.set_viewport_size({"width": pixels, "height": 900})
        tables = found.page.locator(f".section{sheet} table").all()
        assert tables
        assert [one.evaluate("t => t.scrollWidth") for one in tables] == [pixels] * len(tables)
    assert found.page.evaluate(
        "[...document.querySelectorAll('.sheet thead')]"
        ".every((h) => getComputedStyle(h).display === 'table-header-group')"
    )
    found.page.context.close()


_UPRIGHT, _ACROSS = 178 * 96 * 10 // 254, 269 * 96 * 10 // 254
"""Pixels of a sheet of A4 between its margins."""
