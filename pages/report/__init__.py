"""The report: figures by quarter and segment, and its page."""
