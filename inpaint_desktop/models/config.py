"""The shape of the networks, and every point at which ours depart from the paper.

``PAPER`` follows Table 1 and the published code; ``OURS`` is what the program ships; ``SMALL`` is the paper's LatentRNN
at a size that one processor trains to the end. Each has the paper's ablations (section 4.4), see ``ablated``. Sources:
Pati, Lerch, Hadjeres, *Learning to Traverse Latent Spaces for Musical Score Inpainting*, ISMIR 2019.
"""

from dataclasses import asdict, dataclass, field, replace
from typing import Any, Literal, Self

from inpaint_desktop.encoding import vocabulary


@dataclass(frozen=True, slots=True)
class VaeConfig:
    """MeasureVAE (paper section 3.3.1, Table 1).

    Departures: ``spread`` says whether the second head gives the logarithm of the standard deviation (the
    published code) or of the variance (Table 1); ``relu_logits`` keeps the rectifier after the last layer;
    ``head_size`` is the width between the two layers of linear stacks 1 and 2.
    """

    vocabulary_size: int = vocabulary.SIZE
    embedding_size: int = 10
    hidden_size: int = 512
    layers: int = 2
    head_size: int = 1024
    latent_size: int = 256
    dropout: float = 0.5
    beats: int = 4
    ticks_per_beat: int = 6
    spread: Literal["log_std", "log_variance"] = "log_std"
    relu_logits: bool = True

    @property
    def ticks(self) -> int:
        """How many tokens a measure has."""
        return self.beats * self.ticks_per_beat


@dataclass(frozen=True, slots=True)
class LatentRnnConfig:
    """LatentRNN (paper section 3.3.2, Table 1).

    Departures: the published generation RNN reads both ways (``bidirectional``; figure 4 says it does
    not) and gets one learned scalar at every step; with ``positions`` it gets, in its place, how far the measure is
    from both ends of the gap. ``context_at_every_step`` also gives it the context's summary (paper section 5 names
    context as future work). ``sampled_context`` reads sampled latents, else their means.

    Ablations: ``context`` is the side that is seen, the other one's share being zero. The published code has no
    place for it instead, so that its generation RNN has half the size: ``halved``.
    """

    hidden_size: int = 512
    layers: int = 2
    dropout: float = 0.5
    bidirectional: bool = True
    positions: bool = False
    context_at_every_step: bool = False
    attention_heads: int = 0
    sampled_context: bool = True
    context: Literal["both", "past", "future"] = "both"
    halved: bool = False

    @property
    def generation_size(self) -> int:
        """The hidden size of the generation RNN."""
        has_one_place = self.halved and self.context != "both"
        return self.hidden_size if has_one_place else 2 * self.hidden_size


@dataclass(frozen=True, slots=True)
class InpaintNetConfig:
    """Both networks, and how a melody reaches them.

    ``key`` says in which key a model reads a tune: as ``written``, or moved into one ``home`` key.
    ``decoder_dropout`` keeps the frozen VAE's dropout alive while the LatentRNN trains, as the published
    code does. ``padding_in_loss`` counts START and END measures; ``tuned_decoder`` lets the decoder go on
    learning with the LatentRNN instead of staying frozen. ``measures`` is the length of a window. ``untrained_vae``
    leaves MeasureVAE as it was initialised.
    """

    name: str = "paper"
    vae: VaeConfig = field(default_factory=VaeConfig)
    latent_rnn: LatentRnnConfig = field(default_factory=LatentRnnConfig)
    key: Literal["written", "home"] = "written"
    decoder_dropout: bool = True
    padding_in_loss: bool = True
    tuned_decoder: bool = False
    measures: int = 16
    untrained_vae: bool = False

    def as_dict(self) -> dict[str, Any]:
        """The configuration as JSON values."""
        return asdict(self)

    @classmethod
    def from_dict(cls, values: dict[str, Any]) -> Self:
        """Read what ``as_dict`` wrote.

        Raises:
            TypeError: there is a field that this version does not know.
        """
        known = {**values, "vae": VaeConfig(**values["vae"]), "latent_rnn": LatentRnnConfig(**values["latent_rnn"])}
        return cls(**known)


PAPER = InpaintNetConfig()
OURS = InpaintNetConfig(
    name="ours",
    vae=VaeConfig(embedding_size=32, hidden_size=256, head_size=512, latent_size=128, dropout=0.0, relu_logits=False),
    latent_rnn=LatentRnnConfig(
        hidden_size=256,
        dropout=0.3,
        positions=True,
        context_at_every_step=True,
        attention_heads=8,
    ),
    key="home",
    decoder_dropout=False,
    padding_in_loss=False,
    tuned_decoder=True,
)
SMALL = InpaintNetConfig(
    name="small",
    vae=OURS.vae,
    latent_rnn=LatentRnnConfig(hidden_size=160, dropout=0.3),
    key="home",
    decoder_dropout=False,
)
PADDED = replace(OURS, name="ours-padded", padding_in_loss=True)
"""As ``OURS``, and taught to end tunes where the paper's windows end: for protocol A."""

ABLATIONS = ("past", "future", "past-halved", "future-halved", "untrained")


def ablated(config: InpaintNetConfig, ablation: str) -> InpaintNetConfig:
    """The model with the context of one side only, or over an untrained MeasureVAE that stays as it is."""
    name = f"{config.name}-{ablation}"
    if ablation == "untrained":
        return replace(config, name=name, untrained_vae=True, tuned_decoder=False)
    side, _, halved = ablation.partition("-")
    latent_rnn = {**asdict(config.latent_rnn), "context": side, "halved": bool(halved)}
    return replace(config, name=name, latent_rnn=LatentRnnConfig(**latent_rnn))


WHOLE = (PAPER, OURS, SMALL)
CONFIGS = {config.name: config for config in (*WHOLE, PADDED)}
CONFIGS |= {config.name: config for whole in (*WHOLE, PADDED) for config in (ablated(whole, one) for one in ABLATIONS)}
