"""A verdict: what one rule of the gate said of a training, in one sentence with its figures."""

from __future__ import annotations

from dataclasses import dataclass

PASSED, FAILED = "passed", "failed"


@dataclass(frozen=True)
class Verdict:
    """What one rule said.

    Attributes:
        name: of the rule.
        passed: whether the training may become champion as far as this rule goes.
        sentence: why, with figures.
    """

    name: str
    passed: bool
    sentence: str

    @property
    def text(self) -> str:
        """The verdict as one text.

        Example:
            >>> Verdict("calibration", False, "0.03 above the floor").text
            'failed: 0.03 above the floor'
        """
        return f"{PASSED if self.passed else FAILED}: {self.sentence}"


def of_text(name: str, text: str) -> Verdict:
    """The verdict of a rule that a text holds; whatever does not say that it passed has failed.

    Example:
        >>> of_text("calibration", "failed: 0.03 above the floor")
        Verdict(name='calibration', passed=False, sentence='0.03 above the floor')
    """
    said, _, sentence = text.partition(": ")
    return Verdict(name, said == PASSED, sentence)
