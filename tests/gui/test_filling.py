"""Regenerating: what is asked of the engine, what comes back, and what is dropped."""

import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from inpaint_desktop import paths
from inpaint_desktop.documents.document import Edit, ScoreDocument
from inpaint_desktop.documents.opening import open_content, open_document
from inpaint_desktop.encoding.grammar import Constraints
from inpaint_desktop.engine.checking import breaches_of
from inpaint_desktop.engine.inpaintnet import InpaintNetEngine
from inpaint_desktop.engine.opening import open_engine
from inpaint_desktop.engine.proposing import ignore_progress
from inpaint_desktop.engine.request import (
    ContourPoint,
    Engine,
    FillRequest,
    Guidance,
    Progress,
    Properties,
    Take,
    Variety,
)
from inpaint_desktop.errors import WeightsError
from inpaint_desktop.score.melody import Measure, Note, Span
from inpaint_desktop.score.meter import TICKS_PER_QUARTER
from inpaint_desktop.score.pitch import Pitch
from inpaint_desktop.score.places import NotePlace
from inpaint_desktop.settings import DEFAULT_MODEL
from inpaint_desktop.ui.editor import Editor
from inpaint_desktop.ui.fill_settings import Example, FillSettings, Source, Splice
from inpaint_desktop.ui.filling import Filler
from inpaint_desktop.ui.origin import Origin, temperature_of, variety_of
from inpaint_desktop.ui.wishes import LinePoint

pytestmark = pytest.mark.usefixtures("qtbot")

TUNES = paths.resources_folder() / "tunes"
WAIT_S = 10
WAIT_MS = 20_000

Propose = Callable[[FillRequest, Progress], Iterator[Take]]


class FakeEngine:
    """An engine that does what a function says."""

    name = "fake"
    device = "abacus"

    def __init__(self, propose: Propose) -> None:
        self._propose = propose
        self.requests: list[FillRequest] = []

    def propose(self, request: FillRequest, progress: Progress = ignore_progress) -> Iterator[Take]:
        self.requests.append(request)
        return self._propose(request, progress)

    def splice(self, request: FillRequest, rhythm: Sequence[Measure], _pitches: Sequence[Measure]) -> Take:
        self.requests.append(request)
        return replace(next(self._propose(request, ignore_progress)), measures=tuple(rhythm))


def plain_take(request: FillRequest, seed: int) -> Take:
    """A take with one long note a measure."""
    measures = tuple(
        request.melody.measures[index].with_notes(
            [Note(0, request.melody.measures[index].duration, Pitch("CDEFGAB"[seed % 7], 0, 5))]
        )
        for index in request.span.indices
    )
    return Take(request, measures, seed, -0.5, Properties(0.0, 0.2, 72, 84))


def plain_takes(request: FillRequest, progress: Progress) -> Iterator[Take]:
    progress(0.5)
    for number in range(request.takes):
        yield plain_take(request, number)


class Heard:
    """Writes down what a filler says."""

    def __init__(self, filler: Filler) -> None:
        self.events: list[tuple[str, object]] = []
        self.takes: list[Take] = []
        for name in ("started", "finished", "failed", "progressed"):
            getattr(filler, name).connect(lambda value, name=name: self.events.append((name, value)))
        for name in ("cancelled", "ended"):
            getattr(filler, name).connect(lambda name=name: self.events.append((name, None)))
        filler.take_arrived.connect(lambda take, _edit: self.takes.append(take))

    def of(self, *names: str) -> list[tuple[str, object]]:
        return [event for event in self.events if event[0] in names]

    @property
    def sentence(self) -> str:
        return str(self.of("failed")[-1][1])


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
def make_filler(editor: Editor) -> Iterator[Callable[[Engine], Filler]]:
    """Make fillers of engines; they end with the test."""
    made: list[Filler] = []

    def make(engine: Engine) -> Filler:
        made.append(Filler(editor, lambda _model, _device: engine))
        return made[-1]

    yield make
    for filler in made:
        filler.close()


def regenerate(filler: Filler, qtbot: QtBot) -> Heard:
    """Ask for takes and wait for the end."""
    heard = Heard(filler)
    with qtbot.waitSignal(filler.ended, timeout=WAIT_MS):
        filler.regenerate()
    return heard


