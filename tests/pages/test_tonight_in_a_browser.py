"""Tonight's page in a real browser: sorting, filters, cards, a telephone, the dark, print, and 2,000 accounts."""

import shutil
import statistics

import pytest
from told import account, told

from pages.tonight.page import page

playwright = pytest.importorskip("playwright.sync_api")
CHROMIUM = shutil.which("chromium") or shutil.which("google-chrome")
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="there is no chromium")

ACCOUNTS = [
    account(
        "a",
        name="Ash & Sons",
        owner="Ann",
        contact="Al",
        link="https://crm.example.com/a",
        risk=0.31,
        change_1d=0.12,
        why_1d=["Gone quiet"],
        change_30d=-0.01,
        quadrant="poor",
        heading="defected",
        zone="recovery",
        value=100.0,
        left=9,
        owed="A failure of 3 May is not fixed.",
        reasons=["No order for 53 days; they usually order every 12"],
        action="Fix what failed.",
        action_code="fix_failure",
        style="pounder",
        speak="Come to the point.",
        lights=["good", "mixed", "bad", "unknown"],
        last=["2026-11-11", "question", 0, None, "phone", None],
        rows=[["2026-11-11", "question", 0, None, "phone", None]],
        answers=[["2026-11-01", "people", 7.5]],
        path=[[30, 0.2, 4.0, 6.0], [0, 0.31, 3.0, 6.5]],
        weeks=[0] * 24 + [1, 2],
        exceptional={
            **{"days": 90, "now": "7%"},
            "levers": [{"sentence": "Settle what is open", "more": "+1.2 points"}],
        },
    ),
    account(
        "b", name="Birch", owner="Bob", risk=0.6, band="acute", value=900.0, left=30
    ),
    account(
        "c",
        name="<img src=x onerror=alert(1)>",
        link="javascript:alert(1)",
        risk=0.05,
        band="low",
    ),
    account("d", name="Dell", owner="Bob", risk=0.02, band="low", value=5.0),
]
UNNAMED = {"name": None, "owner": None, "link": None}
WORSE = {
    **{"account_id": "a", "days_back": 1, "what": "band", "before": "raised"},
    **{"now": "high", "way": "worse", "points": 0.12, "name": "Ash & Sons"},
    **{"owner": "Ann", "link": None},
}
BETTER = {
    **{"account_id": "z", "days_back": 30, "what": "quadrant", "before": "poor"},
    **{"now": "exceptional", "way": "better", "points": -0.2},
    **UNNAMED,
}
GONE = {
    **{"account_id": "w", "left": "2026-08-01", "reason": "better_product"},
    **{"silent": True, "value": 1200.0, "fits": "Show what is new."},
    **{"when": "2026-11-29", "name": "West", "owner": "Ann", "link": None},
}
TOLD = told(ACCOUNTS, 3, movers=[WORSE, BETTER], win_back=[GONE])


@pytest.fixture(scope="module")
def browser():
    with playwright.sync_playwright() as running:
        opened = running.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox"]
        )
        yield opened
        opened.close()


@pytest.fixture(scope="module")
def file(tmp_path_factory):
    written = tmp_path_factory.mktemp("page") / "tonight.html"
    written.write_text(page(TOLD), encoding="utf-8")
    return written.as_uri()


@pytest.fixture
def opens(browser, file):
    """Opens the page; whatever goes wrong in it, or is asked for outside, fails the test at its end."""
    wrong, contexts = [], []

    def opened(address=file, **how):
        context = browser.new_context(
            **{"viewport": {"width": 1200, "height": 900}, **how}
        )
        contexts.append(context)
        shown = context.new_page()
        shown.on("pageerror", lambda error: wrong.append(str(error)))
        shown.on("console", lambda message: wrong.append(message.text))
        shown.on("dialog", lambda dialog: wrong.append(dialog.message))
        shown.on(
            "request",
            lambda request: (
                wrong.append(request.url)
                if not request.url.startswith("file:")
                else None
            ),
        )
        shown.goto(address)
        shown.wait_for_selector("body[data-drawn]")
        return shown

    yield opened
    for context in contexts:
        context.close()
    assert wrong == []


