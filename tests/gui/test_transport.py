"""Playing what is shown: from where, through changes, to the end; and the controls of it."""

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from inpaint_desktop.documents.document import ScoreDocument
from inpaint_desktop.documents.opening import open_document
from inpaint_desktop.errors import DeviceError
from inpaint_desktop.playback.instruments import INSTRUMENTS
from inpaint_desktop.playback.synth import SynthOutput
from inpaint_desktop.playback.timeline import Line, Manner, Place, Timeline, make_timeline
from inpaint_desktop.score.melody import Measure, Note, Span
from inpaint_desktop.score.pitch import Pitch
from inpaint_desktop.ui.appearance import dark_palette
from inpaint_desktop.ui.editor import Editor
from inpaint_desktop.ui.transport import Transport, TunePlace, moved
from inpaint_desktop.ui.transport_bar import TransportBar

TUNES = Path(__file__).parents[2] / "resources" / "tunes"
DATA = Path(__file__).parents[1] / "data"
QUARTER = 10080


class Output:
    """Writes down what is to be played; its time goes on when the test says so."""

    def __init__(self, error: DeviceError | None = None) -> None:
        self.starts: list[tuple[Timeline, float, bool]] = []
        self.heard_s = 0.0
        self.volume = 1.0
        self.is_closed = self.is_warm = False
        self._error = error

    def warm_up(self) -> None:
        self.is_warm = True

    def start(self, timeline: Timeline, from_s: float, *, is_loop: bool) -> None:
        if self._error is not None:
            raise self._error
        self.heard_s = 0.0
        self.starts.append((timeline, from_s, is_loop))

    def stop(self) -> None:
        self.heard_s = 0.0

    def elapsed_s(self) -> float:
        return self.heard_s

    def set_volume(self, share: float) -> None:
        self.volume = share

    def close(self) -> None:
        self.is_closed = True

    @property
    def place(self) -> Place:
        """Where in the score the last start began."""
        timeline, from_s, _ = self.starts[-1]
        return timeline.place_at(from_s)


@pytest.fixture(scope="module")
def reel() -> ScoreDocument:
    return open_document(TUNES / "soldiers-joy.abc")


@pytest.fixture
def editor(reel: ScoreDocument) -> Editor:
    made = Editor()
    made.open(reel)
    return made


@pytest.fixture
def output() -> Output:
    return Output()


@pytest.fixture
def transport(editor: Editor, output: Output) -> Iterator[Transport]:
    made = Transport(editor, output)
    yield made
    made.close()


@pytest.fixture
def do(qtbot: QtBot, output: Output) -> Callable[[Callable[[], object]], None]:
    """Do something that makes the output start, and wait until it has."""

    def do_it(action: Callable[[], object]) -> None:
        before = len(output.starts)
        action()
        qtbot.waitUntil(lambda: len(output.starts) > before)

    return do_it


Do = Callable[[Callable[[], object]], None]


def long_notes(editor: Editor, span: Span, name: str = "D5") -> tuple[Measure, ...]:
    assert editor.melody is not None
    return tuple(
        measure.with_notes([Note(0, measure.duration, Pitch.parse(name))])
        for measure in editor.melody.measures[span.start : span.stop]
    )


def start_of(output: Output, measure: int, tick: int = 0) -> float:
    seconds = output.starts[-1][0].seconds_of(Place(measure, tick))
    assert seconds is not None
    return seconds


# Where it begins


def test_what_playing_needs_is_loaded_before_it_plays(qtbot: QtBot, transport: Transport, output: Output) -> None:
    transport.warm_up()
    qtbot.waitUntil(lambda: output.is_warm)
    assert not output.starts


def test_without_a_selection_it_plays_the_whole_tune_with_its_repeats(
    transport: Transport, output: Output, do: Do
) -> None:
    do(transport.play_pause)
    assert transport.is_playing
    assert output.place == Place(0)
    assert len(output.starts[-1][0].measures) > 18


def test_playing_starts_at_the_selection_and_goes_on_behind_it(
    editor: Editor, transport: Transport, output: Output, do: Do
) -> None:
    editor.select(6, 9)
    do(transport.play_pause)
    assert output.place == Place(6)
    assert output.starts[-1][0].measures[-1].index == 17


def test_it_pauses_and_goes_on_where_it_paused(editor: Editor, transport: Transport, output: Output, do: Do) -> None:
    editor.select(6)
    do(transport.play_pause)
    output.heard_s = start_of(output, 8, QUARTER)
    transport.play_pause()
    assert (transport.is_playing, transport.place) == (False, TunePlace(8, QUARTER))
    do(transport.play_pause)
    assert output.place == Place(8, QUARTER)


