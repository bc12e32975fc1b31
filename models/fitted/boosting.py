"""Gradient boosting: the one place that knows LightGBM.

Small and regularised on purpose: on small public sets LightGBM's own defaults lose to days since last purchase. Values
are put into bins once, for all boosters that are grown on some of the rows.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace

import numpy as np
import numpy.typing as npt

from features.errors import ModelError
from models.fitted.encoding import Matrix

try:
    import lightgbm
except (
    OSError
) as error:  # the wheel brings no OpenMP of its own, and slim images have none
    raise ModelError(
        found=f"LightGBM without a library that it needs ({error})",
        expected="the OpenMP library libgomp",
        mend="apt-get install libgomp1",
    ) from None


Places = npt.NDArray[np.int64]
_END = "end of parameters\n\npandas_categorical:null\n"
"""How LightGBM ends a text; one that was cut in its last part would be read all the same."""


@dataclass(frozen=True, kw_only=True)
class Setting:
    """How a booster is grown.

    Attributes:
        trees: how many, per class.
        leaves: the most a tree may have.
        learning_rate: the share of each tree that is taken.
        rows_per_leaf: the fewest rows in a leaf.
        l2: regularisation of the leaves' values.
        columns_per_tree: share of the columns that a tree may use.
        bins: the most that the values of a column are put into.
        seed: of the choice of columns.
    """

    trees: int = 60
    leaves: int = 7
    learning_rate: float = 0.1
    rows_per_leaf: int = 40
    l2: float = 20.0
    columns_per_tree: float = 0.2
    bins: int = 63
    seed: int = 1

    @property
    def wider(self) -> Setting:
        """The same with twice the columns a tree, which migration needs (docs/adr/0022)."""
        return self.changed(columns_per_tree=min(2 * self.columns_per_tree, 1.0))

    def changed(self, **changes: float) -> Setting:
        """A copy with some values changed."""
        return replace(self, **changes)  # type: ignore[arg-type]

    def facts(self) -> dict[str, float]:
        """The values by name."""
        return asdict(self)


class Booster:
    """A fitted booster; its text is its whole."""

    def __init__(self, text: str) -> None:
        """Reads a booster's text. The caller has checked that it is whole: a cut text can end the process."""
        self.text = text
        if not text.endswith(_END):
            raise _unread("a text that was cut")
        try:
            self._booster = lightgbm.Booster(model_str=text)
        except lightgbm.basic.LightGBMError as error:
            raise _unread(str(error)) from None

    def raw(self, matrix: Matrix) -> Matrix:
        """Log-odds of each row, or with several classes one column each, less the offset it was fitted with."""
        return np.asarray(self._booster.predict(matrix, raw_score=True, num_threads=1))

    def contributions(self, matrix: Matrix) -> Matrix:
        """Exact TreeSHAP: what each column adds to the log-odds of each row, shape (rows, columns)."""
        return np.asarray(
            self._booster.predict(matrix, pred_contrib=True, num_threads=1)
        )[:, :-1]


class Bins:
    """Rows of which each value is in a bin; boosters are grown on some of them or on all."""

    def __init__(self, matrix: Matrix, categorical: Sequence[int], most: int) -> None:
        """Puts values into bins.

        Args:
            matrix: shape (rows, columns).
            categorical: places of columns that hold codes.
            most: the most bins of a column.
        """
        self._rows = lightgbm.Dataset(
            matrix,
            label=np.zeros(len(matrix)),
            categorical_feature=list(categorical),
            params={
                "max_bin": most,
                "feature_pre_filter": False,
                "num_threads": 1,
                "verbose": -1,
            },
        ).construct()

    def grow(
        self,
        rows: Places,
        outcome: Matrix,
        setting: Setting,
        *,
        weight: Matrix | None = None,
        classes: int = 2,
        offset: Matrix | None = None,
    ) -> Booster:
        """Fits a booster.

        Args:
            rows: the places of those that it is fitted on, ascending.
            outcome: class of each of them, from 0.
            setting: how it is grown.
            weight: for how many rows each stands; 1 where left out.
            classes: how many classes there are.
            offset: log-odds to start from, shape (rows,) or (rows, classes).
        """
        chosen = self._rows.subset(rows.tolist()).construct()
        # After it is constructed, which takes over the label of all rows.
        chosen.set_label(outcome)
        chosen.set_weight(weight)
        if offset is not None:
            chosen.set_init_score(offset.ravel(order="F"))
        trained = lightgbm.train(
            _parameters(setting, classes, len(rows)),
            chosen,
            num_boost_round=setting.trees,
        )
        return Booster(trained.model_to_string())


def grow(
    matrix: Matrix,
    outcome: Matrix,
    setting: Setting,
    *,
    categorical: Sequence[int],
    classes: int = 2,
    offset: Matrix | None = None,
) -> Booster:
    """Fits a booster on rows that no other is fitted on; see `Bins`."""
    bins = Bins(matrix, categorical, setting.bins)
    return bins.grow(
        np.arange(len(matrix)), outcome, setting, classes=classes, offset=offset
    )


def _parameters(setting: Setting, classes: int, rows: int) -> dict[str, object]:
    objective = (
        {"objective": "binary"}
        if classes == 2
        else {"objective": "multiclass", "num_class": classes}
    )
    return {
        **objective,
        "num_leaves": setting.leaves,
        "learning_rate": setting.learning_rate,
        "min_data_in_leaf": min(setting.rows_per_leaf, max(rows // 20, 1)),
        "lambda_l2": setting.l2,
        "feature_fraction": setting.columns_per_tree,
        "seed": setting.seed,
        "deterministic": True,
        "force_col_wise": True,
        "num_threads": 1,  # several boosters are grown at once instead; OpenMP's threads spin when cores are busy
        "verbose": -1,
    }


def _unread(found: str) -> ModelError:
    return ModelError(
        found=found,
        expected="a LightGBM model as text",
        mend="fetch the model again, or train again",
    )
