"""ServiceNow: what a log of a few updates says, worked out by hand."""

import json

from exports import book_of, rows, write

from features.sources.connectors.making import make_book

UPDATES = [
    # state, reopened, update, within the service level, when, assigned to
    ("New", 0, 0, "true", "2016-03-01 10:14", "?"),
    ("Active", 0, 1, "true", "2016-03-01 11:00", "r1"),
    ("Awaiting User Info", 0, 2, "true", "2016-03-01 12:00", "r1"),
    ("Resolved", 0, 3, "true", "2016-03-02 09:00", "r1"),
    ("Active", 1, 4, "true", "2016-03-03 09:00", "r2"),
    ("Resolved", 1, 5, "true", "2016-03-05 09:00", "r2"),
    ("Closed", 1, 6, "false", "2016-03-10 09:00", "r2"),
]
HEADER = (
    "incident_state,reopen_count,sys_mod_count,made_sla,sys_updated_at,assigned_to,"
    "number,caller_id,opened_at,sys_created_at,contact_type,resolved_by,resolved_at,closed_at"
)
OF_I1 = (
    "I1,c1,2016-03-01 10:00,2016-03-01 10:14,Phone,r9,2016-03-05 09:00,2016-03-10 09:00"
)
OF_I2 = (
    "New,0,0,true,2016-03-01 10:00,?,I2,?,2016-03-01 10:00,2016-03-01 10:00,Phone,?,?,?"
)
LINES = [",".join(map(str, [*update, OF_I1])) for update in UPDATES]
LOG = {"incident_event_log": "\n".join([HEADER, *LINES, OF_I2])}
TABLE = {
    "incident": """
        number,state,caller_id,opened_at,sys_updated_on,category,assigned_to,resolved_at,closed_at
        I3,7,c2,2016-03-01 10:00:00,2016-03-20 10:00:00,Inquiry / Help,r1,2016-03-04 10:00:00,2016-03-11 10:00:00
        I4,6,c2,2016-03-02 10:00:00,2016-03-20 10:00:00,Hardware,r1,2016-03-01 10:00:00,
        I5,2,c2,2016-03-03 10:00:00,2016-03-20 10:00:00,Hardware,r1,,
    """,
    "sys_journal_field": """
        element_number,element,sys_created_on,sys_created_by,value
        I3,comments,2016-03-01 11:00:00,r1,We look into it
        I3,work_notes,2016-03-01 12:00:00,r1,a fool
        I3,comments,2016-03-01 13:00:00,c2,Thanks
    """,
}
COLUMNS = ("account_id", "occurred_at", "kind", "matter_id", "rep_id")


def test_every_trap_of_a_log_with_a_row_per_update(tmp_path):
    with book_of(write(tmp_path, LOG), "servicenow") as book:
        # the moments of resolution that each row repeats, of later rows, are read of none
        assert rows(book, "interactions", *COLUMNS) == [
            ("c1", "2016-03-01 10:00", "complaint", "I1", None),
            ("c1", "2016-03-01 12:00", "answer", "I1", "r1"),
            ("c1", "2016-03-02 09:00", "resolution", "I1", "r1"),
            ("c1", "2016-03-03 09:00", "reopen", "I1", None),
            ("c1", "2016-03-03 09:00", "transfer", "I1", "r2"),
            ("c1", "2016-03-05 09:00", "resolution", "I1", "r2"),
            ("c1", "2016-03-10 09:00", "promise_broken", "service level of I1", None),
        ]
        assert rows(book, "accounts", "account_id", "opened_at") == [
            ("c1", "2016-03-01 10:00")
        ]
        ((known,),) = book.ask_files(
            "select strftime(known_at, '%H:%M') from raw_interactions where kind = 'complaint'"
        )
        assert (known, book.quiet_days) == ("10:14", 30)


def test_a_table_with_a_row_per_incident_tells_the_last_resolution(tmp_path):
    with book_of(write(tmp_path, TABLE), "servicenow") as book:
        assert rows(book, "interactions", *COLUMNS) == [
            ("c2", "2016-03-01 10:00", "question", "I3", None),
            ("c2", "2016-03-01 11:00", "answer", "I3", "r1"),
            ("c2", "2016-03-01 12:00", "note", "I3", "r1"),
            ("c2", "2016-03-01 13:00", "reply", "I3", "c2"),
            ("c2", "2016-03-02 10:00", "complaint", "I4", None),
            ("c2", "2016-03-02 10:00", "resolution", "I4", "r1"),  # resolved before
            ("c2", "2016-03-03 10:00", "complaint", "I5", None),
            ("c2", "2016-03-04 10:00", "resolution", "I3", "r1"),
        ]


def test_local_times_are_those_of_their_zone(tmp_path):
    with book_of(
        write(tmp_path, LOG), "servicenow", zones={"servicenow": "Europe/Paris"}
    ) as book:
        found = rows(book, "interactions", "occurred_at", "kind")
        assert found[0] == ("2016-03-01 09:00", "complaint")


def test_what_is_left_out_is_told(tmp_path):
    told = make_book(write(tmp_path, LOG), {"servicenow": None}).told
    assert "ServiceNow: incidents of nobody, which are left out: 1." in told


def test_a_list_is_read_by_its_labels_and_an_object_by_its_value(tmp_path):
    labels = "Number,Opened,Caller,State,Category,Assigned to,Resolved,Updated\n"
    listed = "I6,2016-03-01 10:00,Ann,Resolved,Inquiry / Help,Sam,2016-03-02 09:00,2016-03-02 09:00\n"
    told = [("2016-03-01 10:00", "question"), ("2016-03-02 09:00", "resolution")]
    with book_of(
        write(tmp_path / "list", {"Incidents": labels + listed}), "servicenow"
    ) as book:
        found = rows(book, "interactions", "account_id", "occurred_at", "kind")
        assert found == [("Ann", *row) for row in told]
    incident = {
        "number": "I6",
        "caller_id": {"link": "https://x/7", "value": "7"},
        "opened_at": "2016-03-01 10:00:00",
        "resolved_at": "2016-03-02 09:00:00",
        "state": "6",
        "category": "inquiry",
    }
    (tmp_path / "incident.json").write_text(json.dumps([incident]))
    with book_of(tmp_path, "servicenow") as book:
        found = rows(book, "interactions", "account_id", "occurred_at", "kind")
        assert found == [("7", *row) for row in told]
