"""The arms of the comparison that a random holdout makes: on a list, or withheld from it though as high."""

LISTED, WITHHELD = "listed", "withheld"
