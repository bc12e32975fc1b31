"""The registry: trainings and their models in MLflow, promoted, rolled back and fetched."""

from models.registry.registry import Registry

__all__ = ["Registry"]
