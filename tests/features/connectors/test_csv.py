"""Tables of one's own: columns by the names that they often have."""

from exports import book_of, rows, write


def test_sales_alone_are_a_book(tmp_path):
    files = {
        "Orders": """
            Order ID,Customer ID,Order Date,Total Amount
            7,42.0,2024-02-01,10.5
            8,42.0,2024-03-01,-3
            9,43.0,2024-02-05,1
        """
    }
    with book_of(write(tmp_path, files), "csv") as book:
        # ids of a column with a gap come as 42.0 out of a spreadsheet
        assert rows(book, "accounts", "account_id", "opened_at") == [
            ("42", "2024-02-01 00:00"),
            ("43", "2024-02-05 00:00"),
        ]
        columns = ("account_id", "interaction_id", "kind", "value")
        assert rows(book, "interactions", *columns) == [
            ("42", "sale 7", "purchase", 10.5),
            ("42", "sale 8", "purchase", -3.0),
            ("43", "sale 9", "purchase", 1.0),
        ]


def test_tables_of_all_kinds_are_put_together(tmp_path):
    files = {
        "customers": "customer_id,signup_date,plan\n1,2024-01-01,gold\n",
        "events": "customer_id,timestamp,event_type\n1,2024-02-01T10:00:00Z,visit\n",
        "nps": "customer_id,date,score\n1,2024-02-02,9\n",
        "churn": "customer_id,churn_date,reason\n1,2024-06-01,price\n",
    }
    with book_of(write(tmp_path, files), "csv") as book:
        assert rows(book, "accounts", "account_id", "opened_at") == [
            ("1", "2024-01-01 00:00")
        ]
        assert rows(book, "interactions", "occurred_at", "kind") == [
            ("2024-02-01 10:00", "visit")
        ]
        assert rows(book, "surveys", "item", "score") == [("recommend", 9.0)]
        assert rows(book, "departures", "occurred_at", "reason") == [
            ("2024-06-01 00:00", "price")
        ]
