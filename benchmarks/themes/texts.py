"""The words of the page."""

from __future__ import annotations

INTRODUCTION = """
# Which theme is worth what

The columns that the models read come in themes, one for each kind of reason. Here each theme is left out in turn, and
each is kept alone beside recency (`{recency}`), and the models are fitted anew: what they lose, and what they gain over
recency, is what the theme is worth. Every figure of this page comes from

```sh
{command}
```
"""
METHOD = """
## How it is measured

{books}

- Models are fitted by the product's own fitting with its default setting on what was known at the test date, and judged
  on what happened after it. Nothing was chosen on these figures.
- *Left out*: the models are fitted as if the theme's columns had never been known, the quadrant of today in the matrix
  of moves included. Columns of other themes stay, also those made of the same rows, and themes that say much the same
  stand in for each other; so what is lost by leaving one out is the least that it is worth, and what it adds to
  recency alone is near the most.
- *Intervals* hold 95% of {draws} resamplings of the accounts, with the same accounts for both models of a difference.
  Figures of simulated companies are means over the companies, each resampled by itself.
- *The models themselves* hang on chance as well, on which columns the trees are offered, and the intervals do not tell
  that. So every model is grown with {growings} seeds, and figures are means over them. What chance is left shows in the
  row *grown anew*, where no column is left out and only the seeds are others: a theme worth no more than that is not
  told from nothing. And of twenty themes worth nothing one leaves out 0 by chance.
- *First reasons*: of the tenth of the accounts with the highest risk, the share whose first reason is of the theme.
"""
SIGNS = """
Every difference is *with the theme* minus *without it*: a theme helps where its AUC is above 0 and its log loss below.
**Bold** is an interval that leaves out 0. *Columns* are those of the theme that vary in what the models learn from.
"""
FEATURES_HEAD = """
## Features that help nowhere

The share of each feature in all that the full models add up, in absolute terms, over the accounts judged on. {count} of
{all} features have a share of exactly 0 in every model of every book{end} Only a feature that is the same in all rows
learned from can have that: to any other the logistic regression gives some weight, if little.
"""
UNGROWN = """
{count} more are read by no tree of any booster, for defection or migration; what they add comes from the logistic
regression alone{end}
"""
IDLE_END = ": candidates to go, unless what they say is still to be told to people."
UNGROWN_END = ". The share is the largest in any model."
