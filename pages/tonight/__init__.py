"""Tonight's page: the list that a team opens in the morning, with a card for each account."""
