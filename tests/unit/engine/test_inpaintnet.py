"""InpaintNet as an engine, on a tiny model: what holds for every take whatever the weights are."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from statistics import mean

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from inpaint_desktop import paths
from inpaint_desktop.documents.opening import open_document
from inpaint_desktop.encoding.grammar import Constraints
from inpaint_desktop.encoding.transposition import home_of
from inpaint_desktop.encoding.window import window_around
from inpaint_desktop.engine import proposing
from inpaint_desktop.engine.drawing import Drawing
from inpaint_desktop.engine.inpaintnet import InpaintNetEngine
from inpaint_desktop.engine.opening import open_engine
from inpaint_desktop.engine.properties import sounding
from inpaint_desktop.engine.ranking import ranked
from inpaint_desktop.engine.recognising import recognised
from inpaint_desktop.engine.request import FillRequest, Take, Variety
from inpaint_desktop.errors import Cancelled, DeviceError, SelectionError, SettingsError, UnsuitableModelError
from inpaint_desktop.models.checkpoint import Checkpoint
from inpaint_desktop.models.inpaint_net import InpaintNet
from inpaint_desktop.models.unrolling import log_likelihoods
from inpaint_desktop.score.key import KeySignature
from inpaint_desktop.score.melody import Measure, Melody, Note, Span
from inpaint_desktop.score.meter import Meter

MakeTune = Callable[..., Melody]

places = st.tuples(st.integers(1, 40), st.integers(0, 39), st.integers(1, 8)).map(
    lambda ends: (ends[0], Span(min(ends[1], ends[0] - 1), min(ends[1] + ends[2], ends[0])))
)
shapes = st.fixed_dictionaries(
    {
        "seed": st.integers(0, 2**31),
        "meter": st.sampled_from([Meter(4, 4), Meter(2, 2)]),
        "fifths": st.integers(-5, 6),
        "pickup": st.integers(0, 3),
        "section": st.sampled_from([0, 4, 8]),
    }
)


@pytest.fixture
def drawn(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The seeds of all candidates that are drawn."""
    seeds_drawn: list[int] = []
    draw = Drawing.candidates

    def noting(self: Drawing, seeds: Sequence[int], boldness: float = 1.0) -> list[Take]:
        seeds_drawn.extend(seeds)
        return draw(self, seeds, boldness)

    monkeypatch.setattr(Drawing, "candidates", noting)
    return seeds_drawn


def midi_in(take: Take) -> list[int]:
    return [note.pitch.midi for measure in take.measures for note in measure.notes if note.pitch]


@settings(max_examples=40)
@given(places, shapes, st.integers(1, 4))
def test_every_take_fills_its_measures_exactly_in_any_tune(
    engine: InpaintNetEngine, make_tune: MakeTune, place: tuple[int, Span], shape: dict[str, int], count: int
) -> None:
    length, span = place
    tune = make_tune(length, **shape)
    takes = list(engine.propose(FillRequest(tune, span, takes=count)))
    assert len(takes) == count
    for take in takes:
        filled = tune.with_measures(span, take.measures)
        lengths = [(measure.duration, measure.meter, measure.key, measure.number) for measure in tune.measures]
        assert [
            (measure.duration, measure.meter, measure.key, measure.number) for measure in filled.measures
        ] == lengths
        assert all(sum(note.duration for note in one.notes) == one.duration for one in take.measures)


@settings(max_examples=15)
@given(places, shapes)
def test_takes_differ_from_each_other_and_from_the_original_in_notes(
    engine: InpaintNetEngine, make_tune: MakeTune, place: tuple[int, Span], shape: dict[str, int]
) -> None:
    length, span = place
    tune = make_tune(length, **shape)
    takes = list(engine.propose(FillRequest(tune, span)))
    heard = {sounding(take.measures) for take in takes} | {sounding(tune.measures[span.start : span.stop])}
    assert len(heard) == 9


@settings(max_examples=25)
@given(shapes, st.integers(55, 80), st.integers(7, 24), st.booleans())
def test_range_and_key_hold_in_every_take(
    engine: InpaintNetEngine, make_tune: MakeTune, shape: dict[str, int], lowest: int, width: int, stay_in_key: bool
) -> None:
    tune, limits = make_tune(12, **shape), Constraints(lowest, lowest + width)
    request = FillRequest(tune, Span(4, 8), takes=3, constraints=limits, stay_in_key=stay_in_key)
    midi = [number for take in engine.propose(request) for number in midi_in(take)]
    assert all(limits.allows(number) for number in midi)
    scale = KeySignature(shape["fifths"]).pitch_classes  # the made-up tunes have no other notes
    assert not stay_in_key or {number % 12 for number in midi} <= scale


