"""Reading a request: each fault has its place, what was expected and how to mend it, and never a value."""

import json
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from serving.endpoint import reading
from serving.endpoint.faults import MOST_COUNTED, MOST_PLACES, UnfitError
from serving.endpoint.json_text import MOST_ELEMENTS
from serving.endpoint.problem import problem_of
from serving.endpoint.reading import read_request

FACTS = {"market": "text", "employees": "number"}
SECRET = "Waldegrave-7741"
VISIT = {"occurred_at": "2024-02-01", "kind": "visit"}
SCORE = {"occurred_at": "2024-02-01", "item": "product", "score": 7}
ACCOUNT = {
    "account_id": "a",
    "opened_at": "2024-01-01",
    "interactions": [VISIT] * 3,
    "surveys": [SCORE] * 3,
}
REQUEST = {
    "as_of": "2026-11-21",
    "accounts": [ACCOUNT | {"account_id": "b"}, ACCOUNT],
    "reps": [{"rep_id": "r"}],
}


def read(request):
    """What is read of a request that is given as an object."""
    return read_request(json.dumps(request).encode(), FACTS)


def faults(request):
    """The faults of a request, given as an object or as bytes."""
    body = request if isinstance(request, bytes) else json.dumps(request).encode()
    try:
        return read_request(body, FACTS).faults
    except UnfitError as refused:
        return refused.faults


def ids(read):
    """The accounts that can be answered."""
    return read.request.tables["accounts"].columns["account_id"].tolist()


def cleaned(request):
    """The clean rows of a request, as lists, None where a value is missing."""
    clean = read(request).request.clean(FACTS)
    return {
        (table, name): [None if value != value else value for value in values.tolist()]
        for table, rows in clean.items()
        for name, values in rows.items()
    }


def with_change(*path, **change):
    request = json.loads(json.dumps(REQUEST))
    found = request
    for step in path:
        found = found[step]
    found.update(change)
    return request


SECOND = ("accounts", 1)
VISIT_2, SCORE_3 = (*SECOND, "interactions", 1), (*SECOND, "surveys", 2)

A, V, S = "accounts[1]", "accounts[1].interactions[1]", "accounts[1].surveys[2]"

