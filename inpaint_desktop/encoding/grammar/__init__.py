"""What may stand at a tick: the one place that decides it, for every decoder.

A musician's wishes are a value, ``Constraints``. ``measure_rules`` has what holds in any measure (no rhythm that cannot
be written, the range, the key) as tables of a small automaton. What reaches over measures (locked notes, a kept
rhythm, leaps, counts) becomes ``Rules`` of one gap: a larger automaton with a table of what can still be reached from
each of its states. A decoder that keeps to it never gets stuck, and what it writes meets every constraint exactly.
"""

from inpaint_desktop.encoding.grammar.constraints import Constraints
from inpaint_desktop.encoding.grammar.gap import Gap
from inpaint_desktop.encoding.grammar.measure_rules import FREE, Division, Grammar, grammar_of
from inpaint_desktop.encoding.grammar.refusing import NO_NOTES, checked_rules
from inpaint_desktop.encoding.grammar.rules import Resemblance, Rules, Walk

__all__ = [
    "FREE",
    "NO_NOTES",
    "Constraints",
    "Division",
    "Gap",
    "Grammar",
    "Resemblance",
    "Rules",
    "Walk",
    "checked_rules",
    "grammar_of",
]
