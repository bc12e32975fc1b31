"""A large book for benchmarks: interactions of many accounts over 24 months, drawn by hashes, everywhere the same."""

from __future__ import annotations

from pathlib import Path

import duckdb

START = "2024-01-01"
MONTHS = 24

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
        connection.execute(
            f"copy ({query.format(**made)}) to '{folder}/{table}.parquet' (format parquet)"
        )
    return folder


OF_A_MATTER = (
    *(
        "question",
        "answer",
        "resolution",
        "reopen",
        "request",
        "request_declined",
        "option_offered",
        "complaint",
    ),
    *(
        "apology",
        "failure",
        "delay_notice",
        "promise_made",
        "promise_kept",
        "promise_broken",
    ),
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
