"""The page of an event that has not happened."""