def test_takes_of_the_selection_arrive_one_by_one(
    editor: Editor, make_filler: Callable[[Engine], Filler], qtbot: QtBot
) -> None:
    filler = make_filler(FakeEngine(plain_takes))
    filler.set_settings(FillSettings(takes=3))
    heard = regenerate(filler, qtbot)
    assert [take.seed for take in heard.takes] == [0, 1, 2]
    assert heard.takes[0].request.span == editor.span
    assert heard.takes[0].request.melody == editor.melody
    assert heard.of("finished", "ended") == [("finished", 3), ("ended", None)]
    assert not filler.is_running


def test_takes_come_with_the_edit_that_puts_them_into_the_score(
    editor: Editor, make_filler: Callable[[Engine], Filler], qtbot: QtBot
) -> None:
    edits: list[Edit] = []
    filler = make_filler(FakeEngine(plain_takes))
    filler.set_settings(FillSettings(takes=2))
    filler.take_arrived.connect(lambda _take, edit: edits.append(edit))
    heard = regenerate(filler, qtbot)
    for take, edit in zip(heard.takes, edits, strict=True):
        assert editor.document is not None
        assert editor.span is not None
        assert edit == editor.document.with_measures(0, editor.span, take.measures)


@pytest.mark.parametrize("ends_tied", [True, False])
def test_takes_that_would_change_a_note_outside_are_left_out_and_if_none_remain_it_says_why(
    editor: Editor, make_filler: Callable[[Engine], Filler], qtbot: QtBot, ends_tied: bool
) -> None:
    editor.open(open_content(b"X:1\nM:4/4\nL:1/4\nK:C\nCDEF|CDE^F-|FEDC|CDEF|\n", "tied.abc"))
    editor.select(1)

    def propose(request: FillRequest, _progress: Progress) -> Iterator[Take]:
        yield plain_take(request, 0)
        sharp = Note(0, 4 * TICKS_PER_QUARTER, Pitch("F", 1, 4), ties_on=True)
        if ends_tied:
            yield replace(plain_take(request, 1), measures=(request.melody.measures[1].with_notes([sharp]),))

    heard = regenerate(make_filler(FakeEngine(propose)), qtbot)
    assert [take.seed for take in heard.takes] == [1] * ends_tied
    assert heard.of("finished") == [("finished", 1)] * ends_tied
    if not ends_tied:
        assert "its accidental" in heard.sentence


def test_progress_only_grows(make_filler: Callable[[Engine], Filler], qtbot: QtBot) -> None:
    def and_at_last(request: FillRequest, progress: Progress) -> Iterator[Take]:
        yield from plain_takes(request, progress)
        progress(1.0)

    heard = regenerate(make_filler(FakeEngine(and_at_last)), qtbot)
    shares = [float(str(share)) for _, share in heard.of("progressed")]
    assert shares == sorted(shares)
    assert shares[-1] == 1.0


def test_the_settings_reach_the_engine(make_filler: Callable[[Engine], Filler], qtbot: QtBot) -> None:
    engine = FakeEngine(plain_takes)
    filler = make_filler(engine)
    wanted = FillSettings(takes=2, similarity=0.4, stay_in_key=False, lowest=62, highest=83, seed=17, seed_locked=True)
    filler.set_settings(wanted)
    heard = regenerate(filler, qtbot)
    request = engine.requests[0]
    assert (request.takes, request.seed, request.similarity, request.stay_in_key) == (2, 17, 0.4, False)
    assert (request.constraints.lowest, request.constraints.highest) == (62, 83)
    assert request.variety == Variety()
    origin = heard.of("started")[0][1]
    assert isinstance(origin, Origin)
    assert origin.settings == wanted


def test_every_condition_reaches_the_engine(make_filler: Callable[[Engine], Filler], qtbot: QtBot) -> None:
    engine = FakeEngine(plain_takes)
    filler = make_filler(engine)
    kept = {"first_note": 69, "last_note": 62, "longest_leap": 7, "most_kept": 0.3}
    filler.set_settings(
        FillSettings(keep="rhythm", fewest_notes=3, most_notes=8, echo=Span(1, 3), echo_strength=0.8, **kept)  # type: ignore[arg-type]
    )
    filler.wishes.toggle_lock(NotePlace(6, 0))
    filler.wishes.set_contour([LinePoint(6, 0, 69.0), LinePoint(9, 0, 74.0)])
    regenerate(filler, qtbot)
    request = engine.requests[0]
    assert request.constraints == Constraints(
        keep_rhythm=True,
        fewest_onsets=3,
        most_onsets=8,
        locked=frozenset({NotePlace(6, 0)}),
        **kept,  # type: ignore[arg-type]
    )
    line = (ContourPoint(6, 0, 69.0), ContourPoint(9, 0, 74.0))
    assert request.guidance == Guidance(Span(1, 3), 0.8, line, 0.5)


