"""Playing what the window shows: from where, how fast, with which sound, and where it is now.

The transport plays the score as it is shown, a previewed take included. Whatever changes while it plays, be it the
tempo, the instrument or the music itself, it goes on from the same place with the new sound.
"""

from dataclasses import dataclass
from typing import NamedTuple

from PySide6.QtCore import QObject, QTimer, Signal

from inpaint_desktop.errors import DeviceError, SelectionError
from inpaint_desktop.playback.instruments import INSTRUMENTS
from inpaint_desktop.playback.outputs import Output
from inpaint_desktop.playback.player import Player
from inpaint_desktop.playback.tempo import beats_per_minute, percent_for
from inpaint_desktop.playback.timeline import (
    MAX_TEMPO_PERCENT,
    MIN_TEMPO_PERCENT,
    Line,
    Manner,
    Place,
    Timeline,
    make_timeline,
)
from inpaint_desktop.score.key import KeySignature
from inpaint_desktop.score.melody import Measure, Melody, Note, Span
from inpaint_desktop.score.meter import Meter
from inpaint_desktop.score.spelling import spell
from inpaint_desktop.ui.editor import Editor
from inpaint_desktop.ui.tasks import Task

LEAD_MEASURES = 2
_POLL_MS = 16
_VELOCITY = 88
_OTHER_PARTS_VELOCITY = 64
_MIDI_NOTES = range(128)
_AUDITIONED = Meter(1, 4)
_FIRST_INSTRUMENT = INSTRUMENTS[0].program


class TunePlace(NamedTuple):
    """A place in the tune: tick ``tick`` of measure ``measure``, which is counted from 0 in the order of the file."""

    measure: int
    tick: int = 0


@dataclass(frozen=True, slots=True)
class _Piece:
    """What is played: ``span`` straight through, or the whole tune from measure ``start`` on."""

    timeline: Timeline
    span: Span | None
    start: int
    is_asked_for: bool


@dataclass(frozen=True, slots=True)
class _Wanted:
    """What is to be played, and how."""

    lines: tuple[Line, ...]
    manner: Manner
    span: Span | None
    start: int
    is_asked_for: bool

    def laid_out(self) -> _Piece | None:
        """Lay it out, on any thread; nothing where there is no melody or there are no such measures."""
        if not self.lines:
            return None
        try:
            timeline = make_timeline(self.lines, span=self.span, start=self.start, manner=self.manner)
        except SelectionError:
            return None
        return _Piece(timeline, self.span, self.start, self.is_asked_for)