def visible(shown, *parts):
    return [shown.locator(part).is_visible() for part in parts]


def ids(shown):
    return shown.eval_on_selector_all(
        ".line[data-id]", "lines => lines.map((line) => line.dataset.id)"
    )


def test_the_list_stands_in_its_order_and_the_rest_behind_it(opens):
    shown = opens()
    assert ids(shown) == ["a", "b", "c"]
    assert shown.inner_text("#count") == "3 of 3 accounts"
    shown.click("[data-view=rest]")
    assert ids(shown) == ["d"]
    assert shown.inner_text(".line[data-id=d] .rank") == "4"


def test_a_line_tells_what_is_owed_first_and_the_change(opens):
    line = opens().locator(".line[data-id=a]")
    assert line.locator(".why p").all_inner_texts() == [
        "A failure of 3 May is not fixed.",
        "Fix what failed.",
    ]
    assert line.locator(".risk").inner_text().split("\n") == [
        "31% high",
        "▲ 12 last night: Gone quiet",
        "▼ 1 in 30 days",
    ]
    assert "last question 10 days ago" in line.inner_text()


@pytest.mark.parametrize(
    ("sort", "expected"),
    [
        ("rank", "abc"),
        ("risk", "bac"),
        ("value", "bac"),
        ("left", "abc"),
        ("change_1d", "abc"),
        ("name", "cab"),
        ("last", "bca"),
    ],
)
def test_it_is_sorted_by_what_is_asked(opens, sort, expected):
    shown = opens()
    shown.select_option("[name=sort]", sort)
    assert "".join(ids(shown)) == expected


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("owner", "Bob", ["b"]),
        ("owner", "", ["c"]),
        ("band", "high", ["a"]),
        ("quadrant", "unknown", ["b", "c"]),
        ("zone", "recovery", ["a"]),
        ("action_code", "fix_failure", ["a"]),
    ],
)
def test_it_is_filtered_and_cleared(opens, name, value, expected):
    shown = opens()
    shown.select_option(f"[name={name}]", value)
    assert ids(shown) == expected
    shown.click("text=Clear")
    shown.locator(".line[data-id]").nth(2).wait_for()


def test_find_looks_into_names_ids_owners_and_reasons(opens):
    shown = opens()
    for said, expected in (
        ("birch", ["b"]),
        ("53 DAYS", ["a"]),
        ("ann", ["a"]),
        ("zzz", []),
    ):
        shown.fill("[name=find]", said)
        assert ids(shown) == expected


def test_a_card_opens_closes_and_has_an_address(opens, file):
    shown = opens()
    shown.click(".line[data-id=a] .name")
    card = shown.locator("dialog[open]")
    said = card.inner_text()
    for part in (
        "Owner: Ann",
        "Call: Al",
        "Come to the point.",
        "question",
        "7.5 of 10",
        "heading for leaving",
        "exceptional: 7% in 90 days as it is",
        "Settle what is open +1.2 points",
    ):
        assert part in said
    assert card.locator("h2 a").get_attribute("href") == "https://crm.example.com/a"
    assert [light.get_attribute("title") for light in card.locator(".light").all()] == [
        "A great product: good",
        "Delivered as promised: mixed",
        "Every touch caring: bad",
        "Problems resolved: unknown",
    ]
    assert [
        chart.get_attribute("aria-label") for chart in card.locator("svg").all()
    ] == [
        "Risk over past nights, now 31%",
        "Where the account stands on the index, and the way there",
        "Signs of life in each of 26 weeks, the newest 2",
    ]
    shown.keyboard.press("Escape")
    assert shown.locator("dialog[open]").count() == 0
    assert opens(f"{file}#b").inner_text("dialog[open] h2") == "Birch"


