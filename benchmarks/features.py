"""What it costs to compute every feature, beside the cheapest and the plainest thing that could be done instead.

Run it as ``.venv/bin/python -m benchmarks.features``; ``--help`` tells its settings.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ProcessPoolExecutor
from datetime import date, timedelta
from multiprocessing import get_context
from pathlib import Path

import duckdb
import typer

from features.book import Book, open_book
from features.dictionary import FEATURES
from features.engine import instant
from features.history import DEALING, INTERACTION, PURCHASE, SIGN
from features.snapshot import snapshot
from features.theme import Feature, Measure

START = "2024-01-01"
MONTHS = 24
PARTS = (INTERACTION, SIGN, PURCHASE, DEALING)

# Of a thousand interactions, how many are of a kind: much use, some purchases, few words.
MIX = {
    "use": 560,
    "purchase": 110,
    "visit": 70,
    "question": 40,
    "answer": 44,
    "resolution": 30,
    "reopen": 4,
    "request": 14,
    "request_declined": 3,
    "option_offered": 3,
    "complaint": 6,
    "compliment": 5,
    "apology": 3,
    "failure": 8,
    "delay_notice": 3,
    "promise_made": 8,
    "promise_kept": 6,
    "promise_broken": 2,
    "delivery": 20,
    "outreach": 20,
    "reply": 12,
    "surprise": 3,
    "handover": 2,
    "survey_sent": 12,
    "referral": 2,
    "hold": 4,
    "unmet_request": 3,
    "cancellation": 3,
}


def write_book(folder: Path, interactions: int, accounts: int, shuffled: bool) -> Path:
    """Writes a book of so many interactions over 24 months, clustered by account or shuffled."""
    folder.mkdir(parents=True, exist_ok=True)
    kinds = ", ".join(f"'{kind}'" for kind, share in MIX.items() for _ in range(share))
    made = {
        "per_account": interactions // accounts,
        "kinds": kinds,
        "matters": ", ".join(f"'{kind}'" for kind in OF_A_MATTER),
        "order": "hash(row)" if shuffled else "number, row",
        "interactions": interactions,
        "accounts": accounts,
        "seconds": MONTHS * 365 * 86400 // 12,
        "start": f"timestamp '{START}'",
    }
    connection = duckdb.connect()
    connection.execute("set TimeZone = 'UTC'")
    for table, query in TABLES.items():
        connection.execute(f"copy ({query.format(**made)}) to '{folder}/{table}.parquet' (format parquet)")
    return folder


OF_A_MATTER = (
    *("question", "answer", "resolution", "reopen", "request", "request_declined", "option_offered", "complaint"),
    *("apology", "failure", "delay_notice", "promise_made", "promise_kept", "promise_broken"),
)

TABLES = {
    "interactions": """
        with drawn as (
            select row, row // {per_account} as number, hash(row) as h, hash(row + 1000000007) as g,
                hash(row + 2000000033) as f
            from range({interactions}) as r(row)
        ), kinded as (
            select *, ([{kinds}])[1 + (h % 1000)::int] as kind,
                {start} + to_microseconds(((g % ({seconds} * 1000::bigint))::bigint) * 1000) as moment
            from drawn
        )
        select format('A{{:07d}}', number) as account_id, moment as occurred_at, kind,
            case when f % 50 = 0 then moment + to_hours((f % 200)::int) else moment end as known_at,
            case when kind not in ('use', 'purchase', 'visit')
                then format('R{{:04d}}', number % 400 + f % 3) end as rep_id,
            (['app', 'web', 'phone', 'mail', 'store', 'export', 'report', 'api'])[1 + (f % 8)::int] as channel,
            case when kind in ({matters}) then format('M{{:07d}}-{{}}', number, (g // 1000) % 8) end as matter_id,
            case when kind in ('purchase', 'cancellation') then round((g % 20000) / 100.0, 2) end as value,
            case when kind in ('use', 'hold', 'delivery', 'promise_made')
                then round((f % 6000) / 100.0, 2) end as minutes,
            case when kind not in ('use', 'purchase', 'visit')
                then round((g % 2000) / 1000.0 - 1, 3) end as sentiment
        from kinded order by {order}""",
    "accounts": """
        select format('A{{:07d}}', n) as account_id, {start} - to_days((hash(n) % 1500)::int) as opened_at,
            (['north', 'south', 'east', 'west'])[1 + (hash(n) % 4)::int] as market,
            (['pounder', 'follower', 'nurturer'])[1 + (hash(n + 7) % 3)::int] as style
        from range({accounts}) as r(n)""",
    "surveys": """
        select format('A{{:07d}}', n % {accounts}) as account_id,
            {start} + to_seconds((hash(n % {accounts}, n // ({accounts} * 6)) % {seconds})::bigint) as occurred_at,
            (['product', 'better', 'people', 'attitude', 'recommend', 'effort'])
                [1 + (n // {accounts})::int % 6] as item,
            1.0 + (hash(n) % 7) as score, 1.0 as scale_min, 7.0 as scale_max
        from range({accounts} * 24) as r(n)""",
    "reps": """
        select format('R{{:04d}}', n) as rep_id,
            timestamp '2019-01-01' + to_days((hash(n) % 1500)::int) as hired_at,
            case when n % 5 = 0 then {start} + to_days((hash(n + 1) % 700)::int) end as left_at,
            (['pounder', 'follower', 'nurturer'])[1 + (hash(n + 2) % 3)::int] as style
        from range(403) as r(n)""",
    "markets": """
        select (['north', 'south', 'east', 'west'])[1 + n::int % 4] as market,
            {start} + to_days((hash(n) % 700)::int) as occurred_at, 'competitor_entered' as kind
        from range(12) as r(n)""",
    "departures": """
        select format('A{{:07d}}', n * 10) as account_id,
            {start} + to_days(400 + (hash(n) % 300)::int) as occurred_at, 'indifference' as reason
        from range({accounts} // 10) as r(n)""",
}

SCANNED = {
    "interactions": "account_id occurred_us known_us kind_code rep_id channel matter_id value minutes sentiment",
    "surveys": "account_id occurred_us known_us item score",
}

Cost = tuple[float, float]
"""CPU and wall, in seconds."""


def timed(work: Callable[[], object]) -> Cost:
    """What a piece of work costs."""
    cpu, wall = time.process_time(), time.perf_counter()
    work()
    return time.process_time() - cpu, time.perf_counter() - wall


def peak_memory() -> float:
    """The most that this process has held, in GiB; what the system keeps for ``getrusage`` counts its parent too."""
    status = Path("/proc/self/status").read_text()
    return int(re.search(r"VmHWM:\s+(\d+)", status).group(1)) / 2**20  # type: ignore[union-attr]


def scan(book: Book) -> None:
    """Reads the columns that features use, and nothing else: the floor."""
    for table, columns in SCANNED.items():
        largest = ", ".join(f"max({column})" for column in columns.split())
        book.connection.execute(f"select {largest} from {table}").fetchall()


def in_one_query(features: Mapping[str, Feature]) -> str:
    """Features that are measured on interactions alone, as one query of FILTER aggregates over a range join."""
    aggregates = []
    for name, feature in features.items():
        assert isinstance(feature.how, Measure)
        part = feature.how.source.sql.partition(" where ")[2] or "true"
        sql = re.sub(
            r"(sum|min|max)\(case when (.*?) then (.*?)(?: else 0)? end\)",
            rf"\1(\3) filter (where {part} and (\2))",
            feature.how.sql,
        )
        aggregates.append(f"{sql} as {name}")
    visible = INTERACTION.sql.replace("select c.pair", "select c.account_id, c.pair")
    return f"select pair, {', '.join(aggregates)} from ({visible}) as seen group by pair"


def measure(folder: str, dates: int, rounds: int, memory_limit: str | None, compare: bool) -> dict[str, object]:
    """Opens a book and measures it; run in a process of its own, so that the peak of memory is its own."""
    costs: dict[str, list[Cost]] = {}

    def note(name: str, work: Callable[[], object]) -> None:
        costs.setdefault(name, []).append(timed(work))

    opened: list[Book] = []
    note("open", lambda: opened.append(open_book(folder, max_bad_share=1.0, memory_limit=memory_limit)))
    (book,) = opened
    last = date.fromisoformat(START) + timedelta(days=30 * (MONTHS - 1))
    as_ofs = [instant(last - timedelta(days=30 * back)) for back in range(dates)]
    plain = {n: f for n, f in FEATURES.items() if isinstance(f.how, Measure) and f.how.source in PARTS}
    more = {**FEATURES, "one_more": FEATURES["complaints_90d"]}
    for _ in range(rounds):
        if compare:
            note("floor", lambda: scan(book))
            note("all themes and one more feature", lambda: snapshot(book, as_ofs, more))
        note("all themes", lambda: snapshot(book, as_ofs))
        if compare:
            note("on interactions alone", lambda: snapshot(book, as_ofs, plain))
            note("the same in one query of FILTER", lambda: book.connection.execute(in_one_query(plain)).df())
    best = {name: min(found) for name, found in costs.items()}
    return {"costs": best, "peak": peak_memory(), "features": len(FEATURES), "plain": len(plain)}


def main(
    interactions: int = 20_000_000,
    accounts: int = 200_000,
    rounds: int = 2,
    folder: Path = Path("benchmarks/big"),
    only: str = "",
) -> None:
    """Measures and prints; the two books are written once and kept. ``--only`` takes a part of a run's name."""
    books = {name: folder / f"{interactions}_{name}" for name in ("clustered", "shuffled")}
    for name, book in books.items():
        if not (book / "departures.parquet").exists():
            write_book(book, interactions, accounts, shuffled=name == "shuffled")
    runs = {
        "clustered by account, one date": (books["clustered"], 1, rounds, None, True),
        "shuffled, one date": (books["shuffled"], 1, rounds, None, True),
        "clustered, one date within 2 GiB": (books["clustered"], 1, 1, "2GiB", False),
        "clustered, twelve dates": (books["clustered"], 12, 1, None, False),
    }
    for name, (book, *settings) in runs.items():
        if only and only not in name:
            continue
        with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
            found = pool.submit(measure, str(book), *settings).result()
        print(f"\n{name}: peak {found['peak']:.1f} GiB, {found['features']} features, {found['plain']} of them plain")
        for what, (cpu, wall) in found["costs"].items():
            floor = found["costs"].get("floor")
            times = f"{cpu / floor[0]:6.1f} x the floor" if floor else ""
            print(f"  {what:34} {cpu:7.1f} s CPU {wall:7.1f} s wall {times}", flush=True)


if __name__ == "__main__":
    typer.run(main)
