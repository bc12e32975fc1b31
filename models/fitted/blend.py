"""The blend: boosting and logistic regression, a weighted mean of their log-odds (docs/adr/0003, 0011, 0025).

Boosting finds thresholds and interactions; the regression goes on in a straight line where a test date holds values
that no training date held, such as longer silences. On the public sets the mean of both is as good as the better one.
With few leavers boosting finds what is not there, so its share shrinks and the blend comes near to the regression.
Where leaving is judged by a quiet period the chance of one is a third member, whose share grows as leavers become few.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from models.fitted.boosting import Booster
from models.fitted.encoding import Matrix
from models.fitted.linear import Linear, of_numbers
from models.fitted.quiet import QuietOdds

Array = npt.NDArray[np.float64]

FULL_SHARE = 0.5
"""The booster's share where leavers are many."""


@dataclass(frozen=True)
class Blend:
    """A booster and a regression, fitted on the same rows.

    Attributes:
        booster: boosting.
        linear: logistic regression.
        share: the booster's share in the log-odds of both; the rest is the regression's.
        quiet: the chance of a quiet period; None where leaving is not judged by one.
        quiet_share: its share in the log-odds of all three.
    """

    booster: Booster
    linear: Linear
    share: float = FULL_SHARE
    quiet: QuietOdds | None = None
    quiet_share: float = 0.0

    def raw(self, matrix: Matrix) -> Matrix:
        """Log-odds of each row."""
        both = self._mean(self.booster.raw(matrix), self.linear.raw(matrix))
        return (
            both
            if self.quiet is None
            else self._with_quiet(both, self.quiet.raw(matrix))
        )

    def contributions(self, matrix: Matrix) -> Matrix:
        """What each column adds to the log-odds of each row, shape (rows, columns)."""
        both = self._mean(
            self.booster.contributions(matrix), self.linear.contributions(matrix)
        )
        return (
            both
            if self.quiet is None
            else self._with_quiet(both, self.quiet.contributions(matrix))
        )

    def files(self, stem: str) -> dict[str, str]:
        """The texts that hold it, by file name."""
        files = {
            f"{stem}.booster.txt": self.booster.text,
            f"{stem}.linear.json": json.dumps(self.linear.numbers()),
        }
        if self.quiet is not None:
            files[f"{stem}.quiet.json"] = json.dumps(
                {"share": self.quiet_share, **self.quiet.numbers()}
            )
        return files

    def _mean(self, boosted: Matrix, regressed: Matrix) -> Matrix:
        return self.share * boosted + (1.0 - self.share) * regressed

    def _with_quiet(self, both: Matrix, quiet: Matrix) -> Matrix:
        return (1.0 - self.quiet_share) * both + self.quiet_share * quiet


def of_files(files: dict[str, str], stem: str, share: float = FULL_SHARE) -> Blend:
    """The blend that `Blend.files` wrote under a stem, with the booster's share, which is kept elsewhere."""
    linear = of_numbers(json.loads(files[f"{stem}.linear.json"]))
    blend = Blend(Booster(files[f"{stem}.booster.txt"]), linear, share)
    if f"{stem}.quiet.json" not in files:
        return blend
    numbers = json.loads(files[f"{stem}.quiet.json"])
    quiet_share = numbers.pop("share")
    return replace(blend, quiet=QuietOdds(**numbers), quiet_share=quiet_share)