STRICT = {
    "true is no score": (
        SCORE_3,
        {"score": True},
        f"{S}.score",
        "true or false",
        "a number",
    ),
    "a text is no number": (
        SCORE_3,
        {"score": "8"},
        f"{S}.score",
        "a text",
        "a number",
    ),
    "a number is no text": (VISIT_2, {"kind": 7741}, f"{V}.kind", "a number", "a text"),
    "a number is no flag": (
        SCORE_3,
        {"higher_is_better": 1},
        f"{S}.higher_is_better",
        "a number",
        "true",
    ),
    "yes is no flag": (
        SCORE_3,
        {"higher_is_better": "yes"},
        f"{S}.higher_is_better",
        "a text",
        "true",
    ),
    "epoch seconds are no time": (
        VISIT_2,
        {"occurred_at": 1.7e9},
        f"{V}.occurred_at",
        "a number",
        "a time",
    ),
    "nor in quotes": (
        VISIT_2,
        {"occurred_at": "1700000000"},
        f"{V}.occurred_at",
        "a text",
        "a time",
    ),
    "a day is no as-of of numbers": (
        (),
        {"as_of": 20261121},
        "as_of",
        "a number",
        "a time",
    ),
    "dates are of ISO 8601": (
        VISIT_2,
        {"occurred_at": "31/12/2024"},
        f"{V}.occurred_at",
        "a text",
        "a time",
    ),
    "a 30th of February": (
        SECOND,
        {"opened_at": "2024-02-30"},
        f"{A}.opened_at",
        "a text",
        "a time",
    ),
    "1970 is a zero of machines": (
        VISIT_2,
        {"known_at": "1970-01-01"},
        f"{V}.known_at",
        "a text",
        "a time",
    ),
    "a null where it is required": (
        SCORE_3,
        {"score": None},
        f"{S}.score",
        "nothing",
        "required",
    ),
    "a blank where it is required": (
        VISIT_2,
        {"kind": " "},
        f"{V}.kind",
        "nothing",
        "required",
    ),
    "a list for an object": (
        SECOND,
        {"facts": [1]},
        f"{A}.facts",
        "a list",
        "an object",
    ),
    "an object for a list": (
        SECOND,
        {"surveys": SCORE},
        f"{A}.surveys",
        "an object",
        "a list",
    ),
    "a text for a row": (
        SECOND,
        {"surveys": [SCORE, SECRET]},
        f"{A}.surveys[1]",
        "a text",
        "an object",
    ),
    "a number beyond the bounds": (
        VISIT_2,
        {"value": 7741e12},
        f"{V}.value",
        "a number",
        "1,000,000,000,000",
    ),
    "ages of minutes": (
        VISIT_2,
        {"minutes": -1e12},
        f"{V}.minutes",
        "a number",
        "-5,270,400",
    ),
    "a use of less than nothing": (
        VISIT_2,
        {"kind": "use", "minutes": -1},
        f"{V}.minutes",
        "a number",
        "0",
    ),
    "a weight of nothing": (SCORE_3, {"weight": 0}, f"{S}.weight", "a number", "0.01"),
    "a text fact": (
        SECOND,
        {"facts": {"market": 7741}},
        f"{A}.facts.market",
        "a number",
        "a text",
    ),
    "a number fact": (
        SECOND,
        {"facts": {"employees": SECRET}},
        f"{A}.facts.employees",
        "a text",
        "a number",
    ),
    "a flag for a fact": (
        SECOND,
        {"facts": {"employees": True}},
        f"{A}.facts.employees",
        "true or false",
        "a number",
    ),
    "a long text": (
        VISIT_2,
        {"rep_id": SECRET * 20},
        f"{V}.rep_id",
        "a text",
        "200 characters",
    ),
    "half a surrogate pair": (
        VISIT_2,
        {"rep_id": "\ud800"},
        f"{V}.rep_id",
        "a text",
        "whole characters",
    ),
    "what is no flag": ((), {"all_or_nothing": 1}, "all_or_nothing", "a number", "tru"),
    "an account not open yet": (
        SECOND,
        {"opened_at": "2026-11-21T00:00:01"},
        f"{A}.opened_at",
        "after the as-of",
        "open by then",
    ),
    "columns of two lengths": (
        SECOND,
        {"surveys": {"occurred_at": ["2024-02-01"], "item": [], "score": [7]}},
        f"{A}.surveys",
        "several lengths",
        "a list for each column",
    ),
    "a column that is no list": (
        SECOND,
        {"surveys": {"occurred_at": "2024-02-01"}},
        f"{A}.surveys",
        "no lists",
        "a list for each column",
    ),
    "a column that is not known": (
        SECOND,
        {"surveys": {"scores": [SECRET]}},
        f"{A}.surveys",
        "1 unknown field",
        "occurred_at, item, score",
    ),
    "a value of a column": (
        SECOND,
        {"interactions": {"occurred_at": ["2024-02-01"] * 2, "kind": ["use", 7741]}},
        f"{A}.interactions.kind[1]",
        "a number",
        "a text",
    ),
    "no account": ((), {"accounts": []}, "accounts", "a list", "at least 1"),
    "not one account": ((), {"accounts": None}, "accounts", "nothing", "required"),
}


@pytest.mark.parametrize("what", STRICT)
def test_a_fault_is_told_by_its_place_and_not_by_its_value(what):
    path, change, place, found, expected = STRICT[what]
    refused = faults(with_change(*path, **change))
    (fault,) = refused.named
    assert fault.place == place
    assert found in fault.found
    assert expected in fault.expected
    assert fault.mend
    for told in (SECRET, "7741", "31/12"):
        assert told not in fault.model_dump_json()


