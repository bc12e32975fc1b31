"""The quiet log: an error's type and place are logged; its message, which may hold a customer's data, is not."""

import io
import logging

import pytest

from serving.endpoint.quiet_log import WithoutMessages

SECRET = "Waldegrave-7741"


@pytest.fixture
def logged():
    """A logger with the filter, and a function that gives what it has written."""
    written, logger = io.StringIO(), logging.Logger("of the test")
    logger.addHandler(logging.StreamHandler(written))
    logger.addFilter(WithoutMessages())
    return logger, written.getvalue


def refuse():
    raise ValueError(f"bad value {SECRET}")


def test_an_exception_is_logged_by_its_type_and_place_alone(logged):
    logger, text = logged
    try:
        refuse()
    except ValueError:
        logger.exception("Exception on %s", "/predict")
    assert text().startswith("Exception on /predict: ValueError at ")
    assert "test_quiet_log.py:" in text()
    assert text().rstrip().endswith(" in refuse")
    assert SECRET not in text()
    assert text().count("\n") == 1


def test_the_causes_of_an_exception_are_not_logged(logged):
    logger, text = logged
    try:
        try:
            refuse()
        except ValueError as error:
            raise KeyError(SECRET) from error
    except KeyError:
        logger.exception("again")
    assert text().startswith("again: KeyError at ")
    assert SECRET not in text()


def test_an_exception_given_as_itself_is_quiet_too(logged):
    logger, text = logged
    logger.error("found", exc_info=ValueError(SECRET))
    assert text() == "found: ValueError\n"


def test_other_records_pass_as_they_are(logged):
    logger, text = logged
    logger.info("ready on port %d", 3000)
    logger.error("no exception", exc_info=False)
    assert text() == "ready on port 3000\nno exception\n"


def test_exc_info_outside_of_an_exception_is_no_trouble(logged):
    logger, text = logged
    logger.error("nothing wrong", exc_info=True)
    assert text().startswith("nothing wrong")