def test_after_a_pause_a_new_selection_counts_more_than_the_cursor(
    editor: Editor, transport: Transport, output: Output, do: Do
) -> None:
    do(transport.play_pause)
    transport.play_pause()
    editor.select(12)
    do(transport.play_pause)
    assert output.place == Place(12)


def test_while_it_is_paused_the_cursor_stands_where_it_plays_from_next(
    editor: Editor, transport: Transport, output: Output, do: Do
) -> None:
    do(transport.play_pause)
    output.heard_s = start_of(output, 13, QUARTER)
    transport.play_pause()
    places: list[object] = []
    transport.place_changed.connect(places.append)
    editor.select(4)
    editor.clear_selection()
    editor.select(4)
    assert places == [TunePlace(4), TunePlace(13, QUARTER), TunePlace(4)]
    do(transport.play_pause)
    assert output.place == Place(4)


def test_a_selection_moves_no_cursor_while_it_plays_and_shows_none_before(
    editor: Editor, transport: Transport, do: Do
) -> None:
    places: list[object] = []
    transport.place_changed.connect(places.append)
    editor.select(12)
    assert places == []
    do(transport.play_pause)
    editor.select(9)
    assert places == [TunePlace(12)]


def test_after_stopping_it_starts_at_the_selection_again(
    editor: Editor, transport: Transport, output: Output, do: Do
) -> None:
    editor.select(6)
    do(transport.play_pause)
    output.heard_s = 5.0
    transport.stop()
    assert (transport.is_playing, transport.place) == (False, None)
    do(transport.play_pause)
    assert output.place == Place(6)


def test_a_chosen_place_is_where_it_plays_next(editor: Editor, transport: Transport, output: Output, do: Do) -> None:
    editor.select(6)
    transport.set_place(3, QUARTER)
    assert transport.place == TunePlace(3, QUARTER)
    do(transport.play_pause)
    assert output.place == Place(3, QUARTER)


def test_a_place_chosen_while_it_plays_is_where_it_goes_on(transport: Transport, output: Output, do: Do) -> None:
    do(transport.play_pause)
    do(lambda: transport.set_place(10))
    assert output.place == Place(10)
    do(lambda: transport.play_from(2))
    assert output.place == Place(2)
    do(lambda: transport.set_place(1))
    assert output.place == Place(1)


def test_places_outside_the_tune_are_none(transport: Transport, output: Output) -> None:
    transport.set_place(99)
    transport.play_from(-1)
    assert (transport.place, transport.is_playing, output.starts) == (None, False, [])


def test_a_take_is_played_with_two_measures_on_both_sides(transport: Transport, output: Output, do: Do) -> None:
    do(lambda: transport.play_preview(Span(6, 8)))
    assert [measure.index for measure in output.starts[-1][0].measures] == [4, 5, 6, 7, 8, 9]
    do(lambda: transport.play_span(Span(0, 18), 2, 2))
    assert len(output.starts[-1][0].measures) == 18
    transport.play_span(Span(20, 22), 0, 0)
    assert len(output.starts) == 2


def test_counting_in_comes_before_the_music(editor: Editor, transport: Transport, output: Output, do: Do) -> None:
    editor.select(4)
    transport.count_in = True
    do(transport.play_pause)
    timeline, from_s, _ = output.starts[-1]
    assert (from_s, timeline.count_in_s > 0, timeline.measures[0].index) == (0.0, True, 4)


def test_a_single_note_is_heard_unless_something_is_played_and_a_pause_is_kept(
    transport: Transport, output: Output, do: Do
) -> None:
    do(transport.play_pause)
    output.heard_s = start_of(output, 8)
    transport.audition(61)
    transport.play_pause()
    do(lambda: transport.audition(61))
    assert ([note.midi for note in output.starts[-1][0].notes], transport.is_playing) == ([61], False)
    transport.audition(200)
    do(transport.play_pause)
    assert output.place == Place(8)
    assert len(output.starts) == 3


def test_a_single_note_of_a_transposing_instrument_sounds_as_it_is_meant(
    transport: Transport, editor: Editor, output: Output, do: Do
) -> None:
    editor.open(open_document(DATA / "musicxml" / "transposing.musicxml"))
    do(lambda: transport.audition(74))
    assert [note.midi for note in output.starts[-1][0].notes] == [72]


# Where it is