def test_out_of_key_notes_come_where_they_are_allowed(engine: InpaintNetEngine, make_tune: MakeTune) -> None:
    request = FillRequest(make_tune(12), Span(4, 8), stay_in_key=False)
    assert any(take.properties.out_of_key > 0 for take in engine.propose(request))


def test_accidentals_of_the_tune_may_be_used_again(engine: InpaintNetEngine, make_tune: MakeTune) -> None:
    chromatic = make_tune(1, fifths=6).measures[0]
    tune = Melody((chromatic, *make_tune(30, fifths=0).measures))
    used = {note.pitch.midi % 12 for note in chromatic.notes if note.pitch}
    takes = engine.propose(FillRequest(tune, Span(4, 12), takes=32))
    assert {number % 12 for take in takes for number in midi_in(take)} == KeySignature(0).pitch_classes | used


def test_staying_in_key_narrows_the_pitch_classes_asked_for(engine: InpaintNetEngine, make_tune: MakeTune) -> None:
    limits = Constraints(pitch_classes=frozenset({0, 1, 4, 7}))
    takes = engine.propose(FillRequest(make_tune(8, fifths=0), Span(2, 6), constraints=limits))
    assert {number % 12 for take in takes for number in midi_in(take)} == {0, 4, 7}


def test_the_same_request_gives_the_same_takes(engine: InpaintNetEngine, weights: Path, make_tune: MakeTune) -> None:
    request = FillRequest(make_tune(16), Span(6, 10), seed=5)
    again = InpaintNetEngine.open(weights, "cpu")
    assert list(engine.propose(request)) == list(engine.propose(request)) == list(again.propose(request))


def test_takes_do_not_depend_on_the_number_of_threads(engine: InpaintNetEngine, make_tune: MakeTune) -> None:
    request, before = FillRequest(make_tune(16), Span(6, 10)), torch.get_num_threads()
    takes = list(engine.propose(request))
    torch.set_num_threads(before + 1)
    try:
        assert list(engine.propose(request)) == takes
        assert torch.get_num_threads() == before + 1
    finally:
        torch.set_num_threads(before)


def test_takes_do_not_depend_on_torchs_random_numbers(engine: InpaintNetEngine, make_tune: MakeTune) -> None:
    request = FillRequest(make_tune(16), Span(6, 10), takes=2)
    takes = list(engine.propose(request))
    with torch.random.fork_rng():
        torch.manual_seed(99)
        state = torch.get_rng_state()
        assert list(engine.propose(request)) == takes
        assert torch.equal(torch.get_rng_state(), state)


def test_a_takes_seed_makes_it_again(engine: InpaintNetEngine, make_tune: MakeTune) -> None:
    request = FillRequest(make_tune(16), Span(6, 10), seed=3)
    for take in engine.propose(request):
        again = engine.again(request, take.seed)
        assert again.measures == take.measures
        assert again.log_likelihood == pytest.approx(take.log_likelihood, abs=1e-4)


def test_neighbouring_seeds_share_no_take(engine: InpaintNetEngine, make_tune: MakeTune) -> None:
    request = FillRequest(make_tune(16), Span(6, 10), takes=32)
    first, second = ({sounding(take.measures) for take in engine.propose(replace(request, seed=n))} for n in (1, 2))
    assert not first & second


@pytest.mark.parametrize("seed", range(4))
def test_the_first_take_is_the_best_of_the_early_candidates(
    engine: InpaintNetEngine, make_tune: MakeTune, seed: int
) -> None:
    request = FillRequest(make_tune(16), Span(6, 10), seed=seed)
    first = next(iter(engine.propose(request)))
    seeds = range(seed * proposing.SEEDS_PER_REQUEST, seed * proposing.SEEDS_PER_REQUEST + proposing.EARLY_CANDIDATES)
    early = [engine.again(request, one) for one in seeds]
    worths = {take.seed: take.log_likelihood - 0.3 * take.properties.out_of_key for take in early}
    assert first.seed == max(worths, key=lambda one: worths[one])


def test_f_sharp_in_d_major_is_never_g_flat(engine: InpaintNetEngine, make_tune: MakeTune) -> None:
    takes = engine.propose(FillRequest(make_tune(16, fifths=2), Span(4, 12), takes=16))
    names = {note.pitch.name[:-1] for take in takes for one in take.measures for note in one.notes if note.pitch}
    assert {"F#", "C#"} <= names <= {"D", "E", "F#", "G", "A", "B", "C#"}


def test_variety_without_any_source_gives_the_same_latents_and_still_different_takes(
    engine: InpaintNetEngine, make_tune: MakeTune
) -> None:
    variety = Variety(context_noise=0.0, gap_noise=0.0)
    takes = list(engine.propose(FillRequest(make_tune(8), Span(2, 6), variety=variety)))
    assert len({sounding(take.measures) for take in takes}) == 8


