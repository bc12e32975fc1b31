"""The tester of tests: what faults it plants, and that each is in the module that it gives back."""

from pathlib import Path

import mutants
import planting
import pytest

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


def test_the_modules_of_the_core_and_their_tests_are_there():
    root = Path(mutants.__file__).parents[1]
    for module, tests in mutants.CORE.items():
        assert (root / module).is_file(), module
        for name in tests.split():
            assert (root / "tests" / name).is_file(), name
