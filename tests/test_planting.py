"""The tester of tests: what faults it plants, and that each is in the module that it gives back."""

import importlib.util
from pathlib import Path

import pytest

SPEC = importlib.util.spec_from_file_location(
    "planting", Path(__file__).parents[1] / ".ci" / "planting.py"
)
planting = importlib.util.module_from_spec(SPEC)
SPEC.loader.exec_module(planting)

FAULTS = {
    "a < 1": ["1 -> 2", "a < 1 -> a <= 1"],
    "not a": ["not a -> a"],
    "a and b or c": ["a and b -> a or b", "a and b or c -> (a and b) and c"],
    "-a + b": ["-a -> a", "-a + b -> -a - b"],
    "a is not True": ["True -> False", "a is not True -> a is True"],
    "'said and done'": [],
    "'select a where a <= 1'": [
        "'select a where a <= 1' -> 'select a where a < 1'",
    ],
    "f'where {a} and known_us > {b}'": [
        "' and known_us > ' -> ' or known_us > '",
        "' and known_us > ' -> ' and known_us >= '",
    ],
}


@pytest.mark.parametrize("source", FAULTS)
def test_each_fault_is_listed_and_can_be_planted_alone(source):
    found = planting.faults_of(f"x = {source}")
    assert found == [f"line 1: {fault}" for fault in FAULTS[source]]
    tree = planting.ast.dump(planting.ast.parse(f"x = {source}"))
    planted = [
        planting.ast.dump(planting.plant(f"x = {source}", n)) for n in range(len(found))
    ]
    assert len({tree, *planted}) == 1 + len(found)


def test_what_is_given_back_is_forgotten_and_docstrings_and_types_stay():
    source = '''
def f(a: int | None = None) -> bool | None:
    """Selects: a_us and b."""
    return a
'''
    assert planting.faults_of(source) == ["line 4: a -> None"]
    names = {}
    exec(compile(planting.plant(source, 0), "f", "exec"), names)
    assert names["f"](1) is None
