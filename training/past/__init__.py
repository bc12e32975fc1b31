"""The past as training sees it: as-of dates, labels, the panel and the training set."""
