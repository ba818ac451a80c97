"""The shape of the networks, and every point at which ours depart from the paper.

``PAPER`` follows Table 1 and the published code; ``OURS`` is what the program ships. Sources:
Pati, Lerch, Hadjeres, *Learning to Traverse Latent Spaces for Musical Score Inpainting*, ISMIR 2019.
"""

from dataclasses import asdict, dataclass, field, fields
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
    """

    hidden_size: int = 512
    layers: int = 2
    dropout: float = 0.5
    bidirectional: bool = True
    positions: bool = False
    context_at_every_step: bool = False
    attention_heads: int = 0
    sampled_context: bool = True


@dataclass(frozen=True, slots=True)
class InpaintNetConfig:
    """Both networks, and how a melody reaches them.

    ``key`` says in which key a model reads a tune: as ``written``, or moved into one ``home`` key.
    ``decoder_dropout`` keeps the frozen VAE's dropout alive while the LatentRNN trains, as the published
    code does. ``padding_in_loss`` counts START and END measures; ``tuned_decoder`` lets the decoder go on
    learning with the LatentRNN instead of staying frozen. ``measures`` is the length of a window.
    """

    name: str = "paper"
    vae: VaeConfig = field(default_factory=VaeConfig)
    latent_rnn: LatentRnnConfig = field(default_factory=LatentRnnConfig)
    key: Literal["written", "home"] = "written"
    decoder_dropout: bool = True
    padding_in_loss: bool = True
    tuned_decoder: bool = False
    measures: int = 16

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
        unknown = set(known) - {item.name for item in fields(cls)}
        if unknown:
            message = f"unknown fields: {', '.join(sorted(unknown))}"
            raise TypeError(message)
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
CONFIGS = {config.name: config for config in (PAPER, OURS)}