def test_fewer_takes_come_where_no_more_can_be_found(engine: InpaintNetEngine, make_tune: MakeTune) -> None:
    likeliest_only = Variety(context_noise=0.0, gap_noise=0.0, temperature=0.05, top_p=0.01)
    shares: list[float] = []
    takes = list(engine.propose(FillRequest(make_tune(8), Span(2, 6), variety=likeliest_only), shares.append))
    assert len(takes) == 1
    parts = proposing.MOST_ROUNDS + 1  # of the first round, some come before the others
    assert shares == [0.0, *(part / (parts + 1) for part in range(1, parts + 1)), 1.0]


def test_the_first_take_comes_before_the_others_are_drawn(
    engine: InpaintNetEngine, make_tune: MakeTune, drawn: list[int]
) -> None:
    shares: list[float] = []
    request = FillRequest(make_tune(8), Span(2, 6), seed=0)
    takes = engine.propose(request, shares.append)
    first = next(takes)
    assert (shares, drawn) == ([0.0], [*range(proposing.EARLY_CANDIDATES)])
    others = list(takes)
    assert (len(others), shares[-1]) == (7, 1.0)
    assert first.seed in range(proposing.EARLY_CANDIDATES)
    assert {take.seed for take in others} - set(range(proposing.EARLY_CANDIDATES))


def test_what_is_called_off_after_the_first_take_draws_no_more(
    engine: InpaintNetEngine, make_tune: MakeTune, drawn: list[int]
) -> None:
    threads = torch.get_num_threads()

    def call_off(share: float) -> None:
        if share:
            raise Cancelled

    takes = engine.propose(FillRequest(make_tune(8), Span(2, 6), seed=0), call_off)
    next(takes)
    with pytest.raises(Cancelled):
        next(takes)
    assert (drawn, torch.get_num_threads()) == ([*range(proposing.EARLY_CANDIDATES)], threads)


def test_where_the_early_candidates_are_the_original_a_later_one_comes_first(
    engine: InpaintNetEngine, make_tune: MakeTune, monkeypatch: pytest.MonkeyPatch
) -> None:
    request = FillRequest(make_tune(8), Span(2, 6), seed=0)
    draw = Drawing.candidates

    def drawing_the_original_first(self: Drawing, seeds: Sequence[int], boldness: float = 1.0) -> list[Take]:
        takes = draw(self, seeds, boldness)
        return [replace(take, measures=request.original) if take.seed < 4 else take for take in takes]

    monkeypatch.setattr(Drawing, "candidates", drawing_the_original_first)
    takes = list(engine.propose(request))
    assert (len(takes), min(take.seed for take in takes) > 3) == (8, True)


def test_a_single_take_is_the_best_of_a_whole_round(engine: InpaintNetEngine, make_tune: MakeTune) -> None:
    shares: list[float] = []
    request = FillRequest(make_tune(8), Span(2, 6), takes=1, seed=0)
    (take,) = engine.propose(request, shares.append)
    drawn = engine.drawing(request).candidates(range(6))
    assert shares == [0.0, 1 / (proposing.MOST_ROUNDS + 1), 1.0]
    assert [take] == recognised(ranked(drawn, 1))


def test_a_model_that_reads_tunes_as_written_fills_them_too(engine: InpaintNetEngine, make_tune: MakeTune) -> None:
    config = replace(engine.model.config, key="written")
    with torch.random.fork_rng():
        torch.manual_seed(3)
        checkpoint = Checkpoint(InpaintNet(config).eval(), {}, "")
    written = InpaintNetEngine(checkpoint, torch.device("cpu"))
    takes = list(written.propose(FillRequest(make_tune(8, fifths=3), Span(2, 4), takes=2)))
    assert {number % 12 for take in takes for number in midi_in(take)} <= KeySignature(3).pitch_classes


def test_takes_are_the_more_like_the_original_the_more_similar_they_shall_be() -> None:
    shipped = open_engine("inpaintnet", "cpu")
    tune = open_document(paths.resources_folder() / "tunes" / "soldiers-joy.abc").melody()

    def mean_likeness(similarity: float) -> float:
        takes = list(shipped.propose(FillRequest(tune, Span(6, 10), takes=16, similarity=similarity)))
        assert len(takes) == 16
        return mean(take.properties.likeness for take in takes)

    free, similar, most = map(mean_likeness, (0.0, 0.5, 0.9))
    assert free < 0.35 < similar < 0.55 < most