@pytest.mark.parametrize(("keep", "fields"), [("", (False, False)), ("pitches", (False, True))])
def test_what_is_kept_reaches_the_engine(
    make_filler: Callable[[Engine], Filler], qtbot: QtBot, keep: str, fields: tuple[bool, bool]
) -> None:
    engine = FakeEngine(plain_takes)
    filler = make_filler(engine)
    filler.set_settings(FillSettings(keep=keep))
    regenerate(filler, qtbot)
    asked = engine.requests[0].constraints
    assert (asked.keep_rhythm, asked.keep_pitches) == fields


def test_takes_are_like_an_example_for_its_measures_and_like_the_original_elsewhere(
    editor: Editor, make_filler: Callable[[Engine], Filler], qtbot: QtBot
) -> None:
    engine = FakeEngine(plain_takes)
    filler = make_filler(engine)
    assert editor.melody is not None
    liked = editor.melody.measures[6:10]
    example = Example(0, Span(6, 10), liked, "take 2", similarity_before=0.2)
    filler.set_settings(FillSettings(example=example, similarity=0.7))
    regenerate(filler, qtbot)
    editor.select(2, 5)
    regenerate(filler, qtbot)
    assert [(request.like, request.similarity) for request in engine.requests] == [(liked, 0.7), (None, 0.2)]
    assert filler.settings.example is None


def splice_of(filler: Filler) -> tuple[Origin, Splice]:
    """The second and the third measure laid upon each other."""
    document, melody = filler.editor.document, filler.editor.melody
    assert document is not None
    assert melody is not None
    rhythm, pitches = (Source(melody.measures[start : start + 1], "take", start) for start in (1, 2))
    return Origin(document, 0, Span(6, 7), FillSettings(seed=5)), Splice(rhythm, pitches)


def test_a_splice_comes_with_its_edit_and_what_it_was_made_of(
    make_filler: Callable[[Engine], Filler], qtbot: QtBot
) -> None:
    filler = make_filler(FakeEngine(plain_takes))
    heard = Heard(filler)
    origin, splice = splice_of(filler)
    with qtbot.waitSignal(filler.spliced, timeout=WAIT_MS) as spliced, qtbot.waitSignal(filler.ended):
        filler.splice(origin, splice)
        assert filler.is_running
    take, edit, *rest = spliced.args
    assert (take.measures, take.spliced, rest) == (splice.rhythm.measures, (1, 2), [origin, splice])
    assert edit.document.melody().measures[6].notes == splice.rhythm.measures[0].notes
    assert heard.of("started", "finished", "failed") == []
    assert not filler.is_running


def test_a_splice_is_called_off_like_takes(
    editor: Editor, make_filler: Callable[[Engine], Filler], hanging: "Hanging", qtbot: QtBot
) -> None:
    filler = make_filler(FakeEngine(hanging))
    with qtbot.assertNotEmitted(filler.spliced), qtbot.waitSignal(filler.cancelled):
        filler.splice(*splice_of(filler))
        assert hanging.has_begun.wait(WAIT_S)
        edit(editor)
    hanging.may_go_on.set()
    assert not filler.is_running


def test_the_middle_of_variety_is_the_default_and_the_ends_are_safer_and_bolder() -> None:
    safe, usual, bold = map(variety_of, (0.0, 0.5, 1.0))
    assert usual == Variety()
    assert safe.context_noise == safe.gap_noise == 0.0
    assert safe.temperature < usual.temperature < bold.temperature == temperature_of(1.0)
    assert safe.top_p < usual.top_p < bold.top_p == 1.0


