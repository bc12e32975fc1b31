"""The trend page in a real browser: light and dark, on a telephone, with nothing fetched and no error."""

import shutil

import pytest
from nights_shown import FINDING, line

from pages.trend.page import page

playwright = pytest.importorskip("playwright.sync_api")
CHROMIUM = shutil.which("chromium") or shutil.which("google-chrome")
pytestmark = [
    pytest.mark.skipif(CHROMIUM is None, reason="there is no chromium"),
    pytest.mark.slow,
]


def test_a_night_that_is_not_as_usual_is_red_in_light_and_dark_and_on_a_telephone(
    tmp_path,
):
    file = tmp_path / "trend.html"
    file.write_text(page([line(1), line(2, [FINDING])]), encoding="utf-8")
    with playwright.sync_playwright() as started:
        browser = started.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox"]
        )
        for scheme, width in (("light", 1100), ("dark", 390)):
            shown = browser.new_page(
                color_scheme=scheme, viewport={"width": width, "height": 800}
            )
            said, asked = [], []
            shown.on("console", lambda message, said=said: said.append(message.text))
            shown.on("request", lambda request, asked=asked: asked.append(request.url))
            shown.goto(file.as_uri())
            red, usual = (
                shown.locator(f"tbody tr:nth-child({row})").evaluate(
                    "row => getComputedStyle(row.children[0]).backgroundColor"
                )
                for row in (1, 2)
            )
            assert red != usual
            assert shown.evaluate("document.documentElement.scrollWidth") == width
            assert all(
                image.evaluate("image => image.naturalWidth > 0")
                for image in shown.locator("img").all()
            )
            assert said == []
            assert {url.split(":")[0] for url in asked} <= {"file", "data"}
        browser.close()
