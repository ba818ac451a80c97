"""MeasureVAE's objective and how its reconstruction is measured."""

from dataclasses import replace

import numpy as np
import pytest
import torch
from torch import nn

from inpaint_desktop.encoding.vocabulary import HOLD, SIZE
from inpaint_desktop.models.config import VaeConfig
from inpaint_desktop.models.measure_vae import MeasureVae
from training.vae import VaeObjective, VaeRecipe, accuracies, reconstruction

TINY = VaeConfig(embedding_size=6, hidden_size=16, head_size=12, latent_size=8, dropout=0.0)


class Endless:
    """The same measures again and again."""

    def __init__(self) -> None:
        self.generator = np.random.default_rng(1)
        self.measures = self.generator.integers(SIZE, size=(6, 24))

    def batch(self, size: int) -> np.ndarray:
        return np.resize(self.measures, (size, 24))


def objective(recipe: VaeRecipe) -> VaeObjective:
    torch.manual_seed(1)
    measures = Endless()
    return VaeObjective(MeasureVae(TINY), measures, measures.measures, recipe)


def loss(recipe: VaeRecipe) -> float:
    made = objective(recipe)
    torch.manual_seed(2)
    return made.loss(6).item()


def test_beta_weighs_the_divergence() -> None:
    plain, weighed, doubled = (loss(VaeRecipe(beta=beta)) for beta in (0.0, 1.0, 2.0))
    assert weighed > plain
    assert doubled - weighed == pytest.approx(weighed - plain, rel=1e-3)


def test_the_token_loss_is_a_mean_over_all_tokens() -> None:
    made = objective(VaeRecipe(beta=0.0, word_dropout=0.0))
    tokens = torch.from_numpy(made.measures.batch(6))
    torch.manual_seed(2)
    latents = made.model.encoder(tokens).sample()
    entropy = nn.functional.cross_entropy(made.model.decoder(latents, tokens).flatten(0, 1), tokens.flatten())
    torch.manual_seed(2)
    assert made.loss_of(tokens).item() == pytest.approx(entropy.item(), rel=1e-4)


def test_teacher_forcing_and_word_dropout_change_what_is_fed_back() -> None:
    recipes = (VaeRecipe(), VaeRecipe(teacher_forcing=0.0), VaeRecipe(word_dropout=1.0))
    assert len({round(loss(recipe), 6) for recipe in recipes}) == 3


def test_the_coin_is_flipped_for_every_batch() -> None:
    made = objective(replace(VaeRecipe(), teacher_forcing=0.5, word_dropout=0.0, beta=0.0))
    forced, free = (loss(VaeRecipe(teacher_forcing=share, word_dropout=0.0, beta=0.0)) for share in (1.0, 0.0))
    drawn = [made.loss(6).item() for _ in range(30)]
    near_free = sum(abs(one - free) < abs(one - forced) for one in drawn)
    assert 3 < near_free < 27


def test_accuracies_tell_tokens_onsets_and_measures_apart() -> None:
    truth = np.array([[5, HOLD, 6, HOLD], [7, HOLD, HOLD, HOLD]])
    decoded = np.array([[5, HOLD, 9, HOLD], [7, HOLD, HOLD, HOLD]])
    figures = accuracies(truth, decoded)
    assert figures == pytest.approx({"token_accuracy": 7 / 8, "onset_accuracy": 2 / 3, "measure_accuracy": 1 / 2})


def test_reconstruction_draws_from_its_own_seed_and_leaves_the_mode() -> None:
    made = objective(VaeRecipe())
    made.model.train()
    state = torch.get_rng_state()
    first = reconstruction(made.model, made.check)
    assert first == reconstruction(made.model, made.check)
    assert torch.equal(torch.get_rng_state(), state)
    assert made.model.training


def test_the_score_is_the_share_of_measures_that_are_not_exact() -> None:
    figures = objective(VaeRecipe()).evaluate()
    assert figures["score"] == 1.0 - figures["measure_accuracy"]
