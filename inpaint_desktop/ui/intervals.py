"""Intervals as musicians name them."""

from inpaint_desktop.ui.words import tr

INTERVALS = {
    0: "unison",
    1: "minor second",
    2: "major second",
    3: "minor third",
    4: "major third",
    5: "fourth",
    6: "tritone",
    7: "fifth",
    8: "minor sixth",
    9: "major sixth",
    10: "minor seventh",
    11: "major seventh",
    12: "octave",
    13: "minor ninth",
    14: "major ninth",
    15: "minor tenth",
    16: "major tenth",
    17: "eleventh",
    19: "twelfth",
    24: "two octaves",
}
"""The names of intervals by how many semitones they have."""


def interval_name(semitones: int) -> str:
    """An interval by its name and its semitones: ``fifth (7)``; ``23 semitones`` where it has no usual name."""
    if semitones in INTERVALS:
        return f"{tr(INTERVALS[semitones])} ({semitones})"
    return tr("{semitones} semitones", semitones=semitones)
