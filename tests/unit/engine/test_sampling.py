"""Drawing tokens: under the grammar, and with random numbers of their own for each candidate."""

import pytest
import torch

from inpaint_desktop.encoding import vocabulary
from inpaint_desktop.encoding.grammar import Constraints, grammar_of
from inpaint_desktop.engine.sampling import GrammarSampler, noise_of, uniforms_of
from inpaint_desktop.score.meter import Meter
from inpaint_desktop.score.pitch import Pitch

FREE = grammar_of(Meter(4, 4))
ONLY_A4 = grammar_of(Meter(4, 4), Constraints(69, 69))


def sampler(rows: int, *, temperature: float = 1.0, top_p: float = 1.0) -> GrammarSampler:
    uniforms = uniforms_of(range(rows), (24,), "tokens")
    return GrammarSampler([FREE] * rows, uniforms, temperature=temperature, top_p=top_p)


def logits_with(scores: dict[int, float], rows: int) -> torch.Tensor:
    logits = torch.full((rows, vocabulary.SIZE), -20.0)
    for token, score in scores.items():
        logits[:, token] = score
    return logits


def test_a_seed_gives_the_same_numbers_whatever_stands_beside_it() -> None:
    alone, together = noise_of([7], (2, 3), "gap"), noise_of([5, 7, 9], (2, 3), "gap")
    assert torch.equal(alone[0], together[1])
    assert torch.equal(uniforms_of([7], (4,), "tokens")[0], uniforms_of([1, 7], (4,), "tokens")[1])


@pytest.mark.parametrize(("seed", "other"), [(1, 2), (0, 2**32), (3, 3 + 2**40)])
def test_seeds_differ_in_their_numbers_however_far_apart(seed: int, other: int) -> None:
    first, second = noise_of([seed, other], (100,), "gap")
    assert not torch.equal(first, second)


def test_purposes_differ_in_their_numbers() -> None:
    assert not torch.equal(noise_of([1], (9,), "past"), noise_of([1], (9,), "future"))


def test_noise_is_standard_normal_and_uniforms_lie_below_one() -> None:
    noise, uniforms = noise_of(range(50), (1000,), "gap"), uniforms_of(range(50), (1000,), "tokens")
    assert abs(float(noise.mean())) < 0.02
    assert abs(float(noise.std()) - 1) < 0.02
    assert 0 <= float(uniforms.min()) < 0.001 < 0.999 < float(uniforms.max()) < 1


def test_tokens_are_drawn_as_often_as_they_are_likely() -> None:
    a, b = vocabulary.FIRST_NOTE, vocabulary.FIRST_NOTE + 1
    tokens = sampler(4000)(0, logits_with({a: 0.0, b: -1.0986}, 4000))  # three to one
    assert set(tokens.tolist()) == {a, b}
    assert float((tokens == a).float().mean()) == pytest.approx(0.75, abs=0.02)


def test_a_low_temperature_takes_the_likeliest() -> None:
    a, b = vocabulary.FIRST_NOTE, vocabulary.FIRST_NOTE + 1
    tokens = sampler(500, temperature=0.05)(0, logits_with({a: 0.0, b: -1.0}, 500))
    assert set(tokens.tolist()) == {a}


def test_top_p_leaves_out_the_unlikely() -> None:
    a, b, c = range(vocabulary.FIRST_NOTE, vocabulary.FIRST_NOTE + 3)
    logits = logits_with({a: 0.0, b: -0.7, c: -3.0}, 2000)  # .65, .32, .03
    assert set(sampler(2000, top_p=0.9)(0, logits).tolist()) == {a, b}
    assert set(sampler(2000, top_p=0.5)(0, logits).tolist()) == {a}
    assert set(sampler(2000, top_p=1.0)(0, logits).tolist()) >= {a, b, c}


def test_what_the_grammar_forbids_is_not_drawn_however_likely() -> None:
    tokens = sampler(300)(0, logits_with({vocabulary.HOLD: 50.0, vocabulary.START: 50.0}, 300))
    assert not {vocabulary.HOLD, vocabulary.START, vocabulary.END} & set(tokens.tolist())


def test_each_row_has_a_grammar_of_its_own() -> None:
    uniforms = uniforms_of(range(2), (24,), "tokens")
    choose = GrammarSampler([FREE, ONLY_A4], uniforms, temperature=1.0, top_p=1.0)
    a4, c5 = (vocabulary.token_of(Pitch.parse(name)) for name in ("A4", "C5"))
    assert choose(0, logits_with({c5: 9.0, a4: -9.0}, 2)).tolist() == [c5, a4]


def test_a_beat_begun_in_thirds_goes_on_in_thirds_and_the_next_one_is_free() -> None:
    choose = sampler(1)
    note, hold = vocabulary.FIRST_NOTE, vocabulary.HOLD
    wish = [note, hold, note, note, hold, note]  # at 0, 1/3, 1/2 and 3/4: the last two do not fit
    tokens = [int(choose(tick, logits_with({wish[tick % 6]: 30.0, hold: 10.0}, 1))) for tick in range(12)]
    assert tokens == [note, hold, note, hold, hold, hold] * 2


def test_the_same_row_under_a_hold_keeps_its_state_within_the_beat() -> None:
    choose = sampler(1)
    note, hold = vocabulary.FIRST_NOTE, vocabulary.HOLD
    wish = [note, note, hold, hold, note, hold, hold, hold, note, hold, hold, hold]
    tokens = [int(choose(tick, logits_with({wish[tick]: 30.0, hold: 10.0}, 1))) for tick in range(12)]
    assert tokens == [note, note, hold, hold, hold, hold, hold, hold, note, hold, hold, hold]