@pytest.mark.parametrize(
    "number",
    [
        "NaN",
        "Infinity",
        "-Infinity",
        "1e400",
        "1e999999",
        "9" * 100_000,
        "0." + "1" * 100_000,
    ],
)
def test_a_number_that_no_number_holds_has_its_place(number):
    (fault,) = faults(
        json.dumps(with_change(*VISIT_2, value=77.5)).replace("77.5", number).encode()
    ).named
    assert fault.place == "accounts[1].interactions[1].value"
    assert "number" in fault.expected


def test_an_unknown_field_is_told_by_its_number_and_the_known_one_that_is_near():
    (fault,) = faults(with_change(*VISIT_2, **{"ocurred_at": SECRET})).named
    assert (fault.place, "no. 3" in fault.found) == (
        "accounts[1].interactions[1]",
        True,
    )
    assert "is it occurred_at?" in fault.mend
    (fault,) = faults(with_change(*VISIT_2, **{SECRET: 1})).named
    assert SECRET not in fault.model_dump_json()


def test_a_key_that_stands_twice_is_refused_where_it_does():
    body = json.dumps(REQUEST).replace(
        '"item": "product"', '"item": "people", "item": "product"', 1
    )
    (fault,) = faults(body.encode()).named
    assert (fault.place, "twice" in fault.found) == ("accounts[0].surveys[0]", True)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"nul",
        b"[1",
        b"{]",
        b"\xef\xbb\xbf{}",
        b'{"a": "\xff"}',
        b"[" * 100_000,
        b'{"a":' * 100_000,
        b"{}{}",
        b'"\\x"',
    ],
)
def test_what_is_no_json_is_refused_as_a_whole(body):
    (fault,) = faults(body).named
    assert fault.place == "body"


def test_null_and_empty_and_blank_are_missing_wherever_a_field_is_optional():
    bare = cleaned(REQUEST)
    names = [
        "known_at",
        "rep_id",
        "channel",
        "matter_id",
        "value",
        "minutes",
        "sentiment",
        "items",
    ]
    for nothing in (None, "", " \t"):
        filled = with_change(*VISIT_2, **dict.fromkeys(names, nothing))
        filled["accounts"][1]["facts"] = {"market": nothing, "employees": nothing}
        filled["markets"] = nothing
        assert cleaned(filled) == bare


def test_facts_that_no_model_reads_are_not_read_and_are_told():
    facts = {
        "market": "north",
        "Employees": 5,
        "plan": [1],
        "\ud800": None,
        "k" * 1_000: 1,
    }
    found = read(with_change(*SECOND, facts=facts))
    accounts = found.request.tables["accounts"].columns
    assert set(accounts) == {"account_id", "opened_at", "tier", "style", *FACTS}
    assert accounts["market"].tolist() == [None, "north"]
    (unknown,) = found.unknown
    assert (unknown.rows, unknown.named_rows, unknown.near) == (
        4,
        5,
        {"Employees": "employees"},
    )
    sentence = unknown.sentence
    assert "which are read by no model: " in sentence
    assert "Employees (1, like employees)" in sentence
    assert len(sentence.encode()) < 300


def test_the_accounts_beside_one_with_a_fault_are_read():
    found = read(with_change(*SCORE_3, score="7"))
    assert ids(found) == ["b"]
    assert [fault.place for fault in found.faults.named] == [f"{S}.score"]
    assert found.faults.count == 1
    rows = found.request.tables
    assert (len(rows["interactions"]), len(rows["surveys"])) == (3, 3)
    assert found.request.account["surveys"].tolist() == [0, 0, 0]
    assert found.faults.named == faults(with_change(*SCORE_3, score="7")).named


def test_all_or_nothing_refuses_all_for_one():
    request = with_change(*SCORE_3, score="7")
    for strict in (True, False, None):
        asked = request | {"all_or_nothing": strict}
        if strict:
            with pytest.raises(UnfitError):
                read(asked)
        else:
            assert ids(read(asked)) == ["b"]
    assert ids(read(REQUEST | {"all_or_nothing": True})) == ["b", "a"]