def test_texts_of_the_data_are_shown_and_never_run(opens):
    shown = opens()
    assert shown.inner_text(".line[data-id=c] .name") == "<img src=x onerror=alert(1)>"
    shown.click(".line[data-id=c] .name")
    assert shown.locator("dialog h2").inner_text() == "<img src=x onerror=alert(1)>"
    assert shown.locator("dialog h2 a, img").count() == 0


def test_movers_and_whom_to_win_back_are_told(opens):
    shown = opens()
    shown.click("[data-view=movers]")
    assert shown.locator("h2").all_inner_texts() == [
        "To the worse since last night: 1",
        "To the better in 30 days: 1",
    ]
    assert "▲ 12 points: Gone quiet" in shown.inner_text("#rows")
    shown.click("text=Ash & Sons")
    assert shown.inner_text("dialog[open] h2") == "Ash & Sons"
    shown.keyboard.press("Escape")
    shown.click("[data-view=back]")
    row = shown.locator(".back tbody tr").inner_text()
    for part in (
        "West",
        "1 Aug 2026 silently",
        "better product",
        "1,200",
        "Show what is new.",
        "from 29 Nov 2026",
    ):
        assert part in row
    assert not shown.locator("#filters").is_visible()


def test_on_a_telephone_nothing_runs_over_the_edge(opens):
    shown = opens(viewport={"width": 390, "height": 844})
    wide = "document.documentElement.scrollWidth"
    assert shown.evaluate(wide) == 390
    assert not shown.locator("#filters").is_visible()
    shown.click("#filtering > summary")
    assert shown.locator("#filters").is_visible()
    for view in ("movers", "back", "rest", "list"):
        shown.click(f"[data-view={view}]")
        assert shown.evaluate(wide) == 390
    shown.click(".line[data-id=a] .name")
    assert shown.evaluate("document.querySelector('dialog').scrollWidth") <= 390


@pytest.mark.parametrize(
    ("scheme", "ground"), [("light", "rgb(255, 255, 255)"), ("dark", "rgb(20, 25, 31)")]
)
def test_it_follows_the_scheme_of_the_reader(opens, scheme, ground):
    shown = opens(color_scheme=scheme)
    assert shown.evaluate("getComputedStyle(document.body).backgroundColor") == ground
    shown.click(".line[data-id=a] .name")
    assert (
        shown.evaluate(
            "getComputedStyle(document.querySelector('dialog')).backgroundColor"
        )
        == ground
    )


def test_on_paper_stands_the_list_or_the_card_that_is_open(opens):
    shown = opens(color_scheme="dark")
    shown.emulate_media(media="print")
    assert (
        shown.evaluate(
            "getComputedStyle(document.documentElement).getPropertyValue('--paper')"
        ).strip()
        == "#ffffff"
    )
    assert visible(shown, ".tabs", "#filters", ".lines") == [False, False, True]
    shown.click(".line[data-id=a] .name")
    assert visible(shown, "dialog", ".lines") == [True, False]
    assert shown.pdf().startswith(b"%PDF")


@pytest.mark.slow
def test_two_thousand_accounts_open_in_a_second(opens, tmp_path):
    full = ACCOUNTS[0]
    rows = [
        [f"2026-10-{day:02}", "purchase", 0, "R0-1", "phone", 9.5]
        for day in range(1, 26)
    ]
    many = [
        {**full, "id": f"A{n:06}", "rows": rows, "path": full["path"] * 7}
        for n in range(2000)
    ]
    file = tmp_path / "many.html"
    file.write_text(page(told(many, 2000)), encoding="utf-8")
    took = []
    for _ in range(3):
        shown = opens(file.as_uri())
        took.append(
            shown.evaluate(
                "performance.getEntriesByName('first-contentful-paint')[0].startTime"
            )
        )
        assert shown.locator(".line[data-id]").count() == 2000
    assert statistics.median(took) < 1000
