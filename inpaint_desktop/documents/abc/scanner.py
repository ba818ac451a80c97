"""Where the measures of an ABC tune lie, how long they last, and what governs them.

The scanner reads the header, cuts the body into tokens and gives each to the voice that it
belongs to (see ``voice``).

A measure's ``start`` and ``stop`` enclose its notes and what stands between them. What stands
before its first note and after its last one (chord symbols, inline fields, spaces, line ends,
comments) lies outside, and so stays as it is whatever happens to the notes.
"""

import re
from collections.abc import Iterator
from dataclasses import replace

from inpaint_desktop.documents.abc.fields import (
    EIGHTH,
    Context,
    UnreadableError,
    apply_field,
    field_of,
    unit_by_meter,
)
from inpaint_desktop.documents.abc.located import ScannedTune
from inpaint_desktop.documents.abc.tokens import Token, tokenize
from inpaint_desktop.documents.abc.tunes import Tune
from inpaint_desktop.documents.abc.voices import Voices
from inpaint_desktop.errors import FileDamagedError, FileError, FileTooLargeError

MAX_TUNE_LENGTH = 1_000_000

_BLANK_LINE = re.compile(r"\n[ \t]*(?=\n)")
_FIELDS = frozenset({"field", "comment", "inline"})
_WITHOUT_MUSIC = frozenset({"field", "comment", "text", "inline", "newline", "space", "continuation"})


def scan_tune(text: str, tune: Tune, file_name: str) -> ScannedTune:
    """Find the measures of ``tune`` in ``text``, whose line ends are even.

    Raises:
        FileDamagedError: the text is not ABC, with the line and column where it stops making sense.
        FileTooLargeError: the tune is beyond the limits.
    """
    if tune.body_start < 0:
        line = text.count("\n", 0, tune.start) + 1
        message = (
            f"In {file_name}, line {line}, column 1, a tune begins that has no K: line, which ends the header;"
            " add one such as K:C."
        )
        raise FileDamagedError(message)
    if tune.stop - tune.start > MAX_TUNE_LENGTH:
        message = f"The tune {tune.label} of {file_name} is longer than {MAX_TUNE_LENGTH} characters; split it."
        raise FileTooLargeError(message)
    return _Scanner(text, tune, file_name).scan()


class _Scanner:
    """Walks over a tune once; ``scan`` is the only entry."""

    def __init__(self, text: str, tune: Tune, file_name: str) -> None:
        self._text, self._tune, self._file_name = text, tune, file_name
        self._context = Context()  # of all voices that have not begun yet
        self._voices = Voices(file_name)

    def scan(self) -> ScannedTune:
        token = Token("field", self._tune.start, self._tune.start, "")
        try:
            for token in self._header_fields():
                self._take_header_field(token)
            self._choose_default_unit()
            for token in tokenize(self._text, self._tune.body_start, self._tune.stop):
                self._take(token)
            self._voices.close(self._tune.stop)
        except UnreadableError as error:
            raise self._damage(token, str(error)) from error
        voices = self._voices.results(self._tune.title)
        if not voices:
            raise self._damage(token, "the tune has no notes; choose another tune or add some")
        return ScannedTune(self._file_name, self._tune.title, voices)

    # The header

    def _header_fields(self) -> Iterator[Token]:
        """The fields of the file header, which hold for all tunes, then those of the tune header."""
        yield from self._lines(0, self._file_header_stop())
        yield from self._lines(self._tune.start, self._tune.body_start)

    def _file_header_stop(self) -> int:
        """Where the file header ends: at the first tune, or at the first blank line before it."""
        first_tune = 0 if self._text.startswith("X:") else self._text.find("\nX:")
        blank = _BLANK_LINE.search(self._text, 0, max(first_tune, 0))
        return blank.start() if blank else max(first_tune, 0)

    def _lines(self, start: int, stop: int) -> Iterator[Token]:
        return (token for token in tokenize(self._text, start, stop) if token.kind in {"field", "comment"})

    def _take_header_field(self, token: Token) -> None:
        letter, value = field_of(token.text)
        if letter == "V":
            self._voices.declare(value)
        else:
            self._take_common_field(letter, value)

    def _take_common_field(self, letter: str, value: str) -> None:
        """A field that holds for all voices."""
        if letter == "I":
            self._voices.arrange(value)
        self._context = apply_field(self._context, letter, value)

    def _choose_default_unit(self) -> None:
        if any(token.text.startswith("L:") for token in self._header_fields()):
            return
        unit = EIGHTH if self._context.is_free else unit_by_meter(self._context.meter)
        self._context = replace(self._context, unit=unit)

    # The body

    def _take(self, token: Token) -> None:
        letter, value = field_of(token.text) if token.kind in _FIELDS else ("", "")
        voice = self._voices.current
        if letter == "V" and self._voices.choose(token, self._context):
            return
        if voice is not None:
            voice.take(token)
        elif token.kind in _WITHOUT_MUSIC:
            self._take_common_field(letter, value)
        else:
            self._voices.begin(self._context, self._tune.body_start).take(token)

    def _damage(self, token: Token, reason: str) -> FileError:
        line = self._text.count("\n", 0, token.start) + 1
        column = token.start - self._text.rfind("\n", 0, token.start)
        return FileDamagedError(f"In {self._file_name}, line {line}, column {column}, {reason}.")