def test_the_cursor_goes_with_the_sound_and_is_gone_at_the_end(
    transport: Transport, output: Output, do: Do, qtbot: QtBot
) -> None:
    places: list[TunePlace | None] = []
    transport.place_changed.connect(places.append)
    do(lambda: transport.play_span(Span(4, 6), 0, 0))
    output.heard_s = start_of(output, 5, QUARTER)
    qtbot.waitUntil(lambda: places[-1] == TunePlace(5, QUARTER))
    with qtbot.waitSignal(transport.state_changed):
        output.heard_s = 100.0
    assert (places[0], places[-1], transport.is_playing) == (TunePlace(4), None, False)


def test_the_position_is_told_in_measures_and_felt_beats(editor: Editor, transport: Transport) -> None:
    assert transport.position == ("0", 4)
    editor.select(3)
    assert transport.position == ("3", 1)
    transport.set_place(5, 2 * QUARTER)
    assert transport.position == ("5", 3)


def test_without_a_score_there_is_no_position_and_no_tempo(editor: Editor, transport: Transport) -> None:
    assert transport.can_play
    editor.close()
    assert (transport.position, transport.tempo_bpm) == (None, 0.0)
    assert not transport.can_play


# Changes while it plays


def test_a_preview_that_comes_or_goes_is_heard_at_once_from_the_same_place(
    editor: Editor, transport: Transport, output: Output, do: Do
) -> None:
    do(lambda: transport.play_preview(Span(6, 8)))
    output.heard_s = start_of(output, 6, QUARTER)
    do(lambda: editor.show_preview(Span(6, 8), long_notes(editor, Span(6, 8), "C3")))
    assert output.place == Place(6, QUARTER)
    assert {note.midi for note in output.starts[-1][0].notes} >= {48}
    output.heard_s = 1.0
    do(lambda: editor.show_preview(None))
    assert 48 not in {note.midi for note in output.starts[-1][0].notes}


def test_tempo_and_sound_change_while_it_plays_and_the_place_stays(
    transport: Transport, output: Output, do: Do
) -> None:
    do(transport.play_pause)
    output.heard_s = start_of(output, 8)
    do(lambda: setattr(transport, "tempo_percent", 50))
    assert output.place == Place(8)
    do(lambda: setattr(transport, "instrument", 73))
    assert output.place == Place(8)
    assert output.starts[-1][0].lines[0].program == 73
    do(lambda: setattr(transport, "metronome", True))
    assert output.place == Place(8)
    assert output.starts[-1][0].clicks


def test_what_sounds_the_same_is_not_started_again(
    editor: Editor, transport: Transport, output: Output, do: Do, qtbot: QtBot
) -> None:
    do(transport.play_pause)
    with qtbot.waitSignal(transport._laying_out.succeeded):
        editor.shown_changed.emit()
    transport.tempo_percent = transport.tempo_percent
    transport.instrument = transport.instrument
    transport.loop = transport.metronome = transport.count_in = False
    do(lambda: setattr(transport, "tempo_percent", 90))
    assert len(output.starts) == 2


def test_what_is_edited_before_a_pause_is_heard_after_it(
    editor: Editor, transport: Transport, output: Output, do: Do, qtbot: QtBot
) -> None:
    do(transport.play_pause)
    output.heard_s = start_of(output, 6)
    editor.replace_measures("Edit", Span(6, 8), long_notes(editor, Span(6, 8), "C3"))
    with qtbot.waitSignal(transport._laying_out.succeeded):  # it comes too late
        transport.play_pause()
    assert (transport.is_playing, len(output.starts)) == (False, 1)
    do(transport.play_pause)
    assert output.place == Place(6)
    assert 48 in {note.midi for note in output.starts[-1][0].notes}


def test_a_loop_plays_the_selection_over_and_over(editor: Editor, transport: Transport, output: Output, do: Do) -> None:
    editor.select(6, 8)
    transport.loop = True
    do(transport.play_pause)
    timeline, _, is_loop = output.starts[-1]
    assert ([measure.index for measure in timeline.measures], is_loop) == ([6, 7, 8], True)


def test_a_loop_that_is_switched_on_and_off_while_it_plays_goes_on_from_the_same_place(
    editor: Editor, transport: Transport, output: Output, do: Do, qtbot: QtBot
) -> None:
    editor.select(6, 8)
    do(transport.play_pause)
    output.heard_s = start_of(output, 7, QUARTER)
    qtbot.waitUntil(lambda: transport.place == TunePlace(7, QUARTER))
    transport.loop = True
    qtbot.waitUntil(lambda: len(output.starts[-1][0].measures) == 3)
    assert output.place == Place(7, QUARTER)
    transport.loop = False
    qtbot.waitUntil(lambda: len(output.starts[-1][0].measures) > 3)
    assert output.place == Place(7, QUARTER)


