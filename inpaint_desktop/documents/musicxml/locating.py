"""Finds parts and measures in the text of a MusicXML file, and what governs each.

Nothing is read from outside and no library sees the file before it has passed the limits.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import zip_longest

from inpaint_desktop.documents import limits
from inpaint_desktop.documents.document import MeasureMark
from inpaint_desktop.documents.musicxml.facts import LocatedMeasure, LocatedPart, LocatedScore, Ticks
from inpaint_desktop.documents.musicxml.form import form_signs_of
from inpaint_desktop.documents.musicxml.governing import Governing, governed_by
from inpaint_desktop.documents.musicxml.items import ItemReader
from inpaint_desktop.documents.musicxml.scanning import START_TAG, Element, scan
from inpaint_desktop.documents.musicxml.strands import strands_of
from inpaint_desktop.documents.musicxml.styles import long_rest_of, signs_of
from inpaint_desktop.errors import FileDamagedError, FileTooLargeError, FileUnsupportedError
from inpaint_desktop.score.form import NO_SIGNS, FormSigns


def locate(text: str, file_name: str) -> LocatedScore:
    """Find the parts and measures of a score.

    Raises:
        FileDamagedError: the text is not MusicXML, or has numbers that no score has.
        FileTooLargeError: it is larger than the limits.
        FileUnsupportedError: it is XML of another kind.
    """
    builder = _ScoreBuilder(text, file_name)
    root = scan(text, file_name, builder.add)
    _check_root(root, file_name)
    parts = builder.parts(root)
    if len(parts) > limits.MAX_PARTS:
        message = f"{file_name} has more than {limits.MAX_PARTS} parts; export fewer of them."
        raise FileTooLargeError(message)
    if not any(part.measures for part in parts):
        message = f"{file_name} has no measures; open a file with music in it."
        raise FileDamagedError(message)
    strands = [strand for index, part in enumerate(parts) for strand in strands_of(index, part.name, part.measures)]
    shared = _with_form_of_all(_with_tempo_of_all(parts))
    return LocatedScore(_title(root), shared, tuple(strands), tuple(builder.columns.values()))


def located_again(measure: LocatedMeasure, text: str) -> LocatedMeasure:
    """What is known of a measure when its text has become ``text``.

    Raises:
        FileDamagedError: it has numbers that no score has.
    """
    element = scan(text, "a measure", lambda *_: None)
    reader = ItemReader(measure.divisions, "a measure")
    return replace(
        measure,
        items=tuple(reader.items(element)),
        length=reader.end or measure.length,
        long_rest=long_rest_of(element),
        signs=tuple(signs_of(element)),
    )


def _with_tempo_of_all(parts: Sequence[LocatedPart]) -> tuple[LocatedPart, ...]:
    """Give measures without a tempo that of the first part that has one there: most files name it in one part only."""
    columns = zip_longest(*(part.marks for part in parts))
    tempos = [next((one.tempo_bpm for one in column if one and one.tempo_bpm), None) for column in columns]
    return tuple(replace(part, marks=tuple(map(_with_tempo, part.marks, tempos[: len(part.marks)]))) for part in parts)


def _with_tempo(mark: MeasureMark, tempo_bpm: float | None) -> MeasureMark:
    if mark.tempo_bpm is not None or tempo_bpm is None:
        return mark
    return replace(mark, tempo_bpm=tempo_bpm)


def _with_form_of_all(parts: Sequence[LocatedPart]) -> tuple[LocatedPart, ...]:
    """Let the signs of the form that one part has hold for all: most files have them in one part only."""
    columns = zip_longest(*(part.marks for part in parts))
    signs = [NO_SIGNS.union(*(mark.form_signs for mark in column if mark)) for column in columns]
    return tuple(replace(part, marks=tuple(map(_with_form_signs, part.marks, signs))) for part in parts)


def _with_form_signs(mark: MeasureMark, signs: FormSigns) -> MeasureMark:
    return mark if mark.form_signs == signs else replace(mark, form_signs=signs)


def _check_root(root: Element, file_name: str) -> None:
    if root.tag not in {"score-partwise", "score-timewise"}:
        message = f"{file_name} is XML, but not MusicXML (it begins with <{root.tag[:40]}>)."
        raise FileUnsupportedError(message)


def _title(root: Element) -> str:
    titles = [root.text_at("work", "work-title"), root.text_at("movement-title")]
    titles += [
        credit.text_at("credit-words") for credit in root.all("credit") if credit.text_at("credit-type") == "title"
    ]
    return next((" ".join(title.split()) for title in titles if title), "")


def _part_names(root: Element) -> dict[str, str]:
    part_list = root.find("part-list")
    score_parts = part_list.all("score-part") if part_list is not None else iter(())
    return {part.attributes.get("id", ""): " ".join(part.text_at("part-name").split()) for part in score_parts}


class _ScoreBuilder:
    """Sorts the measures by part. In a timewise score, what lies in a column is a part, and lies in a measure.

    Attributes:
        columns: the start tags of the measures of a timewise score, by where they begin.
    """

    def __init__(self, text: str, file_name: str) -> None:
        self.columns: dict[int, str] = {}
        self._text = text
        self._file_name = file_name
        self._builders: dict[int | str, _PartBuilder] = {}

    def add(self, outer: Element, inner: Element) -> None:
        """Add what ``scan`` finds."""
        is_timewise = inner.tag == "part"
        if is_timewise:
            self._add_column(outer)
        key = inner.attributes.get("id", "") if is_timewise else outer.start
        if key not in self._builders:
            self._builders[key] = _PartBuilder(self._file_name)
        self._builders[key].add(inner, outer.attributes if is_timewise else inner.attributes)

    def _add_column(self, measure: Element) -> None:
        if measure.start not in self.columns:
            tag = START_TAG.match(self._text, measure.start)
            assert tag is not None, "expat found the tag"
            self.columns[measure.start] = tag[0]

    def parts(self, root: Element) -> list[LocatedPart]:
        """The parts in the order of the file."""
        names = _part_names(root)
        if root.tag == "score-timewise":
            found = [(str(key), builder) for key, builder in self._builders.items()]
        else:
            found = [
                (part.attributes.get("id", ""), self._builders.get(part.start, _PartBuilder(self._file_name)))
                for part in root.all("part")
            ]
        return [
            LocatedPart(part_id, names.get(part_id, ""), tuple(builder.measures), tuple(builder.marks))
            for part_id, builder in found
        ]


@dataclass(slots=True)
class _PartBuilder:
    """Adds up the measures of one part, with what goes on from one to the next."""

    file_name: str
    measures: list[LocatedMeasure] = field(default_factory=list)
    marks: list[MeasureMark] = field(default_factory=list)
    governing: Governing = field(default_factory=Governing)
    endings: tuple[int, ...] = ()

    def add(self, element: Element, attributes: dict[str, str]) -> None:
        """Add a measure with the ``attributes`` of its tag."""
        number = attributes.get("number", "")
        limits.check_measure_count(len(self.measures) + 1, self.file_name)
        reader = ItemReader(self.governing.divisions, f"{self.file_name}, measure {number or '?'}")
        items = tuple(reader.items(element))
        before = self.governing
        self.governing, here = _governed_by(element, before, reader.place)
        self.governing = replace(self.governing, divisions=reader.divisions)
        length = reader.end or here.meter.ticks
        self.marks.append(self._mark(element, attributes, here, length))
        signs = tuple(signs_of(element))
        located = LocatedMeasure(
            items, length, before.divisions, long_rest_of(element), signs, tuple(here.transpositions.items())
        )
        self.measures.append(located)

    def _mark(self, element: Element, attributes: dict[str, str], here: Governing, length: Ticks) -> MeasureMark:
        barlines = list(element.all("barline"))
        repeats = {repeat.attributes.get("direction") for line in barlines for repeat in line.all("repeat")}
        endings = self._read_endings(barlines)
        is_short = length < here.meter.ticks and not endings
        is_implicit = attributes.get("implicit") == "yes"
        return MeasureMark(
            number=attributes.get("number", ""),
            start=element.start,
            stop=element.stop,
            meter=here.meter,
            key=here.key,
            clef=here.clef,
            tempo_bpm=here.tempo_bpm,
            is_pickup=is_short and (not self.measures or (is_implicit and self._section_ended())),
            repeat_start="forward" in repeats,
            repeat_end="backward" in repeats,
            endings=endings,
            form_signs=form_signs_of(element),
        )

    def _section_ended(self) -> bool:
        last = self.marks[-1]
        return last.repeat_end or self.measures[-1].length < last.meter.ticks

    def _read_endings(self, barlines: list[Element]) -> tuple[int, ...]:
        """The endings that this measure is in; afterwards, those that go on."""
        marks = [ending for line in barlines for ending in line.all("ending")]
        for mark in marks:
            if mark.attributes.get("type") == "start":
                numbers = mark.attributes.get("number", "").replace(",", " ").replace(".", " ").split()
                self.endings = tuple(int(number) for number in numbers if number.isdecimal() and len(number) < 4)
        here = self.endings
        if any(mark.attributes.get("type") in {"stop", "discontinue"} for mark in marks):
            self.endings = ()
        return here


def _governed_by(measure: Element, before: Governing, place: str) -> tuple[Governing, Governing]:
    """What governs a measure; an error says where the measure begins."""
    try:
        return governed_by(measure, before, place)
    except (FileDamagedError, FileUnsupportedError) as error:
        begins = f"the measure begins in line {measure.line}, column {measure.column}"
        message = f"{str(error).removesuffix('.')} ({begins})."
        raise type(error)(message) from error
