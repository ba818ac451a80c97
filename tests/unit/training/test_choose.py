"""The measurement behind the defaults of variety."""

import pytest

from inpaint_desktop.engine.inpaintnet import InpaintNetEngine
from inpaint_desktop.engine.request import FillRequest, Variety
from training.choose import measure, melody_of, requests_of, table
from training.trials import Corpora

CALM, WILD = Variety(0.0, 0.0, 0.3, 0.5), Variety(3.0, 1.0, 3.0, 1.0)


@pytest.fixture
def requests(corpora: Corpora) -> list[FillRequest]:
    return list(requests_of(corpora.played, "train", count=2, seed=1))


def test_a_tune_of_the_corpus_comes_back_as_a_melody(corpora: Corpora) -> None:
    corpus = corpora.played
    melody = melody_of(corpus, 0)
    midi = [note.pitch.midi for measure in melody.measures for note in measure.notes if note.pitch]
    ticks = corpus.ticks[corpus.rows(0)]
    assert midi == [int(value) for value in ticks[ticks > 1]]


def test_every_tune_has_one_gap_before_any_has_two(corpora: Corpora) -> None:
    few, many = (list(requests_of(corpora.played, "train", count, seed=1)) for count in (2, 7))
    tunes = [request.melody for request in many]
    distinct = len(set(tunes))
    assert len(tunes) == 7
    assert 2 <= distinct < 7
    assert len(set(tunes[:distinct])) == distinct
    assert many[:2] == few
    assert len({(request.melody, request.span) for request in many}) > distinct


def test_no_gap_comes_twice_before_the_tune_has_no_other(corpora: Corpora) -> None:
    every = list(requests_of(corpora.played, "train", 200, seed=1))
    spans = [(request.melody, request.span) for request in every]
    (melody,) = {melody for melody, _ in spans[:1]}
    of_one = [span for tune, span in spans if tune == melody]
    gaps = len(melody.measures) - 4 - 1
    assert len(of_one) > gaps
    assert len(set(of_one[:gaps])) == gaps


def test_a_split_without_tunes_has_no_gaps(corpora: Corpora) -> None:
    assert not list(requests_of(corpora.played, "train", 7, seed=1, missing=20))


def test_gaps_have_four_measures_and_something_before_and_after(requests: list[FillRequest]) -> None:
    assert requests
    for request in requests:
        assert len(request.span) == 4
        assert request.span.start > 0
        assert request.span.stop <= len(request.melody.measures)


def test_wilder_settings_give_less_likely_takes_that_differ_more(
    engine: InpaintNetEngine, requests: list[FillRequest]
) -> None:
    calm, wild = measure(engine, requests, CALM), measure(engine, requests, WILD)
    assert calm.log_likelihood > wild.log_likelihood
    assert calm.variety_of_takes < wild.variety_of_takes
    assert calm.real_log_likelihood == wild.real_log_likelihood


def test_the_table_has_a_line_for_each_setting(engine: InpaintNetEngine, requests: list[FillRequest]) -> None:
    head, *lines = "\n".join(table(engine, requests[:1], [CALM, WILD])).splitlines()
    assert len(lines) == 3
    assert len({line.count("|") for line in (head, *lines)}) == 1