def test_a_loop_of_the_whole_tune_comes_back_to_its_beginning(transport: Transport, output: Output, do: Do) -> None:
    transport.loop = True
    transport.set_place(5)
    do(transport.play_pause)
    assert output.place == Place(5)
    assert output.starts[-1][0].measures[0].index == 0


def test_opening_another_score_ends_playing(editor: Editor, reel: ScoreDocument, transport: Transport, do: Do) -> None:
    do(transport.play_pause)
    editor.open(reel)
    assert (transport.is_playing, transport.place) == (False, None)


def test_closing_the_score_leaves_nothing_to_play(editor: Editor, transport: Transport, output: Output) -> None:
    editor.close()
    transport.play_pause()
    assert (transport.is_playing, output.starts) == (False, [])


def test_the_current_part_is_louder_than_the_others(
    transport: Transport, editor: Editor, output: Output, do: Do
) -> None:
    editor.open(open_document(TUNES / "auld-lang-syne.musicxml"))
    editor.set_part(1)
    do(transport.play_pause)
    first, second = output.starts[-1][0].lines
    assert first.velocity < second.velocity


def test_tempo_may_be_given_in_beats_and_has_limits(transport: Transport) -> None:
    usual = transport.tempo_bpm
    transport.tempo_bpm = usual / 2
    assert transport.tempo_percent == pytest.approx(50)
    transport.tempo_percent = 9999
    assert transport.tempo_percent == 400


# Outputs


def test_without_a_device_it_says_so_once_and_the_cursor_runs(editor: Editor, qtbot: QtBot) -> None:
    transport = Transport(editor, Output(DeviceError("There is no sound.")))
    told: list[str] = []
    transport.told.connect(told.append)
    with qtbot.waitSignal(transport.told):
        transport.play_pause()
    qtbot.waitUntil(lambda: transport.place not in (None, TunePlace(0)))
    transport.stop()
    transport.play_pause()
    qtbot.waitUntil(lambda: transport.place not in (None, TunePlace(0)))
    assert told == ["There is no sound."]
    transport.close()


def test_another_output_goes_on_where_it_was(transport: Transport, output: Output, do: Do, qtbot: QtBot) -> None:
    do(transport.play_pause)
    output.heard_s = start_of(output, 3)
    transport.volume = 0.5
    other = Output()
    transport.use(other)
    qtbot.waitUntil(lambda: len(other.starts) == 1 and output.is_closed)
    assert (other.place, other.volume) == (Place(3), 0.5)


def test_the_real_synthesizer_plays_a_measure_to_its_end(editor: Editor, qtbot: QtBot) -> None:
    transport = Transport(editor, SynthOutput())
    told: list[str] = []
    transport.told.connect(told.append)
    transport.tempo_percent = 400
    places: list[TunePlace | None] = []
    transport.place_changed.connect(places.append)
    with qtbot.waitSignal(transport.place_changed, check_params_cb=lambda place: place is None, timeout=20_000):
        transport.play_span(Span(1, 2), 0, 0)
    assert {place.measure for place in places if place} == {1}
    assert (len(places) > 3, told) == (True, [])
    transport.close()


# The same place in another performance


def test_a_moment_is_found_again_in_the_same_pass_at_another_tempo(reel: ScoreDocument) -> None:
    line = [Line(reel.melody())]
    usual, slow = make_timeline(line), make_timeline(line, manner=Manner(50))
    for measure in usual.measures:
        assert moved(usual, slow, measure.start_s + 0.1) == pytest.approx(2 * (measure.start_s + 0.1), abs=0.001)
    tail = make_timeline(line, start=3)
    assert moved(tail, usual, tail.length_s - 1) == pytest.approx(usual.length_s - 1, abs=0.001)
    span = make_timeline(line, span=Span(4, 6))
    assert moved(span, usual, 0.5) == pytest.approx((usual.seconds_of(Place(4)) or 0) + 0.5, abs=0.001)
    counted = make_timeline(line, span=Span(4, 6), manner=Manner(has_count_in=True))
    assert moved(usual, counted, 0.0) == counted.count_in_s
    slow_counted = make_timeline(line, span=Span(4, 6), manner=Manner(50, has_count_in=True))
    assert moved(counted, slow_counted, 0.5) == pytest.approx(1.0)


# The bar


@pytest.fixture
def bar(transport: Transport, qtbot: QtBot) -> TransportBar:
    made = TransportBar(transport)
    qtbot.addWidget(made)
    made.resize(1000, made.sizeHint().height())
    made.show()
    return made


