"""A book with little in it."""

import pandas as pd
import pytest

PURCHASES = [
    {"account_id": f"a{place}", "occurred_at": day, "kind": "purchase"}
    for place in range(60)
    for day in pd.date_range("2024-01-01", periods=3 + place % 20, freq="12D").strftime(
        "%Y-%m-%d"
    )
]


@pytest.fixture(scope="session")
def purchases(tmp_path_factory):
    """A book of purchases alone: account n of 60 buys every 12 days, 3 + n % 20 times."""
    folder = tmp_path_factory.mktemp("purchases")
    bought = pd.DataFrame(PURCHASES)
    bought.to_csv(folder / "interactions.csv", index=False)
    bought.groupby("account_id")["occurred_at"].min().rename("opened_at").to_csv(
        folder / "accounts.csv"
    )
    return folder
