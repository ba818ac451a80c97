"""``inpaint-desktop info``: what is in a score."""

import sys
from argparse import Namespace

from inpaint_desktop.cli.loading import reader_for
from inpaint_desktop.documents.document import MeasureMark, Part, ScoreDocument
from inpaint_desktop.documents.opening import open_document
from inpaint_desktop.errors import FileUnsupportedError
from inpaint_desktop.score.key import KeySignature


def run(options: Namespace) -> None:
    """Print the score's title, parts, measures and what governs them."""
    with reader_for(options.file) as child:
        document = open_document(options.file, tune=options.tune, child=child)
        sys.stdout.write("\n".join(_lines(document)) + "\n")


def _lines(document: ScoreDocument) -> list[str]:
    lines = [document.title or document.file_name]
    for index, part in enumerate(document.parts):
        lines += ["", f"Part {index + 1}: {part.name or 'unnamed'}", *_part_lines(document, index, part)]
    return lines


def _part_lines(document: ScoreDocument, index: int, part: Part) -> list[str]:
    marks = part.measures
    rows = [
        ("measures", f"{marks[0].number} to {marks[-1].number} ({len(marks)} in all)"),
        ("meter", _changes(marks, [str(mark.meter) for mark in marks])),
        ("key", _changes(marks, [key_name(mark.key) for mark in marks])),
        ("clef", _changes(marks, [mark.clef for mark in marks])),
        (
            "tempo",
            _changes(marks, [f"{mark.tempo_bpm:g} quarters a minute" if mark.tempo_bpm else "" for mark in marks]),
        ),
        ("pickup", "yes" if marks[0].is_pickup else "no"),
        ("repeats", _repeats(marks)),
        ("voices", ", ".join(part.voices) if len(part.voices) > 1 else ""),
        ("range", _range(document, index)),
    ]
    return [f"  {name:<9} {value}" for name, value in rows if value]


def _changes(marks: tuple[MeasureMark, ...], values: list[str]) -> str:
    """The first value, and each later one with the measure from which it holds."""
    words, current = [], ""
    for mark, value in zip(marks, values, strict=True):
        if value and value != current:
            words.append(value if mark is marks[0] else f"{value} from measure {mark.number}")
            current = value
    return ", ".join(words)


def key_name(key: KeySignature) -> str:
    """Name a key signature as a musician would."""
    if not key.fifths:
        return "no sharps or flats"
    kind = "sharp" if key.fifths > 0 else "flat"
    count = abs(key.fifths)
    return f"{count} {kind}{'s' if count > 1 else ''}"


def _repeats(marks: tuple[MeasureMark, ...]) -> str:
    ends = [mark.number for mark in marks if mark.repeat_end]
    endings = [f"{'/'.join(map(str, mark.endings))} at measure {mark.number}" for mark in marks if mark.endings]
    words = [f"back at the end of measure {', '.join(ends)}"] if ends else []
    return "; ".join([*words, *([f"endings {', '.join(endings)}"] if endings else [])])


def _range(document: ScoreDocument, part: int) -> str:
    """From the lowest to the highest note of the part, or why its notes cannot be read as a melody."""
    try:
        melody = document.melody(part)
    except FileUnsupportedError as error:
        return str(error)
    pitches = [note.pitch for measure in melody.measures for note in measure.notes if note.pitch]
    if not pitches:
        return "only rests"
    lowest, highest = min(pitches, key=lambda pitch: pitch.midi), max(pitches, key=lambda pitch: pitch.midi)
    return f"{lowest.name} to {highest.name}"
