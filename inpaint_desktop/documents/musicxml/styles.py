"""Measures that are drawn as something else than their notes: long rests, repeat signs, slashes."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from inpaint_desktop.documents.musicxml.facts import LocatedMeasure
from inpaint_desktop.documents.musicxml.scanning import Element

_SIGNS: Mapping[str, str] = {
    "measure-repeat": "a repeat sign",
    "beat-repeat": "repeat signs for beats",
    "slash": "slashes",
}


def long_rest_of(measure: Element) -> int:
    """How many measures are drawn as one long rest from this one on."""
    counts = [style.text_at("multiple-rest") for style in _measure_styles(measure)]
    return max((int(count) for count in counts if count.isdecimal() and len(count) < 5), default=0)


def signs_of(measure: Element) -> Iterator[tuple[str, str]]:
    """The kinds of signs that begin or end to stand for the notes here, with ``start`` or ``stop``."""
    for style in _measure_styles(measure):
        yield from ((kind.tag, kind.attributes.get("type", "")) for kind in style.children if kind.tag in _SIGNS)


def _measure_styles(measure: Element) -> Iterator[Element]:
    return (style for attributes in measure.all("attributes") for style in attributes.all("measure-style"))


def signs_instead_of_notes(measures: Iterable[LocatedMeasure]) -> Iterator[str]:
    """What is drawn instead of the notes of each measure, or an empty string."""
    current: dict[str, bool] = {}
    for measure in measures:
        current |= {kind: end == "start" for kind, end in measure.signs}
        yield next((_SIGNS[kind] for kind, is_on in current.items() if is_on), "")


def long_rest_around(measures: Sequence[LocatedMeasure], index: int) -> int | None:
    """The measure in which a long rest begins that goes on to measure ``index``, where there is one."""
    for start in range(index - 1, -1, -1):
        if measures[start].long_rest:
            return start if start + measures[start].long_rest > index else None
    return None