def test_similar_takes_keep_to_range_and_key(engine: InpaintNetEngine, make_tune: MakeTune) -> None:
    limits = Constraints(62, 69)
    request = FillRequest(make_tune(12, fifths=0), Span(4, 8), constraints=limits, similarity=1.0)
    midi = [number for take in engine.propose(request) for number in midi_in(take)]
    assert midi
    assert all(limits.allows(number) and number % 12 in KeySignature(0).pitch_classes for number in midi)


def test_the_same_request_for_similar_takes_gives_the_same_takes(engine: InpaintNetEngine, make_tune: MakeTune) -> None:
    request = FillRequest(make_tune(16), Span(6, 10), similarity=0.7)
    assert list(engine.propose(request)) == list(engine.propose(request))


def test_rests_in_the_gap_are_nothing_to_be_similar_to(engine: InpaintNetEngine, make_tune: MakeTune) -> None:
    tune, span = make_tune(8), Span(2, 4)
    silent = [Measure.of_rest(one.meter, one.key, one.number) for one in tune.measures[2:4]]
    request = FillRequest(tune.with_measures(span, silent), span)
    free, similar = (engine.propose(replace(request, similarity=share)) for share in (0.0, 1.0))
    assert [take.measures for take in free] == [take.measures for take in similar]


def test_the_user_may_call_it_off(engine: InpaintNetEngine, make_tune: MakeTune) -> None:
    def stop(_share: float) -> None:
        raise Cancelled

    with pytest.raises(Cancelled):
        next(engine.propose(FillRequest(make_tune(8), Span(2, 4)), stop))


def test_a_meter_that_was_not_learned_is_refused_with_measure_and_meters(
    engine: InpaintNetEngine, make_tune: MakeTune
) -> None:
    tune = Melody((*make_tune(3).measures, replace(make_tune(1, meter=Meter(3, 4)).measures[0], number="4")))
    with pytest.raises(UnsuitableModelError, match=r"Measure 4 is in 3/4, .* choose measures in 4/4 or 2/2\."):
        next(engine.propose(FillRequest(tune, Span(2, 4))))


def test_a_measure_longer_than_its_meter_is_refused(engine: InpaintNetEngine) -> None:
    meter = Meter(4, 4)
    long = Measure((Note(0, meter.ticks + 1, None),), meter, KeySignature(0), meter.ticks + 1)
    with pytest.raises(UnsuitableModelError, match="A chosen measure is longer than its meter says"):
        engine.check(FillRequest(Melody((long,)), Span(0, 1)))


def test_more_than_eight_measures_are_refused(engine: InpaintNetEngine, make_tune: MakeTune) -> None:
    with pytest.raises(SelectionError, match="measures are too many at once; choose at most 8"):
        engine.again(FillRequest(make_tune(20), Span(2, 11)), 1)


@pytest.mark.parametrize("limits", [Constraints(lowest=120), Constraints(61, 61)], ids=["too high", "not in the key"])
def test_a_range_without_a_note_of_the_key_is_refused(
    engine: InpaintNetEngine, make_tune: MakeTune, limits: Constraints
) -> None:
    tune = make_tune(8, fifths=0)
    with pytest.raises(SettingsError, match="The limits leave no note that may be used"):
        next(engine.propose(FillRequest(tune, Span(2, 4), constraints=limits)))


def test_an_unknown_device_is_refused_before_weights_are_read() -> None:
    with pytest.raises(DeviceError):
        InpaintNetEngine.open(Path("missing.safetensors"), "abacus")


def test_the_original_has_a_likelihood_of_its_own(engine: InpaintNetEngine, make_tune: MakeTune) -> None:
    request = FillRequest(make_tune(8), Span(2, 4))
    around = Melody((*request.melody.measures[:2], *request.melody.measures[4:]))
    window = window_around(request.melody, request.span, home_of(around))
    past, gap, future = (torch.tensor([rows]) for rows in (window.past, window.gap, window.future))
    with torch.inference_mode():
        latents = engine.model.latent_rnn(engine.model.encode(past).mean, engine.model.encode(future).mean, 2)
        expected = log_likelihoods(engine.model.decoder, latents[0], gap).mean()
    likelihood = Drawing(engine.model, request, engine.device).likelihood_of_original()
    assert likelihood == pytest.approx(float(expected), abs=1e-5)


def test_what_stands_in_the_gap_has_no_say(engine: InpaintNetEngine, make_tune: MakeTune) -> None:
    tune, other = make_tune(8), make_tune(8, seed=9, fifths=-4)
    swapped = tune.with_measures(
        Span(2, 4), [m.with_notes(o.notes) for m, o in zip(tune.measures, other.measures, strict=True)][2:4]
    )
    first, second = (next(engine.propose(FillRequest(melody, Span(2, 4), takes=1))) for melody in (tune, swapped))
    assert first.measures == second.measures
