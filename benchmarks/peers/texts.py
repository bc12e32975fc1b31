"""The words of the page."""

from __future__ import annotations

from collections.abc import Mapping

INTRODUCTION = """
# Pinch beside its peers

What one would use instead of Pinch, on the same rows, labels and dates, against Pinch in one setting, its own default,
for all sets. Every figure of this page comes from

```sh
{command}
```

*Ahead* is by how much Pinch is better than the peer, with a 95% interval: above 0 it is better, in losses as well. It
*reaches* a peer where the lower end is above -{margin}.
"""
METHOD = """
## How it is measured

{books}

- All models learn at the test date from the same snapshots of earlier as-of dates, those whose outcome was known by
  then, and are judged on what happened after it. Pinch was made small and regularised with public sets in
  view, these among them, so they are no unseen test of its default setting.
- *Recency* is a logistic regression on days of silence, *logistic regression* one on all columns that Pinch reads: the
  baselines of `pinch evaluate`, and the latter is a half of Pinch itself.
- *BG/NBD* (Fader, Hardie, Lee 2005) sees no labels, only purchases known at the test date, by the day, of all accounts
  that ever bought; its risk is the chance of no purchase for as long as leaving takes.
- *LightGBM* and *CatBoost* run with their defaults, *FLAML* searches for {budget} s by cross-validation over accounts,
  on one core. They read recency, frequency and value (`{rfv}`),
  or *all columns* that Pinch reads.
- *Calibrated* log loss: by a line in log-odds, as the product does it: an earlier model is fitted on as-of dates whose
  outcomes were known before the last three, and its line is kept only where it helps on the newest. Where the history
  has no room for that ({no_room}), an earlier model is fitted on all dates but the newest, the line on the newest, and
  it is always kept; `pinch train` does not calibrate there, so its log loss is the plain one.
- Intervals hold 95% of {draws} resamplings of the accounts, with the same accounts for both models of a difference.
  Figures of simulated companies are means over the companies, each resampled by itself. FLAML's budget is in time, so
  another machine may find another model; all others are seeded.
"""
WHY: Mapping[str, str] = {
    "CDNOW": """
The one peer that is ahead, by about .001 in each figure and surely so, is logistic regression, which is a half of Pinch
itself: here risk goes in straight lines with the logarithms of silence and purchases, so trees have nothing to add, and
the mean of both halves gives a little away. That is well within the margin.""",
    "Online Retail": """
FLAML on all columns is ahead by some thousandths, which may be chance; what it finds are 22 trees of 4 leaves, so no
other kind of model, but a smaller one than Pinch's. In log loss it is within the margin, in ranking 3,323 accounts do
not tell. The calibrated losses are another matter. At the newest date learned from 51% had left, at the test date 42%:
the share goes down, and lines fitted before raise risks that are too high already. The less an earlier model said on
the newest date, the more: Pinch said 42% there, CatBoost on all columns 47%, LightGBM 48%, and at the test date their
lines take them from 47% to 56%, from 48% to 52% and from 48% to 51%. So every model but LightGBM is better without, and
the product, which asks for more history before it calibrates, has the plain loss.""",
    "The simulated company": """
No peer is surely ahead in any figure. But some hundred leavers in three companies leave intervals of ranking that are
wider than the margin, so that Pinch cannot be shown to reach even peers that it is ahead of. Recency, frequency and
value alone say little here, where accounts leave for what happened in service and in their answers to surveys.""",
}
"""By set: why Pinch does not reach a peer, as measured with the default options."""
