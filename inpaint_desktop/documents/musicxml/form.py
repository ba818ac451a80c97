"""The signs of the form (D.C., Fine, coda) in MusicXML: what ``<sound>`` says; a segno may be only drawn."""

from collections.abc import Iterator, Mapping

from inpaint_desktop.documents.musicxml.markup import Markup
from inpaint_desktop.documents.musicxml.scanning import Element
from inpaint_desktop.score.form import AT_BEGINNING, FormSign, FormSigns

_ATTRIBUTES: Mapping[FormSign, tuple[str, str]] = {
    FormSign.SEGNO: ("segno", "segno"),
    FormSign.CODA: ("coda", "coda"),
    FormSign.TO_CODA_HERE: ("tocoda", "coda"),
    FormSign.TO_CODA: ("tocoda", "coda"),
    FormSign.FINE: ("fine", "yes"),
    FormSign.DA_CAPO: ("dacapo", "yes"),
    FormSign.DAL_SEGNO: ("dalsegno", "segno"),
}
_TO_CODA = frozenset({FormSign.TO_CODA_HERE, FormSign.TO_CODA})


def form_signs_of(measure: Element) -> FormSigns:
    """The signs of a measure; where the way to the coda is taken depends on whether notes stand before the sign."""
    found: set[FormSign] = set()
    to_coda = FormSign.TO_CODA_HERE
    for element in measure.children:
        if element.tag == "note":
            to_coda = FormSign.TO_CODA
        if element.find("direction-type", "segno") is not None:
            found.add(FormSign.SEGNO)
        for sound in _sounds(element):
            here = {sign for sign, (name, _) in _ATTRIBUTES.items() if sound.attributes.get(name, "no") != "no"}
            found |= here - _TO_CODA | here & {to_coda}
    return frozenset(found)


def _sounds(element: Element) -> Iterator[Element]:
    if element.tag == "sound":
        yield element
    elif element.tag == "direction":
        yield from element.all("sound")


def form_markup(signs: FormSigns, *, at_beginning: bool) -> list[Markup]:
    """The signs that stand at the beginning of a measure, or those at its end, as they are heard."""
    wanted = [sign for sign in _ATTRIBUTES if sign in signs and (sign in AT_BEGINNING) == at_beginning]
    return [(f'sound {name}="{value}"', "") for name, value in map(_ATTRIBUTES.__getitem__, wanted)]
