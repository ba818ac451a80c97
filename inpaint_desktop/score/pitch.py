"""Pitches as they are written: a step, an alteration and an octave."""

import re
from dataclasses import dataclass
from typing import Self

from inpaint_desktop.errors import ScoreError

STEPS = "CDEFGAB"
STEP_SEMITONES = {"C": 0, "D": 2, "E": 4, "F": 5, "G": 7, "A": 9, "B": 11}

_NAME = re.compile(r"([A-G])(#{0,3}|b{0,3})(-?\d+)")


@dataclass(frozen=True, slots=True)
class Pitch:
    """A written pitch: ``Pitch("F", 1, 4)`` is F sharp in the octave of middle C."""

    step: str
    alter: int
    octave: int

    @classmethod
    def parse(cls, name: str) -> Self:
        """Read a scientific pitch name such as ``F#4``, ``Bb3`` or ``C5``.

        Raises:
            ScoreError: ``name`` is not a pitch name.
        """
        match = _NAME.fullmatch(name)
        if match is None:
            message = f"'{name}' is not the name of a pitch, such as F#4 or Bb3."
            raise ScoreError(message)
        step, accidental, octave = match.groups()
        return cls(step, accidental.count("#") - accidental.count("b"), int(octave))

    @property
    def midi(self) -> int:
        """The MIDI note number; middle C (C4) is 60."""
        return 12 * (self.octave + 1) + STEP_SEMITONES[self.step] + self.alter

    @property
    def name(self) -> str:
        """The scientific pitch name, the inverse of ``parse``."""
        return f"{self.step}{'#' * self.alter}{'b' * -self.alter}{self.octave}"

    @property
    def staff_position(self) -> int:
        """The diatonic step number; C4 is 28, and one staff step up adds 1."""
        return 7 * self.octave + STEPS.index(self.step)
