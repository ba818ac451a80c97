"""AnticipationRNN as an engine, on a tiny model: what holds for every take whatever the weights are."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
import torch

from inpaint_desktop.engine.arnn import ArnnEngine
from inpaint_desktop.engine.opening import open_engine
from inpaint_desktop.engine.properties import sounding
from inpaint_desktop.engine.request import FillRequest
from inpaint_desktop.errors import UnsuitableModelError, WeightsError
from inpaint_desktop.models.anticipation_rnn import REG_ARNN, AnticipationRnn, ArnnConfig
from inpaint_desktop.models.checkpoint import save
from inpaint_desktop.score.key import KeySignature
from inpaint_desktop.score.melody import Melody, Span
from inpaint_desktop.score.meter import Meter

MakeTune = Callable[..., Melody]

TINY = replace(REG_ARNN, name="tiny", hidden_size=8, embedding_size=4)


def saved(config: ArnnConfig, path: Path) -> Path:
    with torch.random.fork_rng():
        torch.manual_seed(1)
        model = AnticipationRnn(config)
        for parameter in model.parameters():
            torch.nn.init.normal_(parameter, std=0.3)
        save(model, {"architecture": "arnn"}, path)
    return path


@pytest.fixture(scope="module")
def weights(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A real AnticipationRNN on disk, tiny and untrained."""
    return saved(TINY, tmp_path_factory.mktemp("models") / "tiny-arnn.safetensors")


@pytest.fixture(scope="module")
def arnn(weights: Path) -> ArnnEngine:
    return ArnnEngine.open(weights, "cpu")


@pytest.mark.parametrize("meter", [Meter(4, 4), Meter(2, 2)])
@pytest.mark.parametrize("span", [Span(0, 1), Span(3, 7), Span(8, 12)])
def test_every_take_fills_its_measures_exactly_and_differs(
    arnn: ArnnEngine, make_tune: MakeTune, meter: Meter, span: Span
) -> None:
    tune = make_tune(12, meter=meter, section=4)
    takes = list(arnn.propose(FillRequest(tune, span, takes=5)))
    assert len({sounding(take.measures) for take in takes} | {sounding(tune.measures[span.start : span.stop])}) == 6
    for take in takes:
        filled = tune.with_measures(span, take.measures)
        assert [measure.duration for measure in filled.measures] == [measure.duration for measure in tune.measures]


@pytest.mark.parametrize("key", ["home", "written"])
def test_takes_keep_to_the_key_in_whatever_key_the_model_reads(make_tune: MakeTune, tmp_path: Path, key: str) -> None:
    config = ArnnConfig.from_dict({**TINY.as_dict(), "key": key})
    engine = ArnnEngine.open(saved(config, tmp_path / "model.safetensors"), "cpu")
    takes = engine.propose(FillRequest(make_tune(10, fifths=-3), Span(3, 6), takes=3))
    notes = [note for take in takes for measure in take.measures for note in measure.notes]
    assert {note.pitch.midi % 12 for note in notes if note.pitch} <= KeySignature(-3).pitch_classes


def test_the_same_request_gives_the_same_takes_and_a_seed_makes_one_again(
    arnn: ArnnEngine, make_tune: MakeTune
) -> None:
    request = FillRequest(make_tune(16), Span(6, 10), seed=3)
    takes = list(arnn.propose(request))
    assert list(arnn.propose(request)) == takes
    assert [arnn.again(request, take.seed).measures for take in takes] == [take.measures for take in takes]


def test_another_meter_is_refused(arnn: ArnnEngine, make_tune: MakeTune) -> None:
    with pytest.raises(UnsuitableModelError, match=r"is in 6/8, .* choose measures in 4/4 or 2/2\."):
        next(arnn.propose(FillRequest(make_tune(4, meter=Meter(6, 8)), Span(1, 2))))


def test_its_card_opens_it(weights: Path, transformer_weights: Path) -> None:
    engine = open_engine(str(weights), "cpu")
    assert (engine.name, engine.checkpoint.model.config) == ("arnn", TINY)
    with pytest.raises(WeightsError, match="does not fit this version"):
        ArnnEngine.open(transformer_weights, "cpu")