def test_an_unlocked_seed_is_drawn_anew_and_a_locked_one_stays(
    make_filler: Callable[[Engine], Filler], qtbot: QtBot
) -> None:
    engine = FakeEngine(plain_takes)
    filler = make_filler(engine)
    with qtbot.waitSignal(filler.settings_changed):
        regenerate(filler, qtbot)
    regenerate(filler, qtbot)
    drawn = filler.settings.seed
    filler.set_settings(replace(filler.settings, seed_locked=True))
    regenerate(filler, qtbot)
    first, second, third = (request.seed for request in engine.requests)
    assert first != second == third == drawn


def test_the_model_is_loaded_once_and_says_where_it_computes(editor: Editor, qtbot: QtBot) -> None:
    loaded: list[tuple[str, str]] = []

    def load(model: str, device: str) -> Engine:
        loaded.append((model, device))
        return FakeEngine(plain_takes)

    filler = Filler(editor, load)
    ready: list[tuple[str, str]] = []
    filler.ready.connect(lambda model, device: ready.append((model, device)))
    with qtbot.waitSignal(filler.ready, timeout=WAIT_MS):
        filler.warm_up()
    regenerate(filler, qtbot)
    assert ready == [("fake", "abacus")]
    assert loaded == [(DEFAULT_MODEL, "auto")]
    filler.set_settings(replace(filler.settings, model="reels", device="cpu"))
    regenerate(filler, qtbot)
    filler.close()
    assert loaded[1:] == [("reels", "cpu")]


def test_a_request_while_the_model_is_loading_waits_for_it(editor: Editor, qtbot: QtBot) -> None:
    may_load, loads = threading.Event(), []

    def load(_model: str, _device: str) -> Engine:
        loads.append(may_load.wait(WAIT_S))
        return FakeEngine(plain_takes)

    filler = Filler(editor, load)
    heard = Heard(filler)
    filler.warm_up()
    filler.regenerate()
    filler.warm_up()  # has nothing to do
    with qtbot.waitSignal(filler.ended, timeout=WAIT_MS):
        may_load.set()
    filler.close()
    assert (loads, len(heard.takes)) == ([True], 8)


def test_a_model_that_cannot_be_loaded_says_so_only_when_it_is_asked(editor: Editor, qtbot: QtBot) -> None:
    filler = Filler(editor, open_engine)
    filler.set_settings(replace(filler.settings, model="jigs"))
    heard = Heard(filler)
    with qtbot.waitSignal(filler._task.ended, timeout=WAIT_MS):
        filler.warm_up()
    assert heard.events == []
    assert regenerate(filler, qtbot).sentence.startswith("There is no model called 'jigs'; choose one of")
    filler.close()


def test_an_engine_that_raises_leaves_a_sentence_and_takes_that_came_before(
    make_filler: Callable[[Engine], Filler], qtbot: QtBot
) -> None:
    def broken(request: FillRequest, _progress: Progress) -> Iterator[Take]:
        yield plain_take(request, 1)
        raise WeightsError("The weights have melted; install the program again.")

    filler = make_filler(FakeEngine(broken))
    heard = regenerate(filler, qtbot)
    assert heard.sentence == "The weights have melted; install the program again."
    assert len(heard.takes) == 1
    assert not filler.is_running


