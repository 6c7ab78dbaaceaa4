"""The browser that the machine has, driven as a person would: what a page asks for, complains of
and shows. Chromium is installed by `.ci/run`."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import NamedTuple

from playwright.sync_api import Browser, Page, StorageState, sync_playwright

from tests.harness.programs import needs, program

CHROMIUM = program("chromium", "chromium-browser")
needs_a_browser = needs(CHROMIUM, "Chromium")
_QUIET = (
    *("--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-sync"),
    *("--disable-background-networking", "--disable-component-update"),
)


class Seen(NamedTuple):
    """A page, with all that its console said and all that it asked for."""

    page: Page
    console: list[str]
    requests: list[str]


@contextmanager
def browser() -> Iterator[Browser]:
    """A browser without a window."""
    with sync_playwright() as driver:
        opened = driver.chromium.launch(executable_path=CHROMIUM, args=list(_QUIET))
        try:
            yield opened
        finally:
            opened.close()


def seen(
    of: Browser,
    address: str,
    *,
    wide: int = 1440,
    high: int = 900,
    dark: bool = False,
    state: StorageState | None = None,
) -> Seen:
    """A page of a width, in the light or in the dark; `state`: the cookies of an earlier one."""
    context = of.new_context(
        viewport={"width": wide, "height": high},
        color_scheme="dark" if dark else "light",
        storage_state=state,
    )
    page = context.new_page()
    found = Seen(page, [], [])
    page.on("console", lambda message: found.console.append(message.text))
    page.on("pageerror", lambda error: found.console.append(str(error)))
    page.on("request", lambda request: found.requests.append(request.url))
    page.goto(address)
    return found
