"""Finds parts and measures in the text of a MusicXML file, and what governs each.

Nothing is read from outside and no library sees the file before it has passed the limits.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from itertools import zip_longest

from inpaint_desktop.documents import limits
from inpaint_desktop.documents.document import MeasureMark
from inpaint_desktop.documents.musicxml.facts import LocatedMeasure, LocatedPart, LocatedScore
from inpaint_desktop.documents.musicxml.governing import Governing, governed_by
from inpaint_desktop.documents.musicxml.items import ItemReader, place_of
from inpaint_desktop.documents.musicxml.scanning import START_TAG, Element, scan
from inpaint_desktop.errors import FileDamagedError, FileTooLargeError, FileUnsupportedError


def locate(text: str, file_name: str) -> LocatedScore:
    """Find the parts and measures of a score.

    Raises:
        FileDamagedError: the text is not MusicXML, or has numbers that no score has.
        FileTooLargeError: it is larger than the limits.
        FileUnsupportedError: it is XML of another kind.
    """
    builders: dict[int, _PartBuilder] = {}

    def add_measure(part: Element, measure: Element) -> None:
        if part.start not in builders:
            builders[part.start] = _PartBuilder(file_name)
        builders[part.start].add(measure)

    root = scan(text, file_name, add_measure)
    _check_root(root, file_name)
    names = _part_names(root)
    parts = _with_tempo_of_all([_located_part(part, builders.get(part.start), names) for part in root.all("part")])
    if not any(part.measures for part in parts):
        message = f"{file_name} has no measures; open a file with music in it."
        raise FileDamagedError(message)
    root_tag = START_TAG.match(text, root.start)
    assert root_tag is not None, "expat found the tag"
    return LocatedScore(_title(root), root_tag[0], parts)


def _with_tempo_of_all(parts: Sequence[LocatedPart]) -> tuple[LocatedPart, ...]:
    """Give measures without a tempo that of the first part that has one there: most files name it in one part only."""
    columns = zip_longest(*(part.measures for part in parts))
    tempos = [next((one.mark.tempo_bpm for one in column if one and one.mark.tempo_bpm), None) for column in columns]
    return tuple(
        replace(part, measures=tuple(map(_with_tempo, part.measures, tempos[: len(part.measures)]))) for part in parts
    )


def _with_tempo(measure: LocatedMeasure, tempo_bpm: float | None) -> LocatedMeasure:
    if measure.mark.tempo_bpm is not None or tempo_bpm is None:
        return measure
    return replace(measure, mark=replace(measure.mark, tempo_bpm=tempo_bpm))


def _check_root(root: Element, file_name: str) -> None:
    if root.tag == "score-timewise":
        message = (
            f"{file_name} is timewise MusicXML, which cannot be edited; "
            "open it in a notation program and export it as MusicXML again."
        )
        raise FileUnsupportedError(message)
    if root.tag != "score-partwise":
        message = f"{file_name} is XML, but not MusicXML (it begins with <{root.tag[:40]}>)."
        raise FileUnsupportedError(message)
    if sum(1 for _ in root.all("part")) > limits.MAX_PARTS:
        message = f"{file_name} has more than {limits.MAX_PARTS} parts; export fewer of them."
        raise FileTooLargeError(message)


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


def _located_part(part: Element, builder: "_PartBuilder | None", names: dict[str, str]) -> LocatedPart:
    part_id = part.attributes.get("id", "")
    measures = tuple(builder.measures) if builder is not None else ()
    voices = tuple(dict.fromkeys(note.voice for measure in measures for note in measure.notes if note.voice))
    return LocatedPart(part_id, names.get(part_id, ""), place_of(part), voices or ("1",), measures)


@dataclass(slots=True)
class _PartBuilder:
    """Adds up the measures of one part, with what goes on from one to the next."""

    file_name: str
    measures: list[LocatedMeasure] = field(default_factory=list)
    governing: Governing = field(default_factory=Governing)
    endings: tuple[int, ...] = ()
    hidden_left: int = 0

    def add(self, element: Element) -> None:
        """Add one ``<measure>``."""
        number = element.attributes.get("number", "")
        limits.check_measure_count(len(self.measures) + 1, self.file_name)
        reader = ItemReader(self.governing.divisions, f"{self.file_name}, measure {number or '?'}")
        items = tuple(reader.items(element))
        before = self.governing
        self.governing, here = governed_by(element, before, reader.place)
        self.governing = replace(self.governing, divisions=reader.divisions)
        length = reader.end or Fraction(here.meter.ticks)
        mark = self._mark(element, number, here, length)
        hidden = self._count_hidden(element)
        self.measures.append(LocatedMeasure(mark, items, length, before.divisions or 1, hidden))

    def _mark(self, element: Element, number: str, here: Governing, length: Fraction) -> MeasureMark:
        barlines = list(element.all("barline"))
        repeats = {repeat.attributes.get("direction") for line in barlines for repeat in line.all("repeat")}
        endings = self._read_endings(barlines)
        is_short = length < here.meter.ticks and not endings
        is_implicit = element.attributes.get("implicit") == "yes"
        return MeasureMark(
            number=number,
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
        )

    def _section_ended(self) -> bool:
        last = self.measures[-1]
        return last.mark.repeat_end or last.length < last.mark.meter.ticks

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

    def _count_hidden(self, element: Element) -> bool:
        """Whether the notes of this measure do not show: it is in a long rest begun before it, or a repeat sign."""
        is_hidden = self.hidden_left > 0
        self.hidden_left = max(0, self.hidden_left - 1)
        for style in _measure_styles(element):
            count = style.text_at("multiple-rest")
            if count.isdecimal() and len(count) < 5:
                self.hidden_left = int(count) - 1
            repeat = style.find("measure-repeat")
            if repeat is not None:
                is_hidden = repeat.attributes.get("type") == "start"
                self.hidden_left = limits.MAX_MEASURES if is_hidden else 0
        return is_hidden


def _measure_styles(element: Element) -> Iterator[Element]:
    return (style for attributes in element.all("attributes") for style in attributes.all("measure-style"))