def test_an_unexpected_error_is_a_sentence_too(
    make_filler: Callable[[Engine], Filler], qtbot: QtBot, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(_request: FillRequest, _progress: Progress) -> Iterator[Take]:
        raise ZeroDivisionError("by zero")

    heard = regenerate(make_filler(FakeEngine(broken)), qtbot)
    assert heard.sentence == "The takes could not be made: something unexpected happened (by zero). Try again."
    assert "Background work failed" in caplog.text


@pytest.mark.parametrize("junk", ["junk", None, 3], ids=str)
def test_an_engine_that_answers_with_junk_leaves_a_sentence(
    make_filler: Callable[[Engine], Filler], qtbot: QtBot, junk: object
) -> None:
    heard = regenerate(make_filler(FakeEngine(lambda _request, _progress: iter([junk]))), qtbot)  # type: ignore[list-item]
    assert "does not fit the measures" in heard.sentence
    assert heard.takes == []


def test_a_take_of_another_length_is_refused(make_filler: Callable[[Engine], Filler], qtbot: QtBot) -> None:
    def short(request: FillRequest, _progress: Progress) -> Iterator[Take]:
        take = plain_take(request, 1)
        yield replace(take, measures=take.measures[1:])

    assert "does not fit the measures" in regenerate(make_filler(FakeEngine(short)), qtbot).sentence


class Hanging:
    """An engine that does not answer before it is let go, and does not look whether it is still wanted."""

    def __init__(self) -> None:
        self.has_begun = threading.Event()
        self.may_go_on = threading.Event()

    def __call__(self, request: FillRequest, _progress: Progress) -> Iterator[Take]:
        self.has_begun.set()
        self.may_go_on.wait(WAIT_S)
        yield plain_take(request, 1)


@pytest.fixture
def hanging() -> Iterator[Hanging]:
    made = Hanging()
    yield made
    made.may_go_on.set()


def begin(filler: Filler, hanging: Hanging) -> Heard:
    heard = Heard(filler)
    filler.regenerate()
    assert hanging.has_begun.wait(WAIT_S)
    return heard


def test_an_engine_that_hangs_can_be_called_off(
    make_filler: Callable[[Engine], Filler], hanging: Hanging, qtbot: QtBot
) -> None:
    filler = make_filler(FakeEngine(hanging))
    heard = begin(filler, hanging)
    filler.cancel()
    assert not filler.is_running
    assert heard.of("cancelled", "ended") == [("cancelled", None), ("ended", None)]
    hanging.may_go_on.set()
    again = regenerate(filler, qtbot)
    assert [take.seed for take in again.takes] == [1]
    assert len(heard.takes) == 1  # what the first request answered late is dropped


def edit(editor: Editor, index: int = 2) -> None:
    assert editor.melody is not None
    measure = editor.melody.measures[index]
    editor.replace_measures("Edit", Span(index, index + 1), [measure.with_notes([Note(0, measure.duration, None)])])


@pytest.mark.parametrize("what", ["edit", "undo", "open", "close"])
def test_an_answer_for_a_score_that_is_another_now_is_dropped(
    editor: Editor, make_filler: Callable[[Engine], Filler], hanging: Hanging, reel: ScoreDocument, what: str
) -> None:
    edit(editor, 2)
    filler = make_filler(FakeEngine(hanging))
    heard = begin(filler, hanging)
    changes: dict[str, Callable[[], None]] = {
        "edit": lambda: edit(editor, 3),
        "undo": editor.undo_stack.undo,
        "open": lambda: editor.open(reel),
        "close": editor.close,
    }
    changes[what]()
    hanging.may_go_on.set()
    filler.close()
    assert heard.of("cancelled", "finished") == [("cancelled", None)]
    assert heard.takes == []


def test_an_answer_for_another_part_is_dropped(
    editor: Editor, make_filler: Callable[[Engine], Filler], hanging: Hanging
) -> None:
    editor.open(open_document(TUNES / "auld-lang-syne.musicxml"))
    editor.select(2, 3)
    filler = make_filler(FakeEngine(hanging))
    heard = begin(filler, hanging)
    editor.set_part(1)
    assert heard.of("cancelled") == [("cancelled", None)]


def test_a_preview_and_another_selection_do_not_disturb_the_work(
    editor: Editor, make_filler: Callable[[Engine], Filler], hanging: Hanging, qtbot: QtBot
) -> None:
    filler = make_filler(FakeEngine(hanging))
    heard = begin(filler, hanging)
    assert editor.melody is not None
    editor.show_preview(Span(6, 7), editor.melody.measures[7:8])
    editor.select(1)
    with qtbot.waitSignal(filler.finished, timeout=WAIT_MS):
        hanging.may_go_on.set()
    assert len(heard.takes) == 1


def test_closing_while_takes_are_made_leaves_nothing_behind(
    make_filler: Callable[[Engine], Filler], qtbot: QtBot
) -> None:
    has_begun = threading.Event()

    def endless(_request: FillRequest, progress: Progress) -> Iterator[Take]:
        has_begun.set()
        while True:
            progress(0.1)

    filler = make_filler(FakeEngine(endless))
    heard = Heard(filler)
    filler.regenerate()
    assert has_begun.wait(WAIT_S)
    filler.close()
    qtbot.wait(10)
    assert heard.of("finished", "failed", "cancelled") == []
    assert not filler.is_running


def test_what_is_missing_is_said(editor: Editor, make_filler: Callable[[Engine], Filler]) -> None:
    filler = make_filler(FakeEngine(plain_takes))
    editor.clear_selection()
    before = filler.settings
    assert "No measures are selected; drag over" in regenerate_at_once(filler)
    assert filler.settings == before  # the next request is to have the seed that is shown
    editor.close()
    assert "No score is open" in regenerate_at_once(filler)


def regenerate_at_once(filler: Filler) -> str:
    """What is said when nothing can even be begun."""
    heard = Heard(filler)
    filler.regenerate()
    assert not filler.is_running
    return heard.sentence


PART = """<part id="{name}"><measure number="1"><attributes><divisions>1</divisions>
<time><beats>4</beats><beat-type>4</beat-type></time></attributes>
<note>{sound}<duration>4</duration></note></measure></part>"""
DUO = (
    '<?xml version="1.0"?><score-partwise version="4.0"><part-list>'
    '<score-part id="Flute"><part-name>Flute</part-name></score-part>'
    '<score-part id="Drum"><part-name>Drum</part-name></score-part></part-list>'
    + PART.format(name="Flute", sound="<pitch><step>C</step><octave>4</octave></pitch>")
    + PART.format(
        name="Drum",
        sound="<unpitched><display-step>E</display-step><display-octave>4</display-octave></unpitched>",
    )
    + "</score-partwise>"
)


def test_a_part_that_is_no_melody_says_why(
    editor: Editor, make_filler: Callable[[Engine], Filler], tmp_path: Path
) -> None:
    path = tmp_path / "duo.musicxml"
    path.write_text(DUO, encoding="utf-8")
    editor.open(open_document(path))
    editor.set_part(1)
    editor.select(0)
    assert editor.melody is None
    assert "notes without a pitch" in regenerate_at_once(make_filler(FakeEngine(plain_takes)))


def test_limits_that_leave_no_note_are_said(make_filler: Callable[[Engine], Filler], qtbot: QtBot) -> None:
    filler = make_filler(FakeEngine(plain_takes))
    filler.set_settings(FillSettings(lowest=80, highest=70))
    assert "leave no note to use; widen the range" in regenerate(filler, qtbot).sentence


CANNOT_BE = {
    "first note below": ({"first_note": 62, "lowest": 69}, "The first note, D4, lies below the lowest note, A4; widen"),
    "both counts": ({"fewest_notes": 9, "most_notes": 4}, "A measure cannot have at least 9 and at most 4 notes."),
    "leap": ({"keep": "pitches", "longest_leap": 1}, "more than the longest leap of 1; allow it, or leave the pitches"),
    "echo": ({"echo": Span(30, 31)}, "Measures 31 to 31 are not in this tune"),
}


@pytest.mark.parametrize("name", CANNOT_BE)
def test_what_cannot_be_met_is_said_before_anything_is_made(
    editor: Editor, qtbot: QtBot, engine: InpaintNetEngine, name: str
) -> None:
    values, sentence = CANNOT_BE[name]
    filler = Filler(editor, lambda _model, _device: engine)
    filler.set_settings(FillSettings(**values))  # type: ignore[arg-type]
    heard = regenerate(filler, qtbot)
    filler.close()
    assert sentence in heard.sentence
    assert heard.takes == []


def test_the_real_model_meets_conditions(editor: Editor, qtbot: QtBot, engine: InpaintNetEngine) -> None:
    filler = Filler(editor, lambda _model, _device: engine)
    filler.set_settings(
        FillSettings(
            takes=3, keep="rhythm", first_note=74, last_note=74, longest_leap=9, most_kept=0.3, echo=Span(1, 3)
        )
    )
    heard = regenerate(filler, qtbot)
    filler.close()
    assert len(heard.takes) == 3
    assert {breaches_of(take.request, take.measures) for take in heard.takes} == {()}


def test_the_real_model_fills_or_says_what_it_cannot(editor: Editor, qtbot: QtBot, engine: InpaintNetEngine) -> None:
    filler = Filler(editor, lambda _model, _device: engine)
    heard = regenerate(filler, qtbot)
    assert heard.of("finished") == [("finished", 8)]
    assert len(heard.takes) == 8
    editor.select(2, 12)
    assert "measures are too many at once; choose at most 8" in regenerate(filler, qtbot).sentence
    editor.open(open_document(TUNES / "irish-washerwoman.abc"))
    editor.select(2)
    assert "which this model has not learned; choose measures in 4/4 or 2/2" in regenerate(filler, qtbot).sentence
    filler.close()
