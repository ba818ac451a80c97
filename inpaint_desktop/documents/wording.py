"""How measures, and what was lost in them, are named in sentences for a person."""

from collections.abc import Sequence
from itertools import groupby


def measure_names(numbers: Sequence[str], indices: Sequence[int]) -> str:
    """Name measures as the score does: ``measure 7``, ``measures 7 to 9``, ``measures 7 and 9 to 11``.

    ``numbers`` are those of all measures, ``indices`` the places of the ones that are meant.
    """
    runs = [
        [numbers[index] or "?" for _, index in run]
        for _, run in groupby(enumerate(indices), key=lambda placed: placed[1] - placed[0])
    ]
    names = [run[0] if len(run) == 1 else f"{run[0]} to {run[-1]}" for run in runs]
    listed = ", ".join(names[:-1]) + " and " + names[-1] if len(names) > 1 else names[0]
    return f"{'measure' if len(indices) == 1 else 'measures'} {listed}"


def gone(what: str, numbers: Sequence[str], indices: Sequence[int]) -> str:
    """Say that something which hung on replaced notes of these measures is gone."""
    return f"{what} of {measure_names(numbers, indices)} went with the notes that were replaced."


def to_single_notes(numbers: Sequence[str], indices: Sequence[int]) -> str:
    """Say that chords of these measures are gone."""
    return f"The chords of {measure_names(numbers, indices)} gave way to single notes."