class Transport(QObject):
    """Plays the editor's shown score, and says where it is.

    Signals:
        place_changed: the playback cursor is elsewhere; carries a ``TunePlace``, or ``None`` where no cursor is shown.
        place_chosen: the cursor was put somewhere, other than by playing; carries the ``TunePlace``.
        state_changed: it plays or pauses, or how it plays is another.
        told: a sentence for the status bar, such as that there is no audio device.
    """

    place_changed = Signal(object)
    place_chosen = Signal(object)
    state_changed = Signal()
    told = Signal(str)
    _device_failed = Signal(object)

    def __init__(self, editor: Editor, output: Output, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._editor = editor
        self._player = Player(output, self._device_failed.emit)
        self._piece: _Piece | None = None
        self._place: TunePlace | None = None
        self._paused_s = 0.0
        self._is_playing = False
        self._is_selection_new = False
        self._tempo_percent = 100.0
        self._instrument = _FIRST_INSTRUMENT
        self._loop = self._metronome = self._count_in = False
        self._laying_out = Task("laying-out-music", self)
        self._laying_out.succeeded.connect(self._on_laying_out_succeeded)
        self._timer = QTimer(self, interval=_POLL_MS)
        self._timer.timeout.connect(self._on_timer_timeout)
        self._device_failed.connect(self._on_device_failed)
        editor.document_opened.connect(self._on_editor_document_opened)
        editor.shown_changed.connect(self._on_editor_shown_changed)
        editor.part_changed.connect(self._on_editor_part_changed)
        editor.selection_changed.connect(self._on_editor_selection_changed)

    # Where it is

    @property
    def is_playing(self) -> bool:
        """Whether the music goes on."""
        return self._is_playing

    @property
    def place(self) -> TunePlace | None:
        """Where the playback cursor stands; ``None`` before anything was played, after stopping and at the end."""
        return self._place

    @property
    def position(self) -> tuple[str, int] | None:
        """The number of the measure and the felt beat in it, from 1, that is heard or will be heard first."""
        measure = self._current_measure()
        if measure is None:
            return None
        place = self._current_place()
        is_pickup = place.measure == 0 and measure.duration < measure.meter.ticks
        missing = measure.meter.ticks - measure.duration if is_pickup else 0
        return measure.number, (place.tick + missing) // measure.meter.beat_ticks + 1

    @property
    def can_play(self) -> bool:
        """Whether there is a melody to play."""
        return self._current_measure() is not None

    @property
    def measure(self) -> int | None:
        """The measure in which the playback cursor stands."""
        return self._place.measure if self._place else None

    def set_place(self, measure: int, tick: int = 0) -> None:
        """Go on from there if it plays, else play from there next."""
        if not 0 <= measure < self._editor.measure_count:
            return
        place = TunePlace(measure, tick)
        self._is_selection_new = False
        if self._is_playing:
            self._jump(place)
        else:
            self._piece = None
        self._set_place(place)
        self.place_chosen.emit(place)
        self.state_changed.emit()

    def _set_place(self, place: TunePlace | None) -> None:
        if place != self._place:
            self._place = place
            self.place_changed.emit(place)

    # Playing

    def play_pause(self) -> None:
        """Pause, or play: from a new selection, else from the cursor, else from the selection or the beginning.

        With a loop, it is the selection that is played over and over.
        """
        if self._is_playing:
            self._pause()
        elif self._piece is not None and not self._has_new_selection:
            self._resume(self._piece)
        else:
            self._play_from(self._starting_place())

    def play_from(self, measure: int, tick: int = 0) -> None:
        """Play from a place on, whatever was played before."""
        if 0 <= measure < self._editor.measure_count:
            self._play_from(TunePlace(measure, tick))

    def play_span(self, span: Span, lead_in: int = LEAD_MEASURES, lead_out: int = LEAD_MEASURES) -> None:
        """Play measures straight through, with some before and after them as far as there are any."""
        last = self._editor.measure_count
        wide = Span(max(span.start - lead_in, 0), min(span.stop + lead_out, last))
        piece = self._made(wide, wide.start, is_asked_for=True)
        if piece is not None:
            self._start(piece, 0.0)

    def play_preview(self, span: Span, *, goes_on: bool = False) -> None:
        """Play a take in its place, with two measures before and after it; ``goes_on`` after a pause where it was."""
        if goes_on and self._piece is not None and self._piece.is_asked_for:
            self._resume(self._piece)
        else:
            self.play_span(span)

    def audition(self, midi: int) -> None:
        """Let a single note of the current part be heard, given as written, unless something is played."""
        measure = self._current_measure()
        midi += measure.transposition if measure is not None else 0
        if not self._is_playing and midi in _MIDI_NOTES:
            self._player.is_loop = False
            self._player.play(make_timeline([Line(_single_note(midi), self._instrument, _VELOCITY)]))

    def stop(self) -> None:
        """Be silent; the next time it plays from the selection, or from the beginning."""
        self._player.stop()
        self._piece = None
        self._set_playing(False)
        self._set_place(None)

    def warm_up(self) -> None:
        """Load what playing needs, in the background; no device is opened."""
        self._player.warm_up()

    def use(self, output: Output) -> None:
        """Play through another output, such as a MIDI port."""
        self._player.use(output)

    def close(self) -> None:
        """Be silent and let go of the audio device; nothing can be played after it."""
        self._timer.stop()
        self._laying_out.close()
        self._player.close()

    def performance(self) -> Timeline | None:
        """The whole tune as it would be played now, from its first measure on; nothing where there is no melody."""
        piece = self._made(None, 0, is_asked_for=False)
        return piece.timeline if piece else None

    @property
    def _has_new_selection(self) -> bool:
        return self._is_selection_new and self._editor.span is not None

    def _starting_place(self) -> TunePlace:
        span = self._editor.span
        if self._place is not None and not self._has_new_selection:
            return self._place
        return TunePlace(span.start if span else 0)

    def _play_from(self, place: TunePlace) -> None:
        span = self._editor.span if self._loop else None
        start = span.start if span else self._start_for(place)
        piece = self._made(span, start, is_asked_for=False)
        if piece is None:
            return
        is_counted_in = self._count_in and start == place.measure
        self._start(piece, 0.0 if is_counted_in else _seconds(piece.timeline, place))

    def _start_for(self, place: TunePlace) -> int:
        """The measure that a performance of the whole tune begins with; a loop comes back to it."""
        return 0 if self._loop else place.measure

    def _jump(self, place: TunePlace) -> None:
        piece = self._piece
        seconds = piece.timeline.seconds_of(Place(*place)) if piece else None
        if piece is None or seconds is None:
            self._play_from(place)
        else:
            self._player.play(piece.timeline, seconds)

    def _resume(self, piece: _Piece) -> None:
        made = self._made(piece.span, piece.start, is_asked_for=piece.is_asked_for)
        if made is not None:
            self._start(made, moved(piece.timeline, made.timeline, self._paused_s))

    def _start(self, piece: _Piece, from_s: float) -> None:
        self._piece = piece
        self._is_selection_new = False
        self._player.is_loop = self._loop
        self._player.play(piece.timeline, from_s)
        self._set_place(TunePlace(*_pair(piece.timeline.place_at(from_s))))
        self._set_playing(True)

    def _pause(self) -> None:
        self._player.pause()
        self._paused_s = self._player.position_s()
        self._show_place()
        self._set_playing(False)

    def _set_playing(self, is_playing: bool) -> None:
        if is_playing:
            self._timer.start()
        else:
            self._timer.stop()
        if is_playing != self._is_playing:
            self._is_playing = is_playing
            self.state_changed.emit()

    def _on_timer_timeout(self) -> None:
        if self._player.is_playing:
            self._show_place()
        else:
            self.stop()

    def _show_start(self) -> None:
        """Let the cursor stand where it plays from next: in a new selection, else where it was paused."""
        if self._has_new_selection:
            self._set_place(self._starting_place())
        elif self._piece is not None:
            self._show_place()

    def _show_place(self) -> None:
        place = self._player.place
        if place is not None:
            self._set_place(TunePlace(*_pair(place)))

    # How it plays

    @property
    def tempo_percent(self) -> float:
        """The tempo in percent of the written one."""
        return self._tempo_percent

    @tempo_percent.setter
    def tempo_percent(self, percent: float) -> None:
        percent = min(max(percent, MIN_TEMPO_PERCENT), MAX_TEMPO_PERCENT)
        if percent != self._tempo_percent:
            self._tempo_percent = percent
            self._go_on()

    @property
    def tempo_bpm(self) -> float:
        """Felt beats per minute at the cursor; 0 where there is no melody. Setting it sets the percentage."""
        measure = self._current_measure()
        return beats_per_minute(measure) * self._tempo_percent / 100 if measure else 0.0

    @tempo_bpm.setter
    def tempo_bpm(self, beats: float) -> None:
        measure = self._current_measure()
        if measure is not None:
            self.tempo_percent = percent_for(measure, beats)

    @property
    def beat_ticks(self) -> int:
        """How long the felt beat is that ``tempo_bpm`` counts; 0 where there is no melody."""
        measure = self._current_measure()
        return measure.meter.beat_ticks if measure else 0

    @property
    def instrument(self) -> int:
        """The instrument that everything is played on: a program of General MIDI, counted from 0."""
        return self._instrument

    @instrument.setter
    def instrument(self, program: int) -> None:
        if program != self._instrument:
            self._instrument = program
            self._go_on()

    @property
    def loop(self) -> bool:
        """Whether the selection, or without one the whole tune, is played over and over."""
        return self._loop

    @loop.setter
    def loop(self, is_on: bool) -> None:
        if is_on == self._loop:
            return
        self._loop = self._player.is_loop = is_on
        if self._piece is not None and not self._piece.is_asked_for:
            self._change_span(self._piece)
        self.state_changed.emit()

    @property
    def metronome(self) -> bool:
        """Whether every beat is clicked."""
        return self._metronome

    @metronome.setter
    def metronome(self, is_on: bool) -> None:
        if is_on != self._metronome:
            self._metronome = is_on
            self._go_on()

    @property
    def count_in(self) -> bool:
        """Whether a measure is clicked before playing starts."""
        return self._count_in

    @count_in.setter
    def count_in(self, is_on: bool) -> None:
        if is_on != self._count_in:
            self._count_in = is_on
            self.state_changed.emit()

    @property
    def volume(self) -> float:
        """How loud it is, from 0 to 1."""
        return self._player.volume

    @volume.setter
    def volume(self, share: float) -> None:
        if share != self._player.volume:
            self._player.volume = share
            self.state_changed.emit()

    def _current_measure(self) -> Measure | None:
        melody = self._editor.shown_melody
        if melody is None or not melody.measures:
            return None
        return melody.measures[min(self._current_place().measure, len(melody.measures) - 1)]

    def _current_place(self) -> TunePlace:
        return self._place if self._is_playing and self._place else self._starting_place()

    # What is played

    def _made(self, span: Span | None, start: int, *, is_asked_for: bool) -> _Piece | None:
        """Lay out what is to be played; nothing where there is no melody or there are no such measures."""
        return self._wanted(span, start, is_asked_for=is_asked_for).laid_out()

    def _wanted(self, span: Span | None, start: int, *, is_asked_for: bool) -> "_Wanted":
        manner = Manner(self._tempo_percent, self._metronome, self._count_in)
        return _Wanted(self._lines(), manner, span, start, is_asked_for)

    def _lines(self) -> tuple[Line, ...]:
        """All parts of the shown score that are a melody, the current one louder than the others."""
        editor = self._editor
        melodies = editor.melodies(editor.shown_document)
        return tuple(
            Line(melody, self._instrument, _VELOCITY if part == editor.part else _OTHER_PARTS_VELOCITY)
            for part, melody in melodies.items()
        )

    def _change_span(self, piece: _Piece) -> None:
        """Play the selection only, or the whole tune again, from the same place."""
        span = self._editor.span if self._loop else None
        place = self._place or TunePlace(piece.start)
        self._change(piece, self._wanted(span, span.start if span else self._start_for(place), is_asked_for=False))

    def _go_on(self) -> None:
        """Play what is shown now as it is to be played now, from the same place."""
        piece = self._piece
        if piece is not None:
            self._change(piece, self._wanted(piece.span, piece.start, is_asked_for=piece.is_asked_for))
        self.state_changed.emit()

    def _change(self, before: _Piece, wanted: "_Wanted") -> None:
        """Play something else from the same place, once it is laid out; until then the music goes on as it was."""
        if self._is_playing:
            self._laying_out.start(lambda _report: (before, wanted.laid_out()))

    def _on_laying_out_succeeded(self, pieces: tuple[_Piece, _Piece | None]) -> None:
        before, after = pieces
        if not self._is_playing or before is not self._piece:
            return  # something else has been asked for since
        if after is None:
            self.stop()
        elif after.timeline != before.timeline:
            self._piece = after
            self._player.play(after.timeline, moved(before.timeline, after.timeline, self._player.position_s()))

    def _on_editor_document_opened(self) -> None:
        self.stop()
        self.state_changed.emit()

    def _on_editor_shown_changed(self) -> None:
        self._go_on()

    def _on_editor_part_changed(self) -> None:
        self._go_on()

    def _on_editor_selection_changed(self) -> None:
        self._is_selection_new = True
        if self._place is not None and not self._is_playing:
            self._show_start()
        self.state_changed.emit()

    def _on_device_failed(self, error: DeviceError) -> None:
        self.told.emit(str(error))


def moved(before: Timeline, after: Timeline, seconds: float) -> float:
    """The moment of ``after`` that stands where the moment ``seconds`` of ``before`` stands in the score.

    Performances of the same tune end alike, so passes of a repeat are told apart by what is still to come. A place
    that is not in ``after`` becomes its beginning.
    """
    if seconds < before.count_in_s and after.count_in_s:
        return seconds * after.count_in_s / before.count_in_s
    place = before.place_at(seconds)
    started = sum(measure.start_s <= seconds for measure in before.measures)
    rest = len(before.measures) - max(started - 1, 0)
    if rest <= len(after.measures) and after.measures[-rest].index == place.measure:
        measure = after.measures[-rest]
        return measure.start_s + place.tick * measure.seconds_per_tick
    return _seconds(after, TunePlace(*_pair(place)))


def _seconds(timeline: Timeline, place: TunePlace) -> float:
    found = timeline.seconds_of(Place(*place))
    return timeline.count_in_s if found is None else found


def _pair(place: Place) -> tuple[int, int]:
    return place.measure, place.tick


def _single_note(midi: int) -> Melody:
    key = KeySignature(0)
    note = Note(0, _AUDITIONED.ticks, spell((midi,), key)[0])
    return Melody((Measure((note,), _AUDITIONED, key, _AUDITIONED.ticks),))
