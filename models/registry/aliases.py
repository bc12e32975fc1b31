"""The aliases, champion and challenger: which training each belongs to (docs/adr/0018).

The alias of the defection model says which training it is, and the migration model of the same training goes with it.
MLflow's own alias of the migration model is for people and for MLflow's tools: no reader of ours goes by it. So one
write moves both models, and whoever reads meanwhile, or after a crash, sees the one training or the other.
"""

from __future__ import annotations

from models.registry.mlflow_client import Client, NotThereError
from models.registry.versions import DEFECTION, MIGRATION, Version

CHAMPION, CHALLENGER = "champion", "challenger"


class Aliases:
    """The aliases of a store."""

    def __init__(self, client: Client) -> None:
        self._client = client

    def versions(self, alias: str) -> list[Version]:
        """The versions of the training that has an alias, that of defection first; none where none has it."""
        number = self._numbers(DEFECTION).get(alias)
        if number is None:
            return []
        found = self._client.get_model_version(DEFECTION, number)
        return self.of_training(Version(DEFECTION, number, str(found.run_id)))

    def of_training(self, version: Version) -> list[Version]:
        """A version of the defection model, and that of migration from the same training where there is one."""
        return [version, *find_versions(self._client, MIGRATION, version.run_id)[:1]]

    def point(self, alias: str, versions: list[Version]) -> None:
        """Gives an alias to the versions of a training: the last write is the one that readers go by."""
        numbers = {version.name: version.number for version in versions}
        if MIGRATION in numbers:
            self._client.set_registered_model_alias(
                MIGRATION, alias, numbers[MIGRATION]
            )
        elif alias in self._numbers(MIGRATION):
            self._client.delete_registered_model_alias(MIGRATION, alias)
        self._client.set_registered_model_alias(DEFECTION, alias, numbers[DEFECTION])

    def _numbers(self, name: str) -> dict[str, str]:
        """The numbers of the versions of a model that have an alias, by alias."""
        try:
            found = self._client.get_registered_model(name)
        except NotThereError:
            return {}
        return {str(alias): str(number) for alias, number in found.aliases.items()}


def find_versions(
    client: Client, name: str, run_id: str | None = None
) -> list[Version]:
    """The versions of a model, newest first: all of them, or those of one training."""
    of_run = "" if run_id is None else f" and run_id = '{run_id}'"
    found = client.search_model_versions(
        f"name = '{name}'{of_run}", order_by=["version_number DESC"]
    )
    return [
        Version(name, str(version.version), str(version.run_id)) for version in found
    ]
