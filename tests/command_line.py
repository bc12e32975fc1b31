"""The command line, run in this process, and what each of its answers must be."""

import json

from typer.testing import CliRunner

import pinch


def run(*arguments):
    return CliRunner().invoke(pinch.app, [str(argument) for argument in arguments])


def answered(result):
    """The one JSON document on standard output; nothing else may be there."""
    assert result.exit_code == 0, result.output
    assert result.stdout.count("\n") == 1
    return json.loads(result.stdout, parse_constant=_no_json)


def _no_json(constant):
    raise AssertionError(f"{constant} is no JSON")


def refused(result, error):
    """The message of an error of ours, which goes to standard error alone."""
    assert result.exit_code == 1
    assert result.stdout == ""
    assert result.stderr.strip().startswith(f"{error}: ")
    assert "to mend: " in result.stderr
    assert "Traceback" not in result.output
    return result.stderr


def tidy(result, codes):
    """Demands an end with one of the exit codes and a message, not a traceback."""
    assert isinstance(result.exception, SystemExit), (
        f"a traceback of {result.exception!r}"
    )
    assert result.exit_code in codes
    assert result.stderr.strip()
