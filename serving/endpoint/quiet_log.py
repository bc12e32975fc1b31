"""A log filter that keeps customers' data out of the log: an exception's place is logged, its message is not."""

from __future__ import annotations

import logging
import traceback


class WithoutMessages(logging.Filter):
    """Replaces the exception of a record by its type and the lines of code that it went through.

    Messages of refused requests hold the values that were refused.
    """

    def filter(self, record: logging.LogRecord) -> bool:
        """Rewrites the record and lets it through."""
        if isinstance(record.exc_info, tuple) and record.exc_info[0] is not None:
            kind, _, place = record.exc_info
            last = traceback.extract_tb(place)[-1:]
            at = "".join(
                f" at {frame.filename}:{frame.lineno} in {frame.name}" for frame in last
            )
            record.msg = f"{record.getMessage()}: {kind.__name__}{at}"
            record.args, record.exc_info, record.exc_text = (), None, None
        return True