def test_a_request_of_which_no_account_can_be_answered_is_refused():
    request = with_change("accounts", 0, opened_at="soon")
    request["accounts"][1]["surveys"] = 5
    with pytest.raises(UnfitError) as refused:
        read(request)
    places = [fault.place for fault in refused.value.faults.named]
    assert places == ["accounts[0].opened_at", "accounts[1].surveys"]


def test_an_account_that_stands_there_twice_is_refused_both_times_and_a_third_is_read():
    request = with_change(*SECOND, account_id=" b ")
    request["accounts"].insert(1, ACCOUNT)
    found = read(request)
    assert ids(found) == ["a"]
    places = [fault.place for fault in found.faults.named]
    assert places == ["accounts[0].account_id", "accounts[2].account_id"]


def test_faults_outside_the_accounts_refuse_all():
    for change in (
        {"as_of": "soon"},
        {"quiet": True},
        {"reps": [{"rep_id": 5}]},
        {"reps": [{"rep_id": "r"}, {"rep_id": " r "}]},
        {"markets": [{"market": "north", "occurred_at": "1970-01-01", "kind": "x"}]},
    ):
        with pytest.raises(UnfitError):
            read(REQUEST | change)


BY_COLUMN = {
    "occurred_at": ["2024-02-01", "2024-03-01T10:30:00+02:00"],
    "kind": ["purchase", "delivery"],
    "value": [7, None],
    "minutes": ["", -60.5],
}
BY_ROW = [
    {"occurred_at": "2024-02-01", "kind": "purchase", "value": 7},
    {"occurred_at": "2024-03-01T08:30:00Z", "kind": "delivery", "minutes": -60.5},
]


def test_rows_may_be_sent_column_by_column():
    by_row = with_change(*SECOND, interactions=BY_ROW)
    assert cleaned(with_change(*SECOND, interactions=BY_COLUMN)) == cleaned(by_row)
    reps = {"rep_id": ["r", "s"], "hired_at": ["2020-01-01", None]}
    markets = {"market": ["north"], "occurred_at": ["2024-01-01"], "kind": ["x"]}
    found = read(REQUEST | {"reps": reps, "markets": markets}).request.tables
    assert found["reps"].columns["rep_id"].tolist() == ["r", "s"]
    assert found["markets"].columns["market"].tolist() == ["north"]
    none = read(with_change(*SECOND, interactions={}, surveys={"score": []}))
    assert none.request.account["interactions"].tolist() == [0, 0, 0]


def test_rows_by_column_are_counted_before_they_are_read():
    columns = {"occurred_at": [SECRET] * 5_001, "kind": [1]}
    (fault,) = faults(with_change(*SECOND, interactions=columns)).named
    assert (fault.place, fault.found) == ("accounts[1].interactions", "5,001 of them")


def test_a_date_is_its_first_instant_and_times_are_instants_in_utc():
    times = {
        "2024-02-01": 0,
        "2024-02-01T00:00:00.000001": 1,
        "2024-02-01 10:30": 37_800_000_000,
        "2024-02-01T10:30:00Z": 37_800_000_000,
        "2024-02-01T10:30:00,5+02:00": 30_600_500_000,
        "2024-01-31T23:00:00-0100": 0,
        "2024-02-01T00:00:00.123456789": 123_456,
    }
    rows = [VISIT | {"occurred_at": time} for time in times]
    request = with_change(*SECOND, interactions=rows)
    request["accounts"] = request["accounts"][1:]
    found = read(request).request.tables["interactions"].columns["occurred_at"]
    first = 1_706_745_600_000_000
    assert (found - first).tolist() == list(times.values())


@pytest.mark.parametrize(
    "time",
    [
        "2024-W05-4",
        "20240201",
        "2024-02-01T10",
        "2024-02-01T24:00:00",
        "2024-02-01T10:30:60",
        "2024-02-01T10:30:00+25:00",
        " 2024-02-01",
        "2024-02-01Z",
        "\uff12024-02-01",
        "0001-01-01T00:00:00+23:00",
        "9999-12-31T23:59:59-23:00",
        "1969-12-31T23:00:00-02:00",
    ],
)
def test_what_is_no_time_of_iso_8601_or_none_that_a_book_holds_is_refused(time):
    (fault,) = faults(with_change(*VISIT_2, occurred_at=time)).named
    assert fault.place == f"{V}.occurred_at"


