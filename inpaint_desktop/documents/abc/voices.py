"""The voices of an ABC tune: which there are, which one the text is in, and in which order they stand.

A ``V:`` field in the header declares a voice and its properties; one in the body, on a line of
its own or inline, begins or goes on with a voice. Music before the first ``V:`` belongs to the
first voice. The voices are put into the order of ``%%score``, if there is one.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from inpaint_desktop.documents.abc.fields import Context, UnreadableError, apply_field, field_of
from inpaint_desktop.documents.abc.located import ScannedVoice
from inpaint_desktop.documents.abc.tokens import Token
from inpaint_desktop.documents.abc.voice import VoiceScanner
from inpaint_desktop.documents.limits import MAX_PARTS

_NAME = re.compile(r"\b(?:name|nm)\s*=\s*(?:\"([^\"]*)\"|(\S+))")
_SCORE = re.compile(r"(?:score|staves)\s(.*)")
_VOICE_ID = re.compile(r"[^\s()\[\]{}|*+]+")


@dataclass(slots=True)
class _Declared:
    """A voice as its ``V:`` fields describe it."""

    name: str = ""
    properties: list[str] = field(default_factory=list)


class Voices:
    """Keeps the voices of one tune."""

    def __init__(self, file_name: str) -> None:
        self._file_name = file_name
        self._declared: dict[str, _Declared] = {}
        self._scanners: dict[str, VoiceScanner] = {}
        self._current: VoiceScanner | None = None
        self._order: list[str] = []

    @property
    def current(self) -> VoiceScanner | None:
        """The voice that the text is in; none before the first note."""
        return self._current

    def declare(self, value: str) -> str:
        """Remember what a ``V:`` field says of a voice; return which one that is, or nothing.

        Raises:
            UnreadableError: there are too many.
        """
        value = value.split("%")[0]
        words = value.split()
        if not words or words[0] == "*":
            return ""
        declared = self._declared.setdefault(words[0], _Declared())
        if len(self._declared) > MAX_PARTS:
            message = f"the tune has more than {MAX_PARTS} voices; split it"
            raise UnreadableError(message)
        if match := _NAME.search(value):
            declared.name = match[1] or match[2] or ""
        declared.properties.append(value)
        return words[0]

    def arrange(self, directive: str) -> None:
        """Take the order of the voices from ``%%score`` or ``%%staves``; the first one counts."""
        match = _SCORE.match(directive)
        if match and not self._order:
            self._order = _VOICE_ID.findall(match[1].split("%")[0])

    def begin(self, context: Context, place: int) -> VoiceScanner:
        """The voice of music that stands before any ``V:`` field."""
        return self._enter(next(iter(self._declared), ""), context, place)

    def choose(self, token: Token, context: Context) -> bool:
        """Go on in the voice that a ``V:`` field names; say whether it is another one than before."""
        voice = self.declare(field_of(token.text)[1])
        if "" in self._scanners and len(self._scanners) == 1 and voice:
            self._scanners = {voice: self._scanners[""]}  # what stood before the first V: was this one already
        if not voice or (self._current is not None and self._scanners.get(voice) is self._current):
            return False
        if self._current is not None:
            self._current.leave(token.start)
        self._enter(voice, context, token.stop).set_up(token)
        return True

    def close(self, place: int) -> None:
        """End all voices at the end of the tune.

        Raises:
            UnreadableError: one breaks off inside a measure.
        """
        if self._current is not None:
            self._current.leave(place)
        for scanner in self._scanners.values():
            scanner.close()

    def results(self, title: str) -> tuple[ScannedVoice, ...]:
        """What was found of the voices that have notes, in their order."""
        found = {voice: self._scanners[voice].result(title, self._name(voice)) for voice in self._ordered()}
        return tuple(result for result in found.values() if result is not None)

    def _enter(self, voice: str, context: Context, place: int) -> VoiceScanner:
        if voice not in self._scanners:
            for properties in self._declared[voice].properties if voice else ():
                context = apply_field(context, "V", properties)
            self._scanners[voice] = VoiceScanner(context, self._file_name)
        self._current = self._scanners[voice]
        self._current.enter(place)
        return self._current

    def _ordered(self) -> Iterator[str]:
        voices = [*self._order, *self._declared, *self._scanners]
        return (voice for voice in dict.fromkeys(voices) if voice in self._scanners)

    def _name(self, voice: str) -> str:
        declared = self._declared.get(voice, _Declared())
        is_alone = len(self._scanners) == 1
        return declared.name or (voice if is_alone or not voice.isdecimal() else f"Voice {voice}")
