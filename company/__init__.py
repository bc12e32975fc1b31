"""A simulated company whose truth is known.

It writes books like a real company's (`write_sample`), and tells on request what no book can: who was going to
leave and why, and what would have happened otherwise (`simulate`). Nothing in the other packages imports it.
"""

from company.book import write_sample
from company.knobs import REASONS, Knobs
from company.world import World, simulate

__all__ = ["REASONS", "Knobs", "World", "simulate", "write_sample"]