def test_twenty_places_are_named_and_the_rest_is_counted():
    request = with_change(*SECOND, interactions=[{"kind": "visit"}] * 30)
    found = faults(request)
    assert (len(found.named), found.count) == (MOST_PLACES, 30)
    assert found.named[-1].place == "accounts[1].interactions[19].occurred_at"
    told = problem_of(found)
    assert (told.errors_found, len(told.errors)) == (30, 20)
    assert "30 in all" in told.detail


def test_reading_stops_after_so_many_faults():
    request = with_change(*SECOND, interactions=[{"kind": SECRET}] * 5_000)
    found = faults(request)
    assert found.count == MOST_COUNTED
    assert "1,000 or more" in problem_of(found).detail


def test_a_list_is_counted_before_its_rows_are_read():
    (fault,) = faults(with_change(*SECOND, surveys=[SECRET] * 5_001)).named
    assert (fault.place, fault.found) == ("accounts[1].surveys", "5,001 of them")
    (fault,) = faults({"as_of": "2026-11-21", "accounts": [{}] * 1_001}).named
    assert (fault.place, fault.expected) == ("accounts", "at most 1,000")


def test_all_rows_of_a_request_are_bounded(monkeypatch):
    monkeypatch.setattr(reading, "MOST_ROWS_IN_ALL", 15)
    read(REQUEST)  # 2 accounts, 6 rows of each, 1 rep
    (fault,) = faults(REQUEST | {"markets": [{}]}).named
    assert "at most 15 rows" in fault.expected


MANY = b"," + b"".join(b'"k%d":1,' % number for number in range(300_000))
WORST = {
    "commas": b"[" + b"0," * 5_000_000 + b"0]",
    "lists": b"[" + b"[]," * 3_000_000 + b"[]]",
    "empty accounts": b'{"as_of":"2026-11-21","accounts":['
    + b"{}," * 3_000_000
    + b"{}]}",
    "keys": b'{"as_of":"2026-11-21","accounts":[{"account_id":"a"' + MANY[:-1] + b"}]}",
    "elements to the bound": b"[" + b"0," * MOST_ELEMENTS,
    "names near to nothing": b'{"as_of":"2026-11-21","accounts":[{"interactions":['
    + b",".join(b'{"kinde%d":1}' % number for number in range(5_000))
    + b"]}]}",
    "bad rows": b'{"as_of":"2026-11-21","accounts":[{"interactions":['
    + b'{"a":1},' * 200_000
    + b"{}]}]}",
}


@pytest.mark.parametrize("what", WORST)
def test_the_worst_bodies_take_little_work_and_have_a_small_answer(what):
    began = time.process_time()
    told = problem_of(faults(WORST[what])).model_dump_json()
    assert time.process_time() - began < 2.0  # .1 to .4 where nothing else runs
    assert len(told) < 20_000


NAMES = st.sampled_from([*VISIT, *SCORE, *ACCOUNT, "x"])
PLAIN = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=9)
    | st.sampled_from(["2024", "use"])
)
ANY = st.recursive(
    PLAIN,
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=4)
    ),
    max_leaves=12,
)


@settings(max_examples=300, deadline=None)
@given(
    path=st.sampled_from([(), SECOND, VISIT_2, SCORE_3, ("reps", 0)]), data=st.data()
)
def test_whatever_stands_anywhere_is_read_or_refused_by_its_place(path, data):
    request = with_change()
    found = request
    for step in path:
        found = found[step]
    found[data.draw(st.sampled_from([*found, "facts", "reps", "x"]))] = data.draw(ANY)
    try:
        read(request)
    except UnfitError as refused:
        assert all(
            fault.place and fault.found and fault.expected and fault.mend
            for fault in refused.faults.named
        )


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=60) | st.text(max_size=60).map(str.encode))
def test_whatever_bytes_come_are_refused_and_nothing_else(body):
    faults(body)
