"""The command line of Pinch, ``pinch COMMAND``; each command has its file in ``commands``.

Exit codes: 0 done; 1 the book, the models or the evidence do not allow it, with a message that says how to mend it;
2 the command was called wrongly; those of ``pinch night`` are in ``commands/exit_code.py``.
"""

import typer

from commands.backtest import backtest
from commands.bento import bento
from commands.check import check
from commands.deliver import deliver
from commands.doctor import doctor
from commands.done import done
from commands.evaluate import evaluate
from commands.fetch import fetch
from commands.forecast import forecast
from commands.forget import forget
from commands.init import init
from commands.keys import keys
from commands.monitor import monitor
from commands.night import night
from commands.path import path
from commands.registry import models, promote, rollback
from commands.report import report
from commands.sample import sample
from commands.score import score
from commands.serve import serve
from commands.sql import sql
from commands.sync import sync
from commands.train import train
from commands.weights import weights
from commands.whatif import whatif
from commands.why import why

app = typer.Typer(
    help="""Tells which accounts are slipping away, which quadrant each is moving to, why, and what to do tonight.

    \b
    Start with:
      pinch sample demo/book
      pinch check demo/book
      pinch train demo/book
      pinch promote
      pinch night demo/book
      pinch serve""",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)

# In the order in which help lists them.
BOOK = (sample, init, check, sync, sql)
MODELS = (train, evaluate, backtest, promote, rollback, models)
NIGHT = (
    night,
    deliver,
    monitor,
    doctor,
    done,
    forget,
    why,
    score,
    report,
    weights,
    serve,
    fetch,
    bento,
)
AHEAD = (forecast, whatif, path)
for command in (*BOOK, *MODELS, *NIGHT, *AHEAD):
    app.command()(command)
app.add_typer(keys, name="keys")

if __name__ == "__main__":
    app()
