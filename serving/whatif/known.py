"""What is known of a kind of event: the models' edit and the evidence of past ones, put together."""

from __future__ import annotations

from dataclasses import dataclass

from features.edits.kinds import Kind
from models.effects.evidence import Evidence
from models.effects.posterior import Posterior, met, posterior
from serving.whatif.edited import expected_excess
from serving.whatif.scene import Scene


@dataclass(frozen=True)
class Known:
    """What is known of a kind of event.

    Attributes:
        kind: which.
        evidence: of past events.
        by_edit: what the models' edit adds to the hazard of those it meets, in parts of it.
        posterior: both together.
        usual: the dependence of those that such events usually meet.
    """

    kind: Kind
    evidence: Evidence
    by_edit: float
    posterior: Posterior
    usual: float


def known_of(scene: Scene, kind: Kind, evidence: Evidence) -> Known:
    """What is known of a kind of event at a date.

    Args:
        scene: the book at the date.
        kind: of event.
        evidence: of past events, as far as was known by the date.
    """
    seen = evidence.events > 0
    everybody = float(scene.held(kind)["dependence"].mean())
    usual = met(evidence).usual_dependence if seen else everybody
    by_edit = expected_excess(scene, kind, usual)
    return Known(kind, evidence, by_edit, posterior(by_edit, evidence), usual)
