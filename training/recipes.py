"""How each configuration is trained: what is drawn, what the loss is made of, how long it is minimised.

``paper`` follows the published code where it departs from the paper (its learning rate, 30 epochs for MeasureVAE)
and stops early, as the paper says. ``ours`` and then ``ours-padded`` is what the shipped weights were trained with.
``small`` and the AnticipationRNNs in the home key learn from the same windows, so that they can be compared. An
ablation is trained as the model that it is an ablation of.
"""

import math
from dataclasses import dataclass, field, replace
from typing import Any

from inpaint_desktop.models.config import ABLATIONS
from training.inpainting import InpaintRecipe
from training.loop import Recipe
from training.vae import VaeRecipe
from training.windows import LARGEST_GAP, SHARE_OF_SHORT_WINDOWS


@dataclass(frozen=True, slots=True)
class Draws:
    """What batches are made of.

    ``gaps`` is the range of missing measures. The rest is about windows in the home key: a ``published_share`` of the
    batches has the published code's windows with their padding; of the others ``notated_share`` come from tunes in
    notated order and the rest from repeats played out, and ``short_share`` have windows shorter than the model's. A
    ``moved_share`` of all windows is moved along the scale. MeasureVAE's measures are drawn with their count to the
    ``power``, a share ``crossover`` of them is put together from two, a share ``shifted`` moved along the scale, and a
    share ``padding`` is none. With ``transposed`` windows and measures are moved into every key instead of along the
    scale. Without it, models in the written key get the published code's windows and their transpositions.
    """

    gaps: tuple[int, int] = (1, LARGEST_GAP)
    notated_share: float = 0.75
    short_share: float = SHARE_OF_SHORT_WINDOWS
    moved_share: float = 0.0
    published_share: float = 0.0
    transposed: bool = False
    power: float = 0.5
    crossover: float = 0.3
    shifted: float = 0.4
    padding: float = 0.0


@dataclass(frozen=True, slots=True)
class Checks:
    """What is measured during training: measures reconstructed, and gaps of ``missing`` measures filled."""

    measures: int = 2000
    gaps: int = 640
    missing: int = 4


@dataclass(frozen=True, slots=True)
class Plan:
    """Both stages of the training of a model."""

    vae: Recipe
    latent: Recipe
    vae_loss: VaeRecipe = field(default_factory=VaeRecipe)
    latent_loss: InpaintRecipe = field(default_factory=InpaintRecipe)
    draws: Draws = field(default_factory=Draws)
    checks: Checks = field(default_factory=Checks)

    def changed(self, **asked: Any) -> "Plan":  # noqa: ANN401 - fields of any type
        """The same with both recipes changed; see ``Recipe.changed``."""
        return replace(self, vae=self.vae.changed(**asked), latent=self.latent.changed(**asked))


OURS = Plan(
    vae=Recipe(steps=4000, batch_size=256, learning_rate=1.5e-3, patience=6),
    latent=Recipe(steps=4000, batch_size=256, learning_rate=1e-3, evaluate_every=300, patience=8),
    latent_loss=InpaintRecipe(blind_share=0.3, own_share=0.4),
    draws=Draws(moved_share=0.5),
)
PAPERS_RECIPE = Recipe(
    steps=1_280_000,
    batch_size=32,
    learning_rate=1e-4,
    warmup=0,
    final_share=1.0,
    gradient_norm=math.inf,
    evaluate_every=12_800,
    patience=5,
)
"""The published code's rate, which it never changes."""

PAPER = Plan(
    vae=replace(PAPERS_RECIPE, steps=48_000, batch_size=4096, evaluate_every=1600),
    latent=PAPERS_RECIPE,
    vae_loss=VaeRecipe(teacher_forcing=0.5, word_dropout=0.0),
    latent_loss=InpaintRecipe(teacher_forcing=0.0),
    draws=Draws(gaps=(2, 6)),
)
RIVALS = Draws(moved_share=0.5, published_share=0.25, padding=0.03)
"""What all models of the comparison in the home key learn from."""

SMALL = replace(OURS, latent_loss=InpaintRecipe(blind_share=0.0, own_share=1.0), draws=RIVALS)
PADDED = replace(OURS, draws=RIVALS)
SCRATCH = replace(
    PADDED,
    vae=replace(OURS.vae, steps=3000, batch_size=64),
    latent=replace(OURS.latent, steps=2000, batch_size=64, evaluate_every=500),
)
"""What ablations learn from the beginning: as the shipped weights, as long as it takes to tell them apart."""


@dataclass(frozen=True, slots=True)
class ArnnPlan:
    """The training of an AnticipationRNN; ``teacher_forcing`` is the share of batches that read the true tokens."""

    recipe: Recipe
    draws: Draws = RIVALS
    checks: Checks = field(default_factory=Checks)
    teacher_forcing: float = 0.5


ARNN = ArnnPlan(Recipe(steps=20_000, batch_size=32, learning_rate=1e-3, evaluate_every=500, patience=12))
PAPER_ARNN = ArnnPlan(replace(PAPERS_RECIPE, steps=640_000), Draws(gaps=(2, 6)))

PLANS = {"ours": OURS, "ours-padded": PADDED, "paper": PAPER, "small": SMALL}
PLANS |= {f"{name}-{ablation}": plan for name, plan in PLANS.items() for ablation in ABLATIONS}
