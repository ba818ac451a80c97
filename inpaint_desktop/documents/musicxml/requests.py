"""What the child process is asked to read."""

from dataclasses import dataclass

from inpaint_desktop.documents.document import MeasureMark


@dataclass(frozen=True, slots=True)
class PartRequest:
    """A part to read: the text of a score that has only this part, and what is known of its measures."""

    name: str
    text: str
    voice: str
    marks: tuple[MeasureMark, ...]
    durations: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class ReadRequest:
    """The parts of one file."""

    file_name: str
    title: str
    parts: tuple[PartRequest, ...]
