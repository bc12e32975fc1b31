"""How a training is kept in MLflow: a run with its figures, texts, data set and commit, and a version of each model.

What of a training is kept is decided in ``training/mlflow_record.py``.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

from models.registry.mlflow_client import Client, NotThereError, using
from models.registry.packing import Model, log_model
from models.registry.store import EXPERIMENT
from models.registry.versions import (
    DEFECTION,
    DIGEST,
    GATE,
    MIGRATION,
    DataSet,
    Record,
    Version,
)

_ABOUT = {
    DEFECTION: "The risk that an account has left by each horizon, from a snapshot of its features.",
    MIGRATION: "The chance of each settled quadrant at 90 days if the account stays, and of each as its next answer.",
}
_SOURCE = "mlflow.source.name"


def keep_training(
    client: Client, record: Record, models: Mapping[str, Model], workplace: Path
) -> list[Version]:
    """Keeps a training and registers its models, and gives their versions.

    Args:
        client: of the store.
        record: what is kept beside the models.
        models: fitted, by the name of the registered model.
        workplace: a folder for the files on their way.
    """
    with using(client.uri):
        import mlflow

        experiment, tags = _experiment(client), {**_origin(), **record.tags}
        started = mlflow.start_run(
            experiment_id=experiment,
            run_name=record.name,
            description=record.about,
            tags=tags,
        )
        with started as run:
            run_id = str(run.info.run_id)
            mlflow.log_params(
                {name: str(value)[:500] for name, value in record.params.items()}
            )
            mlflow.log_metrics(dict(record.metrics))
            for name, text in record.texts.items():
                mlflow.log_text(text, name)
            if record.data is not None:
                _log_data(client, run_id, record.data)
            logged = {
                name: log_model(model, name, workplace, record.example)
                for name, model in models.items()
            }
        return [
            _register(client, name, run_id, of_model, record)
            for name, of_model in logged.items()
        ]


def _origin() -> dict[str, str]:
    """Tags that say what trained: Pinch, and its commit where its code lies in a repository."""
    from mlflow.utils.git_utils import get_git_commit

    commit = get_git_commit(str(Path(__file__).parent))
    return {
        _SOURCE: "pinch",
        **({"mlflow.source.git.commit": str(commit)} if commit else {}),
    }


def _experiment(client: Client) -> str:
    found = client.get_experiment_by_name(EXPERIMENT)
    return str(
        client.create_experiment(EXPERIMENT) if found is None else found.experiment_id
    )


def _log_data(client: Client, run_id: str, data: DataSet) -> None:
    from mlflow.entities import Dataset, DatasetInput, InputTag

    source = json.dumps({"tags": {_SOURCE: "pinch"}})
    profile = json.dumps({"num_rows": data.rows})
    logged = Dataset(data.name, data.digest[:36], "code", source, profile=profile)
    client.log_inputs(
        run_id, [DatasetInput(logged, [InputTag("mlflow.data.context", "training")])]
    )


def _register(
    client: Client, name: str, run_id: str, logged: tuple[str, str], record: Record
) -> Version:
    """Registers a model by what `log_model` gave of it."""
    model_id, digest = logged
    said = {f"{GATE}{verdict.name}": verdict.text[:5000] for verdict in record.verdicts}
    try:
        client.get_registered_model(name)
    except NotThereError:
        client.create_registered_model(name, description=_ABOUT[name])
    made = client.create_model_version(
        name=name,
        source=f"models:/{model_id}",
        run_id=run_id,
        model_id=model_id,
        tags={DIGEST: digest, **said},
        description=record.about,
    )
    return Version(name, str(made.version), run_id)
