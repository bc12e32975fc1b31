"""What a command need not load: importing what fits models takes longer than checking a book."""

import subprocess
import sys

HEAVY = ("lightgbm", "matplotlib", "mlflow", "scipy", "sklearn")


def test_checking_a_book_loads_nothing_that_fits_models():
    loaded = f"print(sorted(set({HEAVY}) & set(sys.modules)))"
    program = (
        f"import sys, features.book, training.readiness, training.suspicion; {loaded}"
    )
    assert (
        subprocess.run(
            [sys.executable, "-c", program], capture_output=True, text=True, check=True
        ).stdout
        == "[]\n"
    )
