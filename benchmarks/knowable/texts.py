"""The words of the page."""

from __future__ import annotations

INTRODUCTION = """
# How much of the knowable the models know

Much of why accounts leave is chance, so no model can be perfect; the question is how near it comes to the best possible
one. The [sample company](company.md) has an oracle, which knows every hidden state and lives the future hundreds of
times. From the loss of the simplest baseline to that of the oracle is what can be known at all; here is the share of
that way that Pinch goes. Every figure of this page comes from

```sh
.venv/bin/{command}
```
"""
METHOD = """
## How it is measured

Each seed is a company of {accounts} accounts over {months} months. The as-of date lies {weeks} weeks before the data
stops. Models and baselines are fitted with their defaults on what was known by then, as in walk-forward evaluation, and
predict for everybody who was a customer as far as anyone knew. The models read {columns} columns. Nothing was chosen on
these companies.

- *Expected log loss*: the mean of -(p log q + (1 - p) log(1 - q)), p being the oracle's probability of leaving, q the
  model's. Which of the likely things then happened plays no part, so it has far less noise than the *realised* log
  loss, which takes what happened for p. The oracle's own is its entropy. For migration the sum goes over *defected* and
  the four quadrants that surveys will show. Where surveys will show none there is nothing to judge: an account's
  probabilities are those given that there is something, and it counts as much as that is likely.
- *Share* = (simplest baseline - model) / (simplest baseline - oracle). The simplest baseline is one rate for all, known
  at training, for defection, and staying put for migration.
- *The oracle is itself a mean over draws* ({draws}), and a noisy p has too small an entropy (Jensen). The bias falls as
  one over the draws, so every loss is measured with all the draws and with {half}, and extrapolated to endlessly many.
  The oracle's answer is drawn towards the mean of all accounts by one draw, so that none is exactly 0; in logarithms
  chances are kept {sure:g} from 0.
- *Who is counted*: {counted} accounts. Besides, {hidden} had left without a word just before the date: the book did not
  know it yet, so the models score them, but there is nothing left for the oracle to say of them.
- *Nobody can reach 100%.* The oracle sees warmth, patience and who has turned away inwardly; the book holds only their
  traces.
"""
ANSWERED = """
Share of the knowable closed. *Realised* is the mean over the seeds with what happened to happen in the place of the
oracle's probabilities: one future each, noisy by nature.
""".strip()
SILENT = """
## Are silent leavers seen, and seen as silent?

The models have no output of their own for silent and overt leaving. What there is: how well the risk at 90 days tells
each kind of leaver from those who stay, and the reasons. All companies are pooled, and the as-of dates {weeks} weeks
before the end; the models are those of the first date, and a leaver may be seen from several dates. *Lift* is that of
the tenth with the highest risk, date by date.

{table}

Among leavers, what *gone quiet* adds to the risk less what *what they let us feel* adds ranks the silent above the
overt with an AUC of {ours:.3f}; the oracle's own probability that a leaver goes without a word, with {best:.3f}.
"""
CAUSES = """
## Do reasons name what was truly at work?

Of those who left within 90 days, seen from the same dates: whether the theme of the first reason, or of any of the
three, is one that names what was at work when the account turned away. *By chance* is the same after mixing the causes
among the leavers ({permutations} times).

{table}

Left out are {chance} seen of whom no theme can name the cause: they died or moved, or were fading already when the
records began. What turned an account away and how that shows are two things. For weeks before it leaves, whoever turned
away for whatever reason fades or speaks up; the risk is best read from that, so *gone quiet* or *what they let us feel*
often comes before the cause.
"""
DIAGNOSIS = """
## What holds it back

Measured on other companies (seeds {seeds}), so that the ones above stay unused for any choice. The same models at 90
days, fitted anew after being told a hidden state exactly, as if a column measured it without error; mean shares:

{worth}

And where the loss above the oracle's lies (all these companies, 90 days):

{gaps}

{turned} of the accounts have turned away inwardly, and {part} of the loss lies with them: Pinch puts their risk at
{ours} on average, the oracle at {best}. What holds Pinch back for defection is thus to see that an account has turned
away. Told so, it would close {mood}. Of the states that are no answer in themselves the one worth most is *{most}*:
told it alone, Pinch would close {most_worth}, against {plain} with what it reads now and {larger} with {times} times as
many accounts to learn from.

The book shows turning away only by its traces. Who goes silently does a little less each week, and what an account does
in a few weeks is a handful of rows, so the fading is seen late; and harmless breaks look the same. Who speaks up asks
and complains more often, for a few weeks before leaving. A hidden state is told here without error, which no column can
do. How much the columns hold of it the last row shows: a booster taught with the oracle's own probabilities, free of
chance, of {times} times as many accounts at {dates} dates, closes {taught}. That is about what the columns hold, to be
set beside the aim of {aim}. From {plain} to there it is a matter of few leavers to learn from and of chance in what
they did; beyond, of columns that read more from the book, as far as it holds more.

For migration it is *{migration_most}*, which takes {migration_plain} to {migration_worth}: the quadrant at the horizon
is made of survey answers still to come, and the last three answers are a noisy sign of them.
"""
