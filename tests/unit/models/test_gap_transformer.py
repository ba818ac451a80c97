"""The transformer over half beats: what it may know, and that writing step by step is the same as at once."""

from dataclasses import replace

import pytest
import torch
from torch import Tensor

from inpaint_desktop.encoding.vocabulary import FIRST_NOTE, HOLD
from inpaint_desktop.models.gap_transformer import Frame, GapTransformer, TransformerConfig, in_patches

CONFIG = TransformerConfig("tiny", width=16, heads=2, readers=2, writers=2, embedding_size=8)
FRAMES = [Frame(0, 24, 3, 2, 4), Frame(5, 12, 1, 3, 1), Frame(4, 36, 2, 1, 2), Frame(1, 10, 2, 2, 1)]


@pytest.fixture(scope="module")
def model() -> GapTransformer:
    with torch.random.fork_rng():
        torch.manual_seed(4)
        model = GapTransformer(CONFIG).eval()
        for parameter in model.parameters():
            torch.nn.init.normal_(parameter, std=0.3)
    return model


def tokens(*shape: int, seed: int = 0) -> Tensor:
    """Random measures (..., T) with holds among them, each starting with a note."""
    generator = torch.Generator().manual_seed(seed)
    drawn = torch.randint(FIRST_NOTE, 98, shape, generator=generator)
    drawn[torch.rand(shape, generator=generator) < 0.5] = HOLD
    drawn[..., 0] = FIRST_NOTE
    return drawn


@pytest.mark.parametrize("frame", FRAMES, ids=str)
@pytest.mark.parametrize("contexts", [1, 3])
def test_tick_by_tick_gives_what_the_whole_gap_at_once_gives(
    model: GapTransformer, frame: Frame, contexts: int
) -> None:
    context, gap = tokens(contexts, frame.past + frame.future, frame.ticks), tokens(3, frame.missing, frame.ticks)
    with torch.inference_mode():
        expected = model(context.expand(3, -1, -1), gap, frame)
        pen = model.pen(model.read(context, frame), 3, frame)
        for measure in range(frame.missing):
            for tick in range(frame.ticks):
                torch.testing.assert_close(pen.logits(tick), expected[:, measure, tick], atol=1e-4, rtol=1e-4)
                pen.tell(tick, gap[:, measure, tick])


def test_a_token_is_told_from_those_before_it_alone(model: GapTransformer) -> None:
    frame = FRAMES[0]
    context, gap = tokens(1, 7, 24), tokens(1, 2, 24)
    changed = gap.clone()
    changed[0, 1, 7] = FIRST_NOTE + 40
    with torch.inference_mode():
        differs = (model(context, gap, frame) != model(context, changed, frame)).any(-1)[0]
    assert not differs[0].any()
    assert not differs[1, :8].any()
    assert differs[1, 8:].all()


@pytest.mark.parametrize("measure", range(7))
def test_every_measure_of_the_context_has_a_say(model: GapTransformer, measure: int) -> None:
    context, gap = tokens(1, 7, 24), tokens(1, 2, 24)
    changed = context.clone()
    changed[0, measure] = tokens(24, seed=9)
    with torch.inference_mode():
        assert not torch.equal(model(context, gap, FRAMES[0]), model(changed, gap, FRAMES[0]))


def test_the_meter_and_the_place_of_the_gap_have_a_say(model: GapTransformer) -> None:
    context, gap = tokens(1, 7, 24), tokens(1, 2, 24)
    with torch.inference_mode():
        expected = model(context, gap, FRAMES[0])
        assert not torch.equal(expected, model(context, gap, replace(FRAMES[0], meter=7)))
        assert not torch.equal(expected, model(context, gap, replace(FRAMES[0], past=4, future=3)))


def test_patches_know_what_sounds_at_their_end() -> None:
    measures = torch.tensor([[[9, 0, 0, 0, 8, 0, 0], [7, 0, 0, 0, 0, 0, 6]]])
    assert in_patches(measures).tolist() == [
        [[9, 0, 0, 9], [0, 8, 0, 8], [0, 0, 0, 8], [7, 0, 0, 7], [0, 0, 0, 7], [6, 0, 0, 6]]
    ]


def test_a_configuration_comes_back_from_json() -> None:
    assert TransformerConfig.from_dict({**CONFIG.as_dict(), "meters": list(CONFIG.meters)}) == CONFIG
    with pytest.raises(TypeError, match="wings"):
        TransformerConfig.from_dict({**CONFIG.as_dict(), "wings": 2})
