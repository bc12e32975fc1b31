"""Evaluation: walking forward through test dates, figures, intervals, and where the risks mislead."""

from training.metrics import defection_figures, migration_figures

__all__ = ["defection_figures", "migration_figures"]
