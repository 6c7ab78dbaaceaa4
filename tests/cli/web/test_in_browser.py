"""The pages as a person sees them: Chromium opens the address that `yusuan serve` prints, follows
links by mouse and keyboard, fills in a form, and a checker of WCAG looks on."""

from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from tests.harness.browser import Seen, browser, needs_a_browser, seen
from tests.harness.pages import Serving, served
from tests.harness.shell import Shell

pytestmark = needs_a_browser
WCAG = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]}}
LOOKED_AT = (
    *("/", "/balance", "/progress", "/three-public", "/carry-ageing", "/log", "/show/100"),
    *("/tables", "/table/1", "/table/4", "/explain/T1.57", "/narrative", "/performance"),
    *("/check", "/pending", "/opening", "/books", "/roll-up", "/audit"),
    "/statement/general:2080105:project:P02:-:2020",
)


class Opened:
    """A browser with a server before which it was let in."""

    def __init__(self, of: Browser, server: Serving) -> None:
        self.browser, self.server = of, server
        first = seen(of, server.address)
        assert first.page.url == f"{server.base}/"
        assert first.console == []
        self.state = first.page.context.storage_state()
        first.page.context.close()

    def page(self, path: str, *, wide: int = 1440, dark: bool = False) -> Seen:
        """A page of a width, in the light or in the dark."""
        return seen(self.browser, self.server.base + path, wide=wide, dark=dark, state=self.state)


@pytest.fixture(scope="module")
def opened(demonstrated: Shell) -> Iterator[Opened]:
    with browser() as found, served(demonstrated.db) as server:
        yield Opened(found, server)


@pytest.fixture
def page(opened: Opened) -> Iterator[Page]:
    found = opened.page("/")
    yield found.page
    assert found.console == []
    assert all(each.startswith(opened.server.base) for each in found.requests)
    found.page.context.close()


def test_the_address_is_good_once(opened: Opened):
    stranger = opened.browser.new_context().new_page()
    for path in ("/", "/balance", "/log.json"):
        answer = stranger.goto(opened.server.base + path)
        assert answer is not None and answer.status == 403
    used = stranger.goto(opened.server.address)
    assert used is not None and used.status == 403
    assert "420103" not in stranger.content()
    stranger.context.close()


def test_the_cookie_is_for_this_place_alone(opened: Opened):
    (cookie,) = opened.state["cookies"]
    assert (cookie["httpOnly"], cookie["sameSite"]) == (True, "Strict")
    assert cookie["name"] == f"yusuan-{opened.server.port}" and cookie["domain"] == "127.0.0.1"


@pytest.mark.parametrize(("wide", "dark"), [(1440, False), (390, True)])
def test_every_page_fits_and_complains_of_nothing(opened: Opened, wide: int, dark: bool):
    found = opened.page("/", wide=wide, dark=dark)
    for path in LOOKED_AT:
        found.page.goto(opened.server.base + path)
        beyond = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        assert found.page.evaluate(beyond) <= 0, path
        assert found.page.locator("h1").inner_text()
    assert found.console == []
    assert all(each.startswith((opened.server.base, "data:")) for each in found.requests)
    found.page.context.close()


@pytest.mark.parametrize("path", ["/", "/explain/T1.57"])
@pytest.mark.parametrize(("wide", "dark"), [(1440, False), (1440, True), (390, False)])
def test_it_is_for_everybody(opened: Opened, path: str, wide: int, dark: bool):
    found = opened.page(path, wide=wide, dark=dark)
    wrong = Axe().run(found.page, options=WCAG).response["violations"]
    assert [(each["id"], [node["html"][:90] for node in each["nodes"]][:2]) for each in wrong] == []
    found.page.context.close()


def test_a_chief_walks_from_a_figure_to_its_voucher(page: Page):
    page.get_by_role("link", name="决算表", exact=True).first.click()
    page.get_by_role("link", name="2020年度收入支出决算总表").click()
    page.locator("a[data-cell='T1.57']").click()
    assert "57,918,910.00 元" in page.locator("main").inner_text()
    page.locator("main").get_by_role("link", name="八、社会保障和就业支出").click()
    page.locator("main").get_by_role("link", name="第 57 笔").click()
    said = page.locator("main").inner_text()
    assert "示例支付凭证2020-001" in said and "T1.57" in said


def test_a_clerk_finds_a_payment_without_a_mouse(page: Page):
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "跳到正文"
    page.get_by_role("link", name="流水", exact=True).first.focus()
    page.keyboard.press("Enter")
    page.get_by_label("收款人含").focus()
    page.keyboard.type("工资专户")
    page.keyboard.press("Enter")
    page.wait_for_url("**payee=**")
    rows = page.locator("main table").first.locator("tbody tr")
    assert rows.count() > 3
    assert all("工资专户" in text for text in rows.all_inner_texts())
    assert page.get_by_label("收款人含").input_value() == "工资专户"


def test_a_day_is_kept_from_page_to_page(page: Page):
    page.get_by_label("截至（业务日期）").first.fill("2020-06-30")
    page.get_by_role("button", name="看这一天").first.click()
    page.wait_for_url("**as-of=2020-06-30**")
    page.get_by_role("link", name="预算余额", exact=True).first.click()
    assert "as-of=2020-06-30" in page.url
    assert "截至 2020-06-30" in page.locator("header").inner_text()


def test_it_works_without_a_script(opened: Opened):
    context = opened.browser.new_context(java_script_enabled=False, storage_state=opened.state)
    page = context.new_page()
    for path in LOOKED_AT[:6]:
        answer = page.goto(opened.server.base + path)
        assert answer is not None and answer.ok
        assert page.locator("script").count() == 0
    context.close()
