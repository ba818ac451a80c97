"""What was asked for, and what came of it, in words."""

import pytest

from inpaint_desktop import paths
from inpaint_desktop.documents.document import ScoreDocument
from inpaint_desktop.documents.opening import open_document
from inpaint_desktop.engine.request import FillRequest, Properties, Take
from inpaint_desktop.score.melody import Span
from inpaint_desktop.score.places import NotePlace
from inpaint_desktop.settings import DEFAULT_MODEL
from inpaint_desktop.ui.fill_settings import CONDITIONS, Example, FillSettings, Source, Splice
from inpaint_desktop.ui.intervals import interval_name
from inpaint_desktop.ui.origin import Origin
from inpaint_desktop.ui.request_in_words import asked_in_words, details_of, properties_in_words, settings_in_words
from inpaint_desktop.ui.wishes import LinePoint

TUNE = paths.resources_folder() / "tunes" / "soldiers-joy.abc"
SPAN = Span(6, 8)


@pytest.fixture(scope="module")
def reel() -> ScoreDocument:
    return open_document(TUNE)


@pytest.fixture
def take(reel: ScoreDocument) -> Take:
    request = FillRequest(reel.melody(), SPAN)
    return Take(request, request.original, 17003, -0.5, Properties(0.0, 0.2, 62, 78, 0.25, 6.5, 9))


def test_the_details_of_a_take_name_seed_model_and_settings(reel: ScoreDocument, take: Take) -> None:
    settings = FillSettings(seed=17, variety=0.3, similarity=0.25, lowest=66, stay_in_key=False)
    assert dict(details_of(Origin(reel, 0, SPAN, settings), take, 2)) == {
        "Take": "2",
        "Seed": "17",
        "Model": DEFAULT_MODEL,
        "Number of takes": "8",
        "Variety": "30 %",
        "Similar to the original": "25 %",
        "Stay in key": "no",
        "Lowest note": "F♯4",
    }


def test_every_condition_that_was_set_is_named(reel: ScoreDocument) -> None:
    settings = FillSettings(
        highest=83,
        keep="pitches",
        first_note=69,
        last_note=62,
        fewest_notes=3,
        most_notes=8,
        longest_leap=7,
        most_kept=0.3,
        echo=Span(1, 3),
        echo_strength=0.8,
    )
    locked, line = frozenset({NotePlace(6, 0), NotePlace(6, 1)}), (LinePoint(6, 0, 69.0),)
    words = dict(asked_in_words(Origin(reel, 0, SPAN, settings, locked, line, 0.6)))
    for name in ("Number of takes", "Variety", "Stay in key"):
        del words[name]
    assert words == {
        "Similar to the original": "free",
        "Highest note": "B5",
        "First note": "A4",
        "Last note": "D4",
        "Keep": "The pitches",
        "Fewest notes in a measure": "3",
        "Most notes in a measure": "8",
        "Longest leap": "fifth (7)",
        "Kept of the original at most": "30 %",
        "Echo of measures": "1-2, strength 80 %",
        "Locked notes": "2",
        "Contour": "drawn, strength 60 %",
    }


@pytest.mark.parametrize("name", CONDITIONS)
def test_each_condition_by_itself_is_named(reel: ScoreDocument, name: str) -> None:
    values = {"keep": "rhythm", "most_kept": 0.3, "echo": Span(1, 3)}
    settings = FillSettings(**{name: values.get(name, 7)})  # type: ignore[arg-type]
    free = settings_in_words(FillSettings(), reel.melody())
    assert settings.conditions == (name,)
    assert len(settings_in_words(settings, reel.melody())) == len(free) + 1


def test_a_take_that_others_should_be_like_is_named(reel: ScoreDocument) -> None:
    settings = FillSettings(similarity=0.7, example=Example(0, SPAN, (), "take 3 (seed 17)"))
    assert ("Similar to take 3 (seed 17)", "70 %") in settings_in_words(settings, reel.melody())


def test_a_splice_says_what_it_was_made_of(reel: ScoreDocument, take: Take) -> None:
    splice = Splice(Source((), "take 2", 17003, 17), Source((), "the original"))
    words = dict(details_of(Origin(reel, 0, SPAN, FillSettings()), take, 9, splice))
    assert (words["Rhythm of"], words["Pitches of"]) == ("take 2 (seed 17)", "the original")
    assert splice.seeds is None


def test_what_was_measured_is_named(take: Take) -> None:
    words = dict(properties_in_words(take.properties))
    assert words == {
        "Kept of the original": "25 %",
        "Range": "D4 \N{EN DASH} F♯5",
        "Notes a measure": "6.5",
        "Longest leap": "major sixth (9)",
    }
    silent = properties_in_words(Properties(0.0, 0.0, None, None))
    assert "Range" not in dict(silent)


@pytest.mark.parametrize(("semitones", "name"), [(0, "unison (0)"), (12, "octave (12)"), (23, "23 semitones")])
def test_intervals_have_the_names_that_musicians_know(semitones: int, name: str) -> None:
    assert interval_name(semitones) == name
