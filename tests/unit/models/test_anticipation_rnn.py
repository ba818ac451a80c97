"""AnticipationRNN: what it may know, that writing step by step is the same as at once, and what its switches do."""

from dataclasses import replace

import pytest
import torch
from torch import Tensor, nn

from inpaint_desktop.encoding.vocabulary import FIRST_NOTE, HOLD
from inpaint_desktop.models.anticipation_rnn import (
    ARNN_CONFIGS,
    BASE_ARNN,
    REG_ARNN,
    AnticipationRnn,
    ArnnConfig,
    flawed,
)
from inpaint_desktop.models.gap_transformer import Frame

CONFIG = replace(REG_ARNN, name="tiny", hidden_size=12, embedding_size=6)
FRAME = Frame(0, 24, 3, 2, 2)


def model_of(config: ArnnConfig = CONFIG) -> AnticipationRnn:
    with torch.random.fork_rng():
        torch.manual_seed(3)
        model = AnticipationRnn(config).eval()
        for parameter in model.parameters():
            torch.nn.init.normal_(parameter, std=0.4)
    return model


@pytest.fixture(scope="module")
def model() -> AnticipationRnn:
    return model_of()


def tokens(*shape: int, seed: int = 0) -> Tensor:
    """Random measures (..., T) with holds among them."""
    generator = torch.Generator().manual_seed(seed)
    drawn = torch.randint(FIRST_NOTE, 98, shape, generator=generator)
    drawn[torch.rand(shape, generator=generator) < 0.5] = HOLD
    return drawn


def window(context: Tensor, gap: Tensor) -> tuple[Tensor, Tensor]:
    """A whole window (B, S), and which ticks of it are known."""
    whole = torch.cat((context[:, : FRAME.past], gap, context[:, FRAME.past :]), 1)
    known = torch.ones_like(whole, dtype=torch.bool)
    known[:, FRAME.past : FRAME.past + FRAME.missing] = False
    return whole.flatten(1), known.flatten(1)


@pytest.mark.parametrize(("vocabulary", "expected"), [(75, 1_955_677), (80, 1_957_012)])
@pytest.mark.parametrize("plain", [REG_ARNN, BASE_ARNN])
def test_it_has_as_many_weights_as_the_published_code(plain: ArnnConfig, vocabulary: int, expected: int) -> None:
    model: nn.Module = AnticipationRnn(replace(plain, vocabulary_size=vocabulary))
    assert sum(parameter.numel() for parameter in model.parameters()) == expected


def test_a_gap_between_measures_is_scored_as_in_the_whole_window(model: AnticipationRnn) -> None:
    context, gap = tokens(3, 5, 24), tokens(3, 2, 24, seed=1)
    whole, known = window(context, gap)
    with torch.inference_mode():
        expected = model(whole, known, whole).unflatten(1, (7, 24))[:, 3:5]
        found = model.write(model.read(context, FRAME), gap, FRAME)
    torch.testing.assert_close(found, expected, atol=1e-5, rtol=1e-4)


@pytest.mark.parametrize("contexts", [1, 3])
def test_tick_by_tick_gives_what_the_whole_gap_at_once_gives(model: AnticipationRnn, contexts: int) -> None:
    context, gap = tokens(contexts, 5, 24), tokens(3, 2, 24, seed=1)
    with torch.inference_mode():
        expected = model.write(model.read(context.expand(3, -1, -1), FRAME), gap, FRAME)
        pen = model.pen(model.read(context, FRAME), 3, FRAME)
        for measure in range(2):
            for tick in range(24):
                torch.testing.assert_close(pen.logits(tick), expected[:, measure, tick], atol=1e-4, rtol=1e-4)
                pen.tell(tick, gap[:, measure, tick])


