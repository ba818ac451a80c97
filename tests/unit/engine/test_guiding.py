"""What takes lean towards, and foresight: measured on takes of tiny models that have no will of their own."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from statistics import mean

import numpy as np
import pytest

from inpaint_desktop.encoding import vocabulary
from inpaint_desktop.encoding.grammar import Constraints, Gap, Walk, checked_rules
from inpaint_desktop.encoding.transposition import Transposition
from inpaint_desktop.encoding.window import Window, window_around
from inpaint_desktop.engine.foresight import Picture
from inpaint_desktop.engine.leaning import Echo
from inpaint_desktop.engine.properties import heard, likeness, sounding, sounding_notes
from inpaint_desktop.engine.request import ContourPoint, FillRequest, Guidance, Take
from inpaint_desktop.engine.transformer import TransformerEngine
from inpaint_desktop.errors import SelectionError
from inpaint_desktop.score.key import KeySignature
from inpaint_desktop.score.melody import Measure, Melody, Note, Span
from inpaint_desktop.score.meter import TICKS_PER_QUARTER, Meter
from inpaint_desktop.score.pitch import Pitch

MakeTune = Callable[..., Melody]
Q = TICKS_PER_QUARTER
SPAN = Span(6, 10)


def takes_of(engine: TransformerEngine, request: FillRequest) -> list[Take]:
    return list(engine.propose(replace(request, takes=16)))


def echo(engine: TransformerEngine, tune: Melody, strength: float) -> float:
    """How like measures 1 to 2, twice, takes are that shall echo them."""
    guidance = Guidance(echo=Span(0, 2), echo_strength=strength)
    wanted = sounding([*tune.measures[:2], *tune.measures[:2]])
    takes = takes_of(engine, FillRequest(tune, SPAN, guidance=guidance))
    return mean(likeness(sounding(take.measures), wanted) for take in takes)


def test_takes_are_the_more_like_what_they_echo_the_stronger_it_is(
    transformer: TransformerEngine, make_tune: MakeTune
) -> None:
    tune = make_tune(16)
    assert echo(transformer, tune, 0.0) < echo(transformer, tune, 0.6) < echo(transformer, tune, 1.0)


def test_an_echo_may_come_at_another_pitch(make_tune: MakeTune) -> None:
    """Where a take stands a third above what it echoes, the next note is welcome a third above, and as it is."""
    tune = make_tune(16).with_measures(Span(0, 1), [_measure("G4 A4 B4 C5 D5 E5 F#5 G5")])
    unmoved = Transposition(0, KeySignature(1))
    gap = Gap.of(tune, Span(6, 7), window_around(tune, Span(6, 7), unmoved), unmoved)
    echo, walk = Echo(gap, Span(0, 1), 0.5, 2), checked_rules(gap, Constraints()).walk(2)
    assert _welcome(echo, walk) == [{"G4"}, {"G4"}]
    _write(echo, walk, "G4", "B4")
    for _ in range(2):
        assert _welcome(echo, walk) == [{"__"}, {"__"}]
        _write(echo, walk, "__", "__")
    assert _welcome(echo, walk) == [{"A4"}, {"A4", "C5"}]


def _welcome(echo: Echo, walk: Walk) -> list[set[str]]:
    """The names of the tokens that gain in each row."""
    allowed = walk.allowed()
    gained = echo.leaning(walk, np.zeros(allowed.shape), allowed)
    assert set(np.unique(gained)) == {0.0, 3.0}
    return [set(vocabulary.names_of(np.flatnonzero(row).tolist())) for row in gained]


def _write(echo: Echo, walk: Walk, *names: str) -> None:
    tokens = [vocabulary.NAMES.index(name) for name in names]
    echo.tell(walk.position, tokens)
    walk.take(np.array(tokens))


def _measure(names: str) -> Measure:
    written = names.split()
    length = 4 * Q // len(written)
    notes = [Note(place * length, length, Pitch.parse(name)) for place, name in enumerate(written)]
    meter = Meter(4, 4)
    return Measure(tuple(notes), meter, KeySignature(1), meter.ticks)


def test_measures_in_another_meter_cannot_be_echoed(make_tune: MakeTune) -> None:
    tune = Melody((*make_tune(2, meter=Meter(3, 4)).measures, *make_tune(6).measures))
    with pytest.raises(SelectionError, match=r"^Measure 1 is in 3/4 and cannot be echoed in 4/4; choose others"):
        FillRequest(tune, Span(3, 5), guidance=Guidance(echo=Span(0, 1)))
    with pytest.raises(SelectionError, match="not in this tune"):
        FillRequest(tune, Span(3, 5), guidance=Guidance(echo=Span(7, 9)))


def far_from(takes: Sequence[Take], line: Callable[[float], float]) -> float:
    """How many semitones notes are away from a line over the gap, on average."""
    lengths = [measure.duration for measure in takes[0].measures]
    return mean(
        abs(note.midi - line((sum(lengths[: note.measure]) + note.onset) / sum(lengths)))
        for take in takes
        for note in heard(take.measures)
        if note.midi >= 0
    )


def test_pitches_follow_a_line_the_more_closely_the_stronger_it_is(
    transformer: TransformerEngine, make_tune: MakeTune
) -> None:
    tune = make_tune(16)
    end = tune.measures[9].duration
    points = (ContourPoint(9, end, 64.0), ContourPoint(6, 0, 84.0))

    def distance(strength: float) -> float:
        guidance = Guidance(contour=points, contour_strength=strength)
        return far_from(
            takes_of(transformer, FillRequest(tune, SPAN, guidance=guidance)), lambda share: 84 - 20 * share
        )

    free, some, most = map(distance, (0.0, 0.3, 1.0))
    assert most < some < free
    assert most < 2.5


def test_beyond_its_ends_a_line_has_no_say(transformer: TransformerEngine, make_tune: MakeTune) -> None:
    tune = make_tune(16)
    points = (ContourPoint(6, 0, 90.0), ContourPoint(6, 4 * Q - 1, 90.0))
    request = FillRequest(tune, SPAN, guidance=Guidance(contour=points, contour_strength=1.0), stay_in_key=False)
    takes = takes_of(transformer, request)
    first = mean(midi for take in takes for measure, _, midi in sounding_notes(take.measures) if measure == 0)
    others = mean(midi for take in takes for measure, _, midi in sounding_notes(take.measures) if measure > 0)
    assert first > 86
    assert others < 80


def test_a_line_in_another_tune_is_refused(make_tune: MakeTune) -> None:
    with pytest.raises(SelectionError, match="not in this tune"):
        FillRequest(make_tune(8), Span(2, 4), guidance=Guidance(contour=(ContourPoint(8, 0, 60.0),)))


def onsets(takes: Sequence[Take]) -> list[float]:
    """How many notes begin in each measure, on average over takes."""
    return [
        mean(sum(number == place for number, _, _ in sounding_notes(take.measures)) for take in takes)
        for place in range(len(takes[0].measures))
    ]


def test_kept_pitches_are_spread_over_all_measures(transformer: TransformerEngine, make_tune: MakeTune) -> None:
    few = make_tune(16).with_measures(SPAN, [_measure("G4 A4 B4 D5")] * 4)
    counts = onsets(takes_of(transformer, FillRequest(few, SPAN, constraints=Constraints(keep_pitches=True))))
    assert sum(counts) == pytest.approx(16)
    assert max(counts) < 3 * min(counts)


def test_kept_notes_are_spread_over_all_measures(transformer: TransformerEngine, make_tune: MakeTune) -> None:
    tune = make_tune(16).with_measures(SPAN, [_measure("G4 A4 B4 C5 D5 E5 F#5 G5")] * 4)
    takes = takes_of(transformer, FillRequest(tune, SPAN, similarity=0.5))
    original = set(sounding_notes(tune.measures[6:10]))
    kept = [
        mean(sum(note[0] == place for note in original & set(sounding_notes(take.measures))) for take in takes)
        for place in range(4)
    ]
    assert sum(kept) == pytest.approx(16)
    assert min(kept) > 1


def test_a_picture_of_nothing_is_one_of_silence() -> None:
    silence = (1, *[0] * 23)
    padding = Window(((2,) * 24,), (silence,), ((3,) * 24,), ())
    picture = Picture.of(padding)
    assert set(picture.onsets.tolist()) == {0.05}
    assert set(picture.pitches.tolist()) == {1.0}
