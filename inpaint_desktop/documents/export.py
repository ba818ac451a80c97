"""Writes a melody in another format than that of its file."""

from collections.abc import Callable, Mapping

from inpaint_desktop.documents.abc.writing import melody_to_abc
from inpaint_desktop.documents.document import ScoreDocument
from inpaint_desktop.documents.midi import melody_to_midi
from inpaint_desktop.documents.musicxml.score_writing import melody_to_musicxml
from inpaint_desktop.errors import SettingsError
from inpaint_desktop.score.melody import Melody

EXPORT_SUFFIXES: Mapping[str, str] = {"abc": ".abc", "musicxml": ".musicxml", "midi": ".mid"}

_WRITERS: Mapping[str, Callable[[Melody], bytes]] = {
    "abc": lambda melody: melody_to_abc(melody).encode("utf-8"),
    "musicxml": lambda melody: melody_to_musicxml(melody).encode("utf-8"),
    "midi": melody_to_midi,
}


def export(source: ScoreDocument | Melody, file_format: str, *, part: int = 0) -> bytes:
    """Write a melody, or a part of a document, as ``abc``, ``musicxml`` or ``midi``.

    Raises:
        SettingsError: there is no such format.
        FileUnsupportedError: the part is not a melody.
    """
    if file_format not in _WRITERS:
        message = f"'{file_format}' is not a format to export to; choose one of {', '.join(_WRITERS)}."
        raise SettingsError(message)
    melody = source if isinstance(source, Melody) else source.melody(part)
    return _WRITERS[file_format](melody)