def test_every_control_can_be_reached_and_has_a_name(bar: TransportBar, qtbot: QtBot) -> None:
    bar.activateWindow()
    bar.play.setFocus()
    qtbot.waitUntil(bar.play.hasFocus)
    reached = []
    for _ in range(10):
        widget = bar.focusWidget()
        reached.append(widget.accessibleName())
        QTest.keyClick(widget, Qt.Key.Key_Tab)
    assert len(set(reached)) == 10
    assert all(reached)


def test_the_button_that_plays_says_what_it_does_next(bar: TransportBar, transport: Transport, do: Do) -> None:
    do(bar.play.click)
    assert (transport.is_playing, bar.play.accessibleName()) == (True, "Pause")
    bar.play.click()
    assert (transport.is_playing, bar.play.accessibleName()) == (False, "Play")


def test_buttons_and_fields_change_how_it_plays(bar: TransportBar, transport: Transport) -> None:
    for button in (bar.loop, bar.metronome, bar.count_in):
        QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    assert (transport.loop, transport.metronome, transport.count_in) == (True, True, True)
    bar.percent.setValue(80)
    assert (transport.tempo_percent, bar.tempo_slider.value()) == (80, 80)
    bar.tempo_slider.setValue(120)
    assert (transport.tempo_percent, bar.percent.value()) == (120, 120)
    bar.beats.setValue(96)
    assert round(transport.tempo_bpm) == 96
    bar.instrument.setCurrentIndex(2)
    assert transport.instrument == INSTRUMENTS[2].program
    bar.volume.setValue(30)
    assert transport.volume == pytest.approx(0.3)


def test_the_bar_shows_what_others_change(bar: TransportBar, transport: Transport, editor: Editor, do: Do) -> None:
    transport.metronome = True
    transport.instrument = INSTRUMENTS[3].program
    assert bar.metronome.isChecked()
    assert bar.instrument.currentText() == INSTRUMENTS[3].name
    editor.select(7)
    assert bar.position.text() == "7 : 1"
    do(transport.play_pause)
    QTest.mouseClick(bar.stop, Qt.MouseButton.LeftButton)
    assert not transport.is_playing
    editor.close()
    assert (bar.position.text(), bar.play.isEnabled(), bar.beats.isEnabled()) == ("", False, False)


def test_a_tempo_can_be_typed_while_it_plays(bar: TransportBar, transport: Transport, do: Do) -> None:
    do(transport.play_pause)
    for field, number in ((bar.beats, "96"), (bar.percent, "80")):
        field.selectAll()
        QTest.keyClicks(field, number)
        transport.set_place(3)
        assert number in field.text()
        do(partial(QTest.keyClick, field, Qt.Key.Key_Return))
        assert field.value() == int(number)
    assert transport.tempo_percent == 80


def test_the_beat_that_is_counted_is_shown(bar: TransportBar, editor: Editor) -> None:
    assert bar.beats.text() == "♩ = 192 BPM"
    editor.open(open_document(TUNES / "irish-washerwoman.abc"))
    assert bar.beats.text().startswith("♩. = ")


def test_in_a_narrow_window_the_bar_leaves_out_the_slider_and_comes_back_to_it(bar: TransportBar) -> None:
    bar.resize(1000, bar.height())
    shown = [bar.tempo_slider.isVisible()]
    bar.resize(bar.minimumSizeHint())
    shown.append(bar.tempo_slider.isVisible())
    rest = bar.findChildren(QWidget, options=Qt.FindChildOption.FindDirectChildrenOnly)
    assert all(bar.rect().contains(widget.geometry()) for widget in rest if widget.isVisible())
    bar.resize(1000, bar.height())
    shown.append(bar.tempo_slider.isVisible())
    assert shown == [True, False, True]
    assert bar.minimumSizeHint().width() < 640


def test_tool_tips_name_the_keys_that_are_in_use(bar: TransportBar) -> None:
    assert bar.play.toolTip() == "Play (Space)"
    bar.show_keys({"play": ("P",), "loop": ()})
    assert (bar.play.toolTip(), bar.loop.toolTip()) == ("Play (P)", "Loop the selection")


def test_icons_are_drawn_in_the_colour_of_the_palette(bar: TransportBar) -> None:
    def lightness() -> int:
        image = bar.stop.icon().pixmap(24).toImage()
        return image.pixelColor(12, 12).lightness()

    assert lightness() < 100
    bar.setPalette(dark_palette())
    assert lightness() > 150
