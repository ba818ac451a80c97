"""The known tunes that a take repeats, as a person reads it."""

from collections.abc import Iterator
from html import escape
from typing import TYPE_CHECKING

from inpaint_desktop.documents.wording import measure_names
from inpaint_desktop.ui.editor import Details
from inpaint_desktop.ui.words import tr

if TYPE_CHECKING:
    from inpaint_desktop.engine.request import KnownRun, Take


def known_in_words(take: "Take") -> tuple[str, ...]:
    """A sentence for each known tune: ``measures 7 to 9 are in The Silver Spear``."""
    return tuple(_sentence(take, one, one.title) for one in take.known or ())


def known_as_rich_text(take: "Take") -> Iterator[str]:
    """The sentences as lines of rich text; those about another tune than the musician's own stand out."""
    for one in take.known or ():
        sentence = _sentence(take, one, f"<i>{escape(one.title)}</i>")
        sentence = sentence[:1].upper() + sentence[1:]
        yield sentence if one.is_same_tune else f"<b>{sentence}</b>"


def known_details(take: "Take") -> Details:
    """The known tunes as details of a take."""
    return tuple((tr("Known tune"), _place(take, one)) for one in take.known or ())


def _sentence(take: "Take", one: "KnownRun", title: str) -> str:
    measures = _measures(take, one)
    if len(one.span) == 1:
        sentence = tr("{measures} is in {title}", measures=measures, title=title)
    else:
        sentence = tr("{measures} are in {title}", measures=measures, title=title)
    return tr("{sentence}, the same tune", sentence=sentence) if one.is_same_tune else sentence


def _place(take: "Take", one: "KnownRun") -> str:
    measures = _measures(take, one)
    if one.is_same_tune:
        return tr("{title}, the same tune, in {measures}", title=one.title, measures=measures)
    return tr("{title}, in {measures}", title=one.title, measures=measures)


def _measures(take: "Take", one: "KnownRun") -> str:
    return measure_names([measure.number for measure in take.request.melody.measures], one.span.indices)
