"""What was asked for, and what came of it, as a person reads it: pairs of a name and a value."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from inpaint_desktop.score.melody import Melody
from inpaint_desktop.score.naming import name_of
from inpaint_desktop.score.places import sound_count
from inpaint_desktop.ui.describing import note_name
from inpaint_desktop.ui.editor import Details
from inpaint_desktop.ui.fill_settings import FillSettings, Splice
from inpaint_desktop.ui.intervals import interval_name
from inpaint_desktop.ui.known_in_words import known_details
from inpaint_desktop.ui.origin import Origin
from inpaint_desktop.ui.words import tr

if TYPE_CHECKING:
    from inpaint_desktop.engine.request import Properties, Take


def details_of(origin: Origin, take: "Take", number: int, splice: Splice | None = None) -> Details:
    """What the history says of a take: which one it was, how to get it again, and everything that was asked for."""
    settings = origin.settings
    return (
        (tr("Take"), str(number)),
        (tr("Seed"), str(settings.seed)),
        *(splice_in_words(splice) if splice else ()),
        (tr("Model"), settings.model),
        *known_details(take),
        *asked_in_words(origin),
    )


def splice_in_words(splice: Splice) -> Details:
    """What a take was made of."""
    return (tr("Rhythm of"), splice.rhythm.title), (tr("Pitches of"), splice.pitches.title)


def asked_in_words(origin: Origin) -> Details:
    """Everything that was asked for: the settings, every condition that was set, locked notes and a line."""
    return (*settings_in_words(origin.settings, origin.melody), *_wishes_in_words(origin))


def settings_in_words(settings: FillSettings, melody: Melody) -> Details:
    """The settings that have a say in how takes are; conditions only where they are set."""
    example = settings.example.name if settings.example else tr("the original")
    return (
        (tr("Number of takes"), str(settings.takes)),
        (tr("Variety"), percent(settings.variety)),
        (tr("Similar to {what}", what=example), percent(settings.similarity) if settings.similarity else tr("free")),
        (tr("Stay in key"), tr("yes") if settings.stay_in_key else tr("no")),
        *_notes_in_words(settings),
        *_conditions_in_words(settings),
        *_echo_in_words(settings, melody),
    )


def _notes_in_words(settings: FillSettings) -> Iterator[tuple[str, str]]:
    for name, midi in (
        (tr("Lowest note"), settings.lowest),
        (tr("Highest note"), settings.highest),
        (tr("First note"), settings.first_note),
        (tr("Last note"), settings.last_note),
    ):
        if midi is not None:
            yield name, note_name(midi)


def _conditions_in_words(settings: FillSettings) -> Iterator[tuple[str, str]]:
    if settings.keep:
        yield tr("Keep"), tr(KEEPING[settings.keep])
    for name, count in (
        (tr("Fewest notes in a measure"), settings.fewest_notes),
        (tr("Most notes in a measure"), settings.most_notes),
    ):
        if count is not None:
            yield name, str(count)
    if settings.longest_leap is not None:
        yield tr("Longest leap"), interval_name(settings.longest_leap)
    if settings.most_kept is not None:
        yield tr("Kept of the original at most"), percent(settings.most_kept)


KEEPING = {"": "Nothing", "rhythm": "The rhythm", "pitches": "The pitches"}


def _echo_in_words(settings: FillSettings, melody: Melody) -> Iterator[tuple[str, str]]:
    if settings.echo is not None:
        measures, strength = name_of(melody, settings.echo), percent(settings.echo_strength)
        yield tr("Echo of measures"), tr("{measures}, strength {strength}", measures=measures, strength=strength)


def _wishes_in_words(origin: Origin) -> Iterator[tuple[str, str]]:
    if origin.locked:
        yield tr("Locked notes"), str(sound_count(origin.melody, origin.locked))
    if origin.contour:
        yield tr("Contour"), tr("drawn, strength {strength}", strength=percent(origin.contour_strength))


def properties_in_words(properties: "Properties") -> Details:
    """What was measured of a take."""
    lowest, highest = properties.lowest, properties.highest
    span = () if lowest is None or highest is None else ((tr("Range"), f"{note_name(lowest)} – {note_name(highest)}"),)  # noqa: RUF001
    return (
        (tr("Kept of the original"), percent(properties.kept)),
        *span,
        (tr("Notes a measure"), f"{properties.onsets:.1f}"),
        (tr("Longest leap"), interval_name(properties.longest_leap)),
    )


def percent(share: float) -> str:
    """A share as a whole percentage."""
    return tr("{share} %", share=round(100 * share))
