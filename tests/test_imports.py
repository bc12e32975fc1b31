"""Imports: contracts that catch the wrong ones, and commands that load no more than they need."""

import subprocess
import sys
from copy import deepcopy
from pathlib import Path

import grimp
import pytest
from importlinter.application import use_cases
from importlinter.configuration import configure
from importlinter.domain.contract import registry

ROOT = Path(__file__).parents[1]
HEAVY = ("lightgbm", "matplotlib", "mlflow", "scipy", "sklearn")

PLANTED = [
    ("models.fitted.defection", "lightgbm"),
    ("models.fitted.encoding", "scipy"),
    ("models.fitted.linear", "sklearn"),
    ("models.score.reasons", "mlflow"),
    ("features.snapshot.frame", "pyspark"),
    ("features.quadrants", "features.snapshot.frame"),
    ("features.engine", "features.themes.value"),
    ("features.snapshot.cohort", "features.snapshot.frame"),
    ("features.snapshot.frame", "company.world"),
    ("serving.night.without_models", "bentoml"),
    ("serving.endpoint.predictor", "serving.night.night"),
    ("serving.scorer", "training.fitting.models"),
    ("serving.scorer", "matplotlib"),
    ("training.past.labels", "training.fitting.models"),
    ("training.past.panel", "training.past.when_left"),
    ("training.gate", "mlflow"),
    ("commands.train", "lightgbm"),
    ("commands.check", "company.world"),
    ("pages.shell", "features.quadrants"),
    ("pages.shell", "mlflow"),
    ("pages.training.page", "pages.report.page"),
    ("company.rows", "features.snapshot.frame"),
    ("training.train", "commands.output"),
    ("pages.shell", "commands.output"),
    ("commands.train", "lightgbm"),
    ("commands.registry", "mlflow"),
    ("commands.options", "commands.check"),
]


@pytest.fixture(scope="module")
def options():
    configure()
    options = use_cases.read_user_options(str(ROOT / "pyproject.toml"))
    use_cases._register_contract_types(options)
    return options


@pytest.fixture(scope="module")
def graph(options):
    first, *rest = options.session_options["root_packages"]
    return grimp.build_graph(
        first, *rest, include_external_packages=True, cache_dir=None
    )


def broken(options, graph):
    """The names of the contracts that an import graph breaks."""
    names = []
    for described in options.contracts_options:
        make = registry.get_contract_class(described["type"])
        contract = make(described["name"], options.session_options, described)
        if not contract.check(deepcopy(graph), verbose=False).kept:
            names.append(described["name"])
    return names


def test_what_is_imported_keeps_every_contract(options, graph):
    assert broken(options, graph) == []


@pytest.mark.parametrize(("importer", "imported"), PLANTED)
def test_a_wrong_import_breaks_a_contract(options, graph, importer, imported):
    assert {importer, imported} <= graph.modules
    assert not graph.direct_import_exists(importer=importer, imported=imported)
    graph.add_import(importer=importer, imported=imported)
    try:
        assert broken(options, graph)
    finally:
        graph.remove_import(importer=importer, imported=imported)


def test_a_room_that_no_layer_names_breaks_a_contract(options, graph):
    graph.add_module("training.elsewhere")
    try:
        assert len(broken(options, graph)) == 1
    finally:
        graph.remove_module("training.elsewhere")


def test_checking_a_book_loads_nothing_that_fits_models():
    loaded = f"print(sorted(set({HEAVY}) & set(sys.modules)))"
    program = f"import sys, features.book.book, training.readiness, training.past.telltale_facts; {loaded}"
    found = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert found.stdout == "[]\n"