def test_a_gap_at_the_start_of_a_window_can_be_written(model: AnticipationRnn) -> None:
    frame, context, gap = replace(FRAME, past=0), tokens(1, 2, 24), tokens(1, 2, 24, seed=1)
    with torch.inference_mode():
        expected = model.write(model.read(context, frame), gap, frame)
        first = model.pen(model.read(context, frame), 1, frame).logits(0)
    torch.testing.assert_close(first, expected[:, 0, 0], atol=1e-5, rtol=1e-4)


@pytest.mark.parametrize("measure", range(5))
def test_every_measure_of_the_context_has_a_say(model: AnticipationRnn, measure: int) -> None:
    context, gap = tokens(1, 5, 24), tokens(1, 2, 24, seed=1)
    changed = context.clone()
    changed[0, measure] = tokens(24, seed=9)
    with torch.inference_mode():
        first, second = (model.write(model.read(one, FRAME), gap, FRAME) for one in (context, changed))
    assert not torch.equal(first, second)


def test_what_stands_in_the_gap_is_known_only_after_it_was_written(model: AnticipationRnn) -> None:
    context, gap = tokens(1, 5, 24), tokens(1, 2, 24, seed=1)
    changed = gap.clone()
    changed[0, 1, 7] = FIRST_NOTE + 40
    with torch.inference_mode():
        memory = model.read(context, FRAME)
        differs = (model.write(memory, gap, FRAME) != model.write(memory, changed, FRAME)).any(-1)[0]
    assert not differs[0].any()
    assert not differs[1, :8].any()
    assert differs[1, 8:].all()


def test_what_is_not_heard_has_no_say(model: AnticipationRnn) -> None:
    whole, known = window(tokens(1, 5, 24), tokens(1, 2, 24, seed=1))
    nothing = torch.zeros_like(known)
    with torch.inference_mode():
        assert torch.equal(model(whole, known, whole, nothing), model(whole, known, whole.flip(1), nothing))
        assert not torch.equal(model(whole, known, whole), model(whole, known, whole.flip(1)))


@pytest.mark.parametrize("tick", [0, 6, 7])
def test_downbeats_beats_and_other_ticks_are_told_apart_unless_the_marker_is_constant(tick: int) -> None:
    places = model_of()._places(torch.arange(24))[:, :2]
    others = [
        other for other in range(24) if other not in {0: {0}, 6: {6, 12, 18}}.get(tick, set(range(24)) - {0, 6, 12, 18})
    ]
    assert not any(torch.equal(places[tick], places[other]) for other in others)
    constant = model_of(replace(CONFIG, constant_beat=True))._places(torch.arange(24))[:, :2]
    assert (constant == constant[0]).all()


def test_each_row_reads_its_own_token_unless_feedback_is_shared() -> None:
    context, told = tokens(2, 5, 24), torch.tensor([FIRST_NOTE, FIRST_NOTE + 9])
    for shared in (False, True):
        model = model_of(replace(CONFIG, shared_feedback=shared))
        with torch.inference_mode():
            pens = [model.pen(model.read(context, FRAME), 2, FRAME) for _ in range(2)]
            for pen, heard in zip(pens, (told, told[:1].expand(2)), strict=True):
                pen.logits(0)
                pen.tell(0, heard)
            assert torch.equal(pens[0].logits(1), pens[1].logits(1)) is shared


def test_a_configuration_comes_back_from_json() -> None:
    assert ArnnConfig.from_dict({**CONFIG.as_dict(), "meters": list(CONFIG.meters)}) == CONFIG
    with pytest.raises(TypeError, match="wings"):
        ArnnConfig.from_dict({**CONFIG.as_dict(), "wings": 2})


def test_the_published_errors_are_off_unless_a_configuration_is_named_for_them() -> None:
    errors = ("constant_beat", "shared_feedback", "shared_mask", "late_gap", "forgets_context")
    for name, config in ARNN_CONFIGS.items():
        assert {getattr(config, error) for error in errors} == {name.startswith("flawed-")}
    assert flawed(REG_ARNN).layer_dropout == 0.0
