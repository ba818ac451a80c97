"""What the gallery holds and does, on made-up takes."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

import pytest
from PySide6.QtCore import QCoreApplication
from pytestqt.qtbot import QtBot

from inpaint_desktop import paths
from inpaint_desktop.documents.document import ScoreDocument
from inpaint_desktop.documents.opening import open_document
from inpaint_desktop.engine.proposing import ignore_progress
from inpaint_desktop.engine.request import MORE_LIKE, FillRequest, Progress, Properties, Take
from inpaint_desktop.errors import ConstraintError, SelectionError
from inpaint_desktop.playback.outputs import SilentOutput
from inpaint_desktop.score.melody import Measure, Note, Span
from inpaint_desktop.score.moving import Steps
from inpaint_desktop.score.pitch import Pitch
from inpaint_desktop.score.places import NotePlace
from inpaint_desktop.settings import DEFAULT_MODEL
from inpaint_desktop.ui.editor import Editor, ReplaceState
from inpaint_desktop.ui.fill_settings import FillSettings, Splice
from inpaint_desktop.ui.filling import Filler
from inpaint_desktop.ui.gallery.gallery import MOST_LEFT, Gallery
from inpaint_desktop.ui.note_editing import move_note
from inpaint_desktop.ui.origin import Origin
from inpaint_desktop.ui.transport import Transport
from inpaint_desktop.ui.wishes import LinePoint

pytestmark = pytest.mark.usefixtures("qtbot")

TUNES = paths.resources_folder() / "tunes"
WAIT_MS = 20_000


class FakeEngine:
    """Its takes have one long note a measure, from a scale that begins with the seed."""

    name = "fake"
    device = "abacus"

    def propose(self, request: FillRequest, progress: Progress = ignore_progress) -> Iterator[Take]:
        progress(0.0)
        for number in range(request.takes):
            name = "CDEFGAB"[(request.seed + number) % 7]
            measures = tuple(
                measure.with_notes([Note(0, measure.duration, Pitch(name, 0, 5))])
                for measure in request.melody.measures[request.span.start : request.span.stop]
            )
            yield Take(request, measures, number, -0.5, Properties(0.0, 0.25, 72, 84, kept=0.4))

    def splice(self, request: FillRequest, rhythm: Sequence[Measure], pitches: Sequence[Measure]) -> Take:
        """As if the pitches came an octave lower."""
        measures = tuple(
            measure.with_notes([replace(note, pitch=lower(note.pitch)) for note in measure.notes])
            for measure in pitches
        )
        if measures[0].notes[0].pitch == lower(rhythm[0].notes[0].pitch):
            message = "The two takes have the same pitches; choose two that differ."
            raise ConstraintError(message)
        return Take(request, measures, 99, -0.5, Properties(0.0, 0.1, 60, 72))


def lower(pitch: Pitch | None) -> Pitch | None:
    return pitch and replace(pitch, octave=pitch.octave - 1)


@pytest.fixture(scope="module")
def reel() -> ScoreDocument:
    return open_document(TUNES / "soldiers-joy.abc")


@pytest.fixture
def editor(reel: ScoreDocument) -> Editor:
    made = Editor()
    made.open(reel)
    made.select(6, 9)
    return made


@pytest.fixture
def filler(editor: Editor) -> Iterator[Filler]:
    made = Filler(editor, lambda _model, _device: FakeEngine())
    made.set_settings(FillSettings(takes=3, seed=0, seed_locked=True))
    yield made
    made.close()


@pytest.fixture
def transport(editor: Editor) -> Iterator[Transport]:
    made = Transport(editor, SilentOutput())
    yield made
    made.close()


@pytest.fixture
def gallery(editor: Editor, filler: Filler, transport: Transport) -> Gallery:
    return Gallery(editor, filler, transport)


@pytest.fixture
def fill(gallery: Gallery, filler: Filler, qtbot: QtBot) -> Callable[[], None]:
    """Regenerate, and wait for the takes."""

    def run(**values: object) -> None:
        filler.set_settings(FillSettings(**{"takes": 3, "seed": 0, "seed_locked": True, **values}))  # type: ignore[arg-type]
        with qtbot.waitSignal(filler.ended, timeout=WAIT_MS):
            gallery.regenerate()

    return run


def names_in(gallery: Gallery) -> list[str]:
    """The first note of every take."""
    return [card.measures[0].notes[0].pitch.step for card in gallery.cards[1:] if card.measures[0].notes[0].pitch]


def shown_name(editor: Editor) -> str:
    """The note that is shown in the first measure of the gap, which begins with A in the tune."""
    assert editor.shown_melody is not None
    pitch = editor.shown_melody.measures[6].notes[0].pitch
    assert pitch is not None
    return pitch.name


def rest(editor: Editor, index: int) -> None:
    """Put a rest into a measure."""
    assert editor.melody is not None
    measure = editor.melody.measures[index]
    editor.replace_measures("Rest", Span(index, index + 1), [measure.with_notes([Note(0, measure.duration, None)])])


def is_empty(gallery: Gallery) -> bool:
    """Whether nothing is there, nor comes back."""
    QCoreApplication.processEvents()
    return not gallery.cards and gallery.origin is None


Fill = Callable[..., None]


def test_the_original_is_the_first_card_and_takes_follow_in_rank_order(gallery: Gallery, fill: Fill) -> None:
    assert (gallery.cards, gallery.origin, gallery.current_card) == ((), None, None)
    fill()
    assert gallery.cards[0].take is None
    assert gallery.cards[0].kept == 1.0
    assert names_in(gallery) == ["C", "D", "E"]
    assert gallery.cards[1].kept == 0.4


def test_notes_out_of_key_are_counted(gallery: Gallery, fill: Fill) -> None:
    fill()
    assert [card.out_of_key for card in gallery.cards] == [0, 4, 0, 0]  # C is no note of D major


def test_the_first_take_is_shown_in_place_and_the_score_is_untouched(
    gallery: Gallery, editor: Editor, reel: ScoreDocument, fill: Fill
) -> None:
    before = shown_name(editor)
    fill()
    assert (gallery.current, gallery.shown) == (1, 1)
    assert shown_name(editor) == "C5"
    assert editor.document is reel
    gallery.pick(0)
    assert shown_name(editor) == before
    assert editor.preview is None


def test_who_has_picked_a_card_is_not_led_away_by_a_take_that_arrives(
    gallery: Gallery, filler: Filler, editor: Editor, qtbot: QtBot
) -> None:
    filler.started.connect(lambda: gallery.pick(0))
    with qtbot.waitSignal(filler.ended, timeout=WAIT_MS):
        gallery.regenerate()
    assert gallery.current == 0
    assert editor.preview is None


def test_moving_stops_at_the_ends_and_a_number_that_is_not_there_does_nothing(gallery: Gallery, fill: Fill) -> None:
    gallery.move(1)
    fill()
    gallery.move(9)
    assert gallery.current == 3
    gallery.move(-2)
    assert gallery.current == 1
    gallery.pick(9)
    assert gallery.current == 1


def test_a_glance_at_another_card_ends_with_the_current_one_in_place(
    gallery: Gallery, editor: Editor, fill: Fill
) -> None:
    fill()
    gallery.peek(3)
    assert (gallery.current, gallery.shown, shown_name(editor)) == (1, 3, "E5")
    gallery.peek(99)
    assert (gallery.shown, shown_name(editor)) == (1, "C5")


def test_comparing_shows_the_original_and_the_take_in_turns(gallery: Gallery, editor: Editor, fill: Fill) -> None:
    gallery.compare()
    before = shown_name(editor)
    fill()
    gallery.compare()
    assert (gallery.is_comparing, gallery.current, gallery.shown, shown_name(editor)) == (True, 1, 0, before)
    gallery.compare()
    assert (gallery.is_comparing, shown_name(editor)) == (False, "C5")
    gallery.pick(0)
    gallery.compare()  # the original has nothing to be compared with but the first take
    assert gallery.current == 1


def test_what_is_shown_is_played_in_place_and_paused(gallery: Gallery, transport: Transport, fill: Fill) -> None:
    gallery.play()
    fill()
    assert not transport.is_playing
    heard = []
    transport.state_changed.connect(lambda: heard.append(transport.is_playing))
    gallery.play()
    assert transport.place is not None
    assert transport.place.measure == 4  # two measures before the gap
    gallery.compare()
    gallery.play()
    assert heard == [True, True, False]  # the comparison goes on playing


def test_after_a_pause_it_goes_on_and_another_take_begins_anew(
    gallery: Gallery, transport: Transport, fill: Fill
) -> None:
    fill()
    gallery.play()
    transport.set_place(7, 0)
    gallery.play()
    places = []
    deeds: list[Callable[[], None]] = [lambda: None, gallery.compare, lambda: gallery.pick(2)]
    for do in deeds:
        do()
        gallery.play()
        places.append(transport.place.measure if transport.place else None)
        gallery.play()
    assert places == [7, 7, 4]


def test_what_changes_nothing_leaves_the_takes_there(gallery: Gallery, editor: Editor, fill: Fill) -> None:
    fill()
    cards, melody = gallery.cards, editor.melody
    assert melody is not None
    editor.replace_measures("Paste", Span(2, 4), melody.measures[2:4])
    assert gallery.cards == cards
    assert editor.undo_stack.count() == 0


BEFORE = "The takes belonged to the score as it was before"


@pytest.mark.parametrize(
    ("what", "expected"),
    [
        ("edit", [f"{BEFORE}: undo, and they are back, or make new ones."]),
        ("undo", [f"{BEFORE}: redo, and they are back, or make new ones."]),
        ("reopen", [f"{BEFORE}; make new ones for it as it is."]),
        ("keep", []),
    ],
)
def test_takes_that_an_edit_sends_away_are_told_and_how_they_come_back(
    gallery: Gallery, editor: Editor, reel: ScoreDocument, fill: Fill, what: str, expected: list[str]
) -> None:
    rest(editor, 2)
    fill()
    told: list[str] = []
    editor.told.connect(told.append)
    changes: dict[str, Callable[[], None]] = {
        "edit": lambda: rest(editor, 4),
        "undo": editor.undo_stack.undo,
        "reopen": lambda: editor.reopen(reel),
        "keep": lambda: gallery.commit(1),
    }
    changes[what]()
    assert is_empty(gallery)
    assert told == expected


def test_keeping_a_take_is_one_step_with_its_number_seed_and_settings(
    gallery: Gallery, editor: Editor, reel: ScoreDocument, qtbot: QtBot, fill: Fill
) -> None:
    fill()
    with qtbot.waitSignal(gallery.closed):
        gallery.commit(2)
    command = editor.undo_stack.command(0)
    assert isinstance(command, ReplaceState)
    assert (editor.undo_stack.count(), command.text()) == (1, "Take 2 in measures 6 to 9")
    details = dict(command.details)
    assert (details["Take"], details["Seed"], details["Model"]) == ("2", "0", DEFAULT_MODEL)
    assert shown_name(editor) == "D5"
    assert (gallery.cards, gallery.origin) == ((), None)
    editor.undo_stack.undo()
    assert editor.document is reel


def test_undo_brings_back_the_takes_and_redo_sends_them_away(
    gallery: Gallery, editor: Editor, reel: ScoreDocument, qtbot: QtBot, fill: Fill
) -> None:
    fill()
    gallery.toggle_star(2)
    cards = gallery.cards
    gallery.commit(2)
    gallery.escape()  # lets go of the selection
    for _ in range(2):
        assert is_empty(gallery)
        with qtbot.waitSignal(gallery.came_back):
            editor.undo_stack.undo()
        assert gallery.cards == cards
        assert [gallery.is_starred(card) for card in cards] == [False, False, True, False]
        assert (gallery.current, editor.preview, editor.document) == (0, None, reel)
        editor.undo_stack.redo()
    assert shown_name(editor) == "D5"


def test_takes_that_came_back_can_be_kept(gallery: Gallery, editor: Editor, qtbot: QtBot, fill: Fill) -> None:
    fill()
    gallery.commit(2)
    with qtbot.waitSignal(gallery.came_back):
        editor.undo_stack.undo()
    gallery.pick(1)
    assert shown_name(editor) == "C5"
    gallery.commit()
    assert shown_name(editor) == "C5"
    assert (editor.undo_stack.count(), editor.undo_stack.undoText()) == (1, "Take 1 in measures 6 to 9")


def test_takes_of_each_step_come_back_when_it_is_undone_or_redone(
    gallery: Gallery, editor: Editor, qtbot: QtBot, fill: Fill
) -> None:
    told: list[str] = []
    editor.told.connect(told.append)
    of_steps = []
    for star in (1, 3):
        fill()
        gallery.toggle_star(star)
        of_steps.append((gallery.cards, [gallery.is_starred(card) for card in gallery.cards]))
        gallery.commit(2)
    first, second = of_steps
    for step, expected in ((-1, second), (-1, first), (1, second), (-1, first)):
        with qtbot.waitSignal(gallery.came_back):
            editor.undo_stack.setIndex(editor.undo_stack.index() + step)
        assert (gallery.cards, [gallery.is_starred(card) for card in gallery.cards]) == expected
    assert not told


def test_where_no_step_leads_to_them_takes_are_not_said_to_come_back(
    gallery: Gallery, editor: Editor, fill: Fill
) -> None:
    editor.select_note(NotePlace(2, 0))
    move_note(editor, Steps(1))
    fill()
    gallery.pick(0)
    told: list[str] = []
    editor.told.connect(told.append)
    move_note(editor, Steps(1))  # which becomes one with the step before
    assert told == [f"{BEFORE}; make new ones for it as it is."]


def test_takes_are_kept_for_some_steps_and_not_for_all(gallery: Gallery, editor: Editor, fill: Fill) -> None:
    for _ in range(MOST_LEFT + 1):
        fill(takes=2)
        gallery.commit(1)
    editor.undo_stack.setIndex(0)
    assert is_empty(gallery)
    editor.undo_stack.setIndex(1)
    QCoreApplication.processEvents()
    assert len(gallery.cards) == 2


def test_takes_do_not_come_and_go_as_the_history_passes_by(gallery: Gallery, editor: Editor, fill: Fill) -> None:
    rest(editor, 2)
    fill()
    gallery.commit(2)
    told: list[str] = []
    editor.told.connect(told.append)
    editor.undo_stack.setIndex(0)
    assert is_empty(gallery)
    assert not told


@pytest.mark.parametrize("what", ["close", "open", "fill"])
def test_takes_that_are_done_with_do_not_come_back(
    gallery: Gallery, editor: Editor, reel: ScoreDocument, fill: Fill, what: str
) -> None:
    rest(editor, 2)
    fill()
    editor.undo_stack.undo()
    again, back = editor.undo_stack.redo, editor.undo_stack.undo
    steps: dict[str, Sequence[Callable[[], object]]] = {
        "close": (again, QCoreApplication.processEvents, gallery.escape, back),
        "open": (lambda: editor.open(reel), lambda: rest(editor, 2), back),
        "fill": (again, QCoreApplication.processEvents, fill, gallery.escape, back),
    }
    for step in steps[what]:
        step()
    assert is_empty(gallery)
    editor.undo_stack.redo()
    assert is_empty(gallery)


def test_keeping_the_original_closes_the_gallery_and_changes_nothing(
    gallery: Gallery, editor: Editor, reel: ScoreDocument, fill: Fill
) -> None:
    gallery.commit()
    fill()
    gallery.commit(0)
    assert gallery.cards == ()
    assert editor.document is reel
    assert editor.undo_stack.count() == 0


def test_starred_takes_stay_beside_new_ones(gallery: Gallery, fill: Fill) -> None:
    fill()
    gallery.toggle_star(2)
    gallery.toggle_star(0)  # the original stays anyway
    gallery.pick(2)
    kept = gallery.cards[2]
    fill(seed=3)
    assert names_in(gallery) == ["D", "F", "G", "A"]
    assert gallery.cards[1] is kept
    assert gallery.is_starred(kept)
    assert kept.origin.settings.seed == 0
    assert gallery.cards[2].origin.settings.seed == 3
    assert gallery.current == 2  # the first of the new ones
    gallery.toggle_star(1)
    fill(seed=4)
    assert names_in(gallery) == ["G", "A", "B"]


def test_starred_takes_are_there_again_where_the_gallery_was_closed_in_between(
    gallery: Gallery, editor: Editor, fill: Fill
) -> None:
    fill()
    gallery.toggle_star(2)
    starred = gallery.cards[2]
    gallery.escape()
    fill(seed=7)
    assert gallery.cards[1] is starred
    assert gallery.is_starred(starred)
    gallery.escape()
    editor.select(2, 3)
    fill()
    assert starred not in gallery.cards


def test_a_take_that_is_there_already_does_not_come_again(gallery: Gallery, fill: Fill) -> None:
    fill()
    gallery.toggle_star(2)
    fill()
    assert names_in(gallery) == ["D", "C", "E"]


def test_other_measures_begin_an_empty_gallery(gallery: Gallery, editor: Editor, fill: Fill) -> None:
    fill()
    gallery.toggle_star(1)
    editor.select(2)
    fill()
    assert len(gallery.cards) == 4
    assert gallery.origin is not None
    assert gallery.origin.span == Span(2, 3)
    assert editor.preview is not None
    assert editor.preview.span == Span(2, 3)


def test_without_a_selection_the_same_measures_are_filled_again(gallery: Gallery, editor: Editor, fill: Fill) -> None:
    fill()
    editor.clear_selection()
    fill(seed=2)
    assert editor.span == Span(6, 10)
    assert names_in(gallery) == ["E", "F", "G"]


def test_a_take_that_is_thrown_away_gives_its_place_to_the_next(gallery: Gallery, editor: Editor, fill: Fill) -> None:
    gallery.remove()
    fill()
    gallery.remove(0)
    assert len(gallery.cards) == 4
    gallery.pick(2)
    gallery.remove()
    assert names_in(gallery) == ["C", "E"]
    assert (gallery.current, shown_name(editor)) == (2, "E5")
    gallery.remove(1)
    assert (gallery.current, shown_name(editor)) == (1, "E5")
    gallery.remove()
    assert (gallery.current, len(gallery.cards), editor.preview) == (0, 1, None)


def test_escape_calls_off_and_then_closes_and_the_score_is_untouched(
    gallery: Gallery, filler: Filler, editor: Editor, reel: ScoreDocument, fill: Fill
) -> None:
    assert not gallery.escape()
    fill()
    gallery.toggle_star()
    filler.regenerate()
    assert gallery.escape()
    assert not filler.is_running
    assert gallery.origin is not None
    assert gallery.escape()
    assert is_empty(gallery)
    assert (editor.preview, editor.document) == (None, reel)
    assert not gallery.escape()


def test_more_like_a_take_leaves_it_there_and_asks_for_its_notes_again(
    gallery: Gallery, filler: Filler, editor: Editor, qtbot: QtBot, fill: Fill
) -> None:
    fill(similarity=0.2)
    liked = gallery.cards[2]
    editor.select(0)  # something else, meanwhile
    with qtbot.waitSignal(filler.ended, timeout=WAIT_MS):
        gallery.more_like(2)
    settings = filler.settings
    assert settings.example is not None
    assert (settings.example.measures, settings.example.name) == (liked.measures, "take 2 (seed 0)")
    assert (settings.similarity, settings.without_example().similarity) == (MORE_LIKE, 0.2)
    assert gallery.cards[1] is liked
    assert gallery.is_starred(liked)
    assert editor.span == Span(6, 10)
    with qtbot.waitSignal(filler.ended, timeout=WAIT_MS):
        gallery.more_like(2)
    assert filler.settings.without_example().similarity == 0.2  # not that of the take before


def test_a_card_says_how_much_it_has_of_the_take_it_should_be_like(
    gallery: Gallery, filler: Filler, qtbot: QtBot, fill: Fill
) -> None:
    fill()
    with qtbot.waitSignal(filler.ended, timeout=WAIT_MS):
        gallery.more_like(1)
    liked, other = gallery.cards[1:3]
    assert (gallery.cards[0].kept_of_example, liked.kept_of_example, other.kept_of_example) == (None, None, 0.0)


def test_the_rhythm_of_a_card_with_the_pitches_of_another_is_a_new_card(
    gallery: Gallery, filler: Filler, editor: Editor, reel: ScoreDocument, qtbot: QtBot, fill: Fill
) -> None:
    fill()
    with qtbot.waitSignal(filler.ended, timeout=WAIT_MS):
        gallery.splice(2)
    spliced = gallery.cards[4]
    assert gallery.current_card is spliced
    assert (shown_name(editor), spliced.kept) == ("D4", 0.0)
    assert spliced.splice is not None
    assert (spliced.splice.rhythm.title, spliced.splice.pitches.title) == ("take 1 (seed 0)", "take 2 (seed 0)")
    assert spliced.take is not None
    assert spliced.take.spliced == (0, 1)
    gallery.commit()
    command = editor.undo_stack.command(0)
    assert isinstance(command, ReplaceState)
    assert dict(command.details)["Pitches of"] == "take 2 (seed 0)"
    editor.undo_stack.undo()
    assert editor.document is reel


def test_a_splice_that_is_there_already_is_shown_and_not_doubled(
    gallery: Gallery, filler: Filler, editor: Editor, qtbot: QtBot, fill: Fill
) -> None:
    fill()
    for _ in range(2):
        gallery.pick(1)
        with qtbot.waitSignal(filler.ended, timeout=WAIT_MS):
            gallery.splice(2)
    gallery.pick(0)
    with qtbot.waitSignal(editor.told) as told, qtbot.waitSignal(filler.ended, timeout=WAIT_MS):
        gallery.splice(2)
    assert told.args == ["What came of it is there already, as take 4."]
    assert (len(gallery.cards), gallery.current) == (5, 4)


def test_what_cannot_be_spliced_leaves_the_cards_as_they_are(
    gallery: Gallery, filler: Filler, qtbot: QtBot, fill: Fill
) -> None:
    gallery.splice(1)
    gallery.more_like()
    gallery.use_settings()
    fill()
    gallery.splice(1)  # with itself
    gallery.splice(99)
    assert not filler.is_running
    cards = gallery.cards
    gallery.pick(0)
    gallery.more_like()  # the original is what takes are like anyway
    filler.splice(cards[1].origin, Splice(gallery.source_of(cards[1]), gallery.source_of(cards[1])))
    with qtbot.waitSignal(filler.failed, timeout=WAIT_MS) as failed:
        pass
    assert failed.args == ["The two takes have the same pitches; choose two that differ."]
    assert gallery.cards == cards


def test_while_takes_are_made_nothing_is_spliced(
    gallery: Gallery, filler: Filler, editor: Editor, qtbot: QtBot
) -> None:
    asked: list[str] = []
    editor.told.connect(asked.append)
    filler.take_arrived.connect(lambda *_: gallery.splice(0, 1))
    with qtbot.waitSignal(filler.finished, timeout=WAIT_MS):
        gallery.regenerate()
    assert "Wait until all takes are there" in asked[0]
    assert len(gallery.cards) == 4


def test_a_splice_for_a_gallery_that_is_closed_is_dropped(
    gallery: Gallery, filler: Filler, qtbot: QtBot, fill: Fill
) -> None:
    fill()
    first, second = gallery.cards[1:3]
    splice = Splice(gallery.source_of(first), gallery.source_of(second))
    gallery.close()
    with qtbot.waitSignal(filler.spliced, timeout=WAIT_MS):
        filler.splice(first.origin, splice)
    assert is_empty(gallery)


def test_the_settings_of_a_take_bring_back_all_that_was_asked_for(
    gallery: Gallery, filler: Filler, editor: Editor, fill: Fill
) -> None:
    wishes = filler.wishes
    line = (LinePoint(6, 0, 69.0), LinePoint(8, 0, 74.0))
    wishes.toggle_lock(NotePlace(6, 0))
    wishes.toggle_lock(NotePlace(0, 0))
    wishes.set_contour(line)
    wishes.set_contour_strength(0.8)
    fill(keep="rhythm", longest_leap=7, seed=5)
    asked = filler.settings
    wishes.clear_locks()
    wishes.toggle_lock(NotePlace(7, 0))
    wishes.toggle_lock(NotePlace(0, 1))
    wishes.clear_contour()
    wishes.set_contour_strength(0.3)
    filler.set_settings(FillSettings(takes=9, most_notes=4, model="reels"))
    editor.select(1)
    gallery.use_settings(1)
    assert filler.settings == replace(asked, model="reels", seed_locked=True)
    assert editor.span == Span(6, 10)
    assert wishes.locked == {NotePlace(6, 0), NotePlace(0, 1)}  # those elsewhere have no say in it
    assert (wishes.contour, wishes.contour_strength) == (line, 0.8)


def test_the_settings_of_a_take_that_was_kept_are_found_again_until_another_tune_is_opened(
    gallery: Gallery, filler: Filler, editor: Editor, reel: ScoreDocument, fill: Fill
) -> None:
    filler.wishes.toggle_lock(NotePlace(6, 0))
    fill(keep="rhythm", seed=5)
    asked = filler.settings
    gallery.commit(2)
    command = editor.undo_stack.command(0)
    assert isinstance(command, ReplaceState)
    filler.wishes.clear_locks()
    filler.set_settings(FillSettings(seed=8))
    gallery.use_settings_of(command.details)
    assert filler.settings == asked
    assert filler.wishes.locked == frozenset()  # it gave way to the take, and is there again with the note
    editor.undo_stack.undo()
    assert filler.wishes.locked == {NotePlace(6, 0)}
    editor.open(reel)
    filler.set_settings(FillSettings(seed=8))
    gallery.use_settings_of(command.details)
    assert filler.settings == FillSettings(seed=8)


def test_without_a_line_over_the_measures_one_elsewhere_stays(gallery: Gallery, filler: Filler, fill: Fill) -> None:
    elsewhere = (LinePoint(0, 0, 69.0), LinePoint(2, 0, 74.0))
    fill()
    filler.wishes.set_contour(elsewhere)
    gallery.use_settings(1)
    found = [filler.wishes.contour]
    filler.wishes.set_contour([LinePoint(6, 0, 69.0)])
    gallery.use_settings(1)
    assert [*found, filler.wishes.contour] == [elsewhere, ()]


def test_what_cannot_be_made_costs_none_of_the_takes_that_are_there(
    gallery: Gallery, filler: Filler, editor: Editor, qtbot: QtBot, fill: Fill
) -> None:
    fill()
    gallery.toggle_star(3)
    gallery.pick(2)
    before = gallery.cards
    filler.set_settings(FillSettings(lowest=80, highest=70))
    with qtbot.waitSignal(filler.ended, timeout=WAIT_MS):
        gallery.regenerate()
    assert (gallery.cards, gallery.current, shown_name(editor)) == (before, 2, "D5")
    assert gallery.is_starred(before[3])
    assert gallery.origin is before[1].origin


def test_where_no_take_is_found_those_of_before_are_still_there(
    gallery: Gallery, filler: Filler, qtbot: QtBot, fill: Fill, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill()
    before = gallery.cards
    monkeypatch.setattr(FakeEngine, "propose", lambda *_: iter(()))
    with qtbot.waitSignal(filler.finished, timeout=WAIT_MS) as finished:
        gallery.regenerate()
    assert (finished.args, gallery.cards) == ([0], before)


def test_without_any_take_the_gallery_is_empty(gallery: Gallery, filler: Filler, qtbot: QtBot) -> None:
    with qtbot.waitSignal(gallery.closed):
        filler.regenerate()
        filler.cancel()
    assert is_empty(gallery)


@pytest.mark.parametrize("what", ["edit", "undo", "open", "close"])
def test_the_gallery_of_a_score_that_is_another_now_is_empty(
    gallery: Gallery, editor: Editor, reel: ScoreDocument, fill: Fill, what: str
) -> None:
    fill()
    gallery.commit(1)
    fill()
    changes: dict[str, Callable[[], None]] = {
        "edit": lambda: rest(editor, 2),
        "undo": editor.undo_stack.undo,
        "open": lambda: editor.open(reel),
        "close": editor.close,
    }
    changes[what]()
    assert (gallery.cards, gallery.origin, editor.preview) == ((), None, None)


def test_another_part_closes_the_gallery(gallery: Gallery, editor: Editor, qtbot: QtBot, fill: Fill) -> None:
    editor.open(open_document(TUNES / "auld-lang-syne.musicxml"))
    editor.select(2, 3)
    fill()
    assert len(gallery.cards) == 4
    editor.set_part(1)
    assert is_empty(gallery)
    with qtbot.waitSignal(gallery.came_back):
        editor.set_part(0)
    assert len(gallery.cards) == 4


def test_a_take_that_cannot_be_shown_or_kept_says_so(
    gallery: Gallery, filler: Filler, editor: Editor, reel: ScoreDocument, qtbot: QtBot
) -> None:
    wrong = Origin(reel, 0, Span(6, 8), filler.settings)  # its takes have four measures
    assert editor.melody is not None
    take = next(FakeEngine().propose(FillRequest(editor.melody, Span(6, 10))))
    filler.started.emit(wrong)
    editor.show_preview(Span(0, 1), editor.melody.measures[:1])
    with qtbot.waitSignal(editor.told) as told:
        filler.take_arrived.emit(take, None)
    assert "measures" in told.args[0]
    assert editor.preview is None
    with qtbot.waitSignal(editor.told):
        gallery.commit(1)
    assert editor.document is reel
    with pytest.raises(SelectionError):
        editor.commit_take("Take", Span(6, 8), take.measures, ())
