"""AnticipationRNN, the paper's baseline (section 4.1; Hadjeres and Nielsen, 2018): a melody written under constraints.

The constraint RNN reads a whole window from right to left: the tokens that are known, a sign where none is, and where
each tick lies in its measure. The generation RNN writes from left to right; at every tick it knows the token before it
and what the constraint RNN says there.

Base-ARNN learns with known ticks scattered at random, Reg-ARNN with gaps of whole measures. Where the published code
errs, or departs from what the paper says of it, is a field of the configuration.

Shapes: B batch, S ticks of a window, P past, N missing and F future measures, T ticks of a measure, G ticks to write,
L layers, H hidden size, E embedding, V vocabulary.
"""

from dataclasses import asdict, dataclass, replace
from typing import Any, Literal, Self

import torch
from torch import Tensor, nn
from torch.nn import functional

from inpaint_desktop.encoding import vocabulary
from inpaint_desktop.models.gap_transformer import Frame

BEAT_MARKERS = 6
"""As many rows as the published table has. Three are used: the downbeat, other beats, and what lies between."""

State = tuple[Tensor, Tensor]
"""The hidden and the memory state of an LSTM, each (L, B, H)."""


@dataclass(frozen=True, slots=True)
class ArnnConfig:
    """The network, and how it learns.

    ``mask`` says which ticks are unknown in training: one ``gap`` of whole measures, or ticks ``scattered`` over the
    window. ``input_dropout`` is the share of ticks whose previous token is hidden in training, ``layer_dropout`` that
    of values between the layers of an RNN. ``key`` and ``padding_in_loss`` mean what they do for InpaintNet.

    Errors of the published code: with ``constant_beat`` every tick is marked as a downbeat; with ``shared_feedback``
    all rows of a batch read the token chosen for the first one; with ``shared_mask`` all have the same scattered
    ticks; with ``late_gap`` training's gaps lie one measure later than drawn; with ``forgets_context`` a model that
    reads its own tokens in training reads them in the place of known ones too.
    """

    name: str = "reg-arnn"
    mask: Literal["gap", "scattered"] = "gap"
    vocabulary_size: int = vocabulary.SIZE
    meters: tuple[str, ...] = ("4/4", "2/2")
    ticks: int = 24
    ticks_per_beat: int = 6
    embedding_size: int = 10
    metadata_size: int = 2
    hidden_size: int = 256
    layers: int = 2
    input_dropout: float = 0.2
    layer_dropout: float = 0.2
    key: Literal["written", "home"] = "home"
    measures: int = 16
    padding_in_loss: bool = True
    constant_beat: bool = False
    shared_feedback: bool = False
    shared_mask: bool = False
    late_gap: bool = False
    forgets_context: bool = False

    def as_dict(self) -> dict[str, Any]:
        """The configuration as JSON values."""
        return asdict(self)

    @classmethod
    def from_dict(cls, values: dict[str, Any]) -> Self:
        """Read what ``as_dict`` wrote.

        Raises:
            TypeError: there is a field that this version does not know.
        """
        return cls(**{**values, "meters": tuple(values["meters"])})


REG_ARNN = ArnnConfig()
BASE_ARNN = replace(REG_ARNN, name="base-arnn", mask="scattered")


def published(config: ArnnConfig) -> ArnnConfig:
    """The same model in the written key, as the paper describes it."""
    return replace(config, name=f"paper-{config.name}", key="written")


def flawed(config: ArnnConfig) -> ArnnConfig:
    """The same model with every error of the published code."""
    errors = ("constant_beat", "shared_feedback", "shared_mask", "late_gap", "forgets_context")
    switched: dict[str, Any] = dict.fromkeys(errors, True)
    return replace(published(config), name=f"flawed-{config.name}", layer_dropout=0.0, **switched)


ARNN_CONFIGS = {
    config.name: config for plain in (REG_ARNN, BASE_ARNN) for config in (plain, published(plain), flawed(plain))
}


@dataclass(frozen=True, slots=True)
class Anticipation:
    """What the model knows before it writes: what the constraint RNN says at the ticks to be written (G, B, H).

    ``states`` are the generation RNN's before the first of them, ``before`` (B, E) is the token before it, embedded.
    """

    said: Tensor
    states: State
    before: Tensor


class AnticipationRnn(nn.Module):
    """Both RNNs."""

    def __init__(self, config: ArnnConfig) -> None:
        super().__init__()
        self.config = config
        hidden, embedded, known = config.hidden_size, config.embedding_size, config.metadata_size
        self.embedding = nn.Embedding(config.vocabulary_size + 1, embedded)
        self.beat = nn.Embedding(BEAT_MARKERS, known)
        self.tick = nn.Embedding(config.ticks_per_beat, known)
        self.voice = nn.Embedding(1, known)
        self.constraint_rnn = nn.LSTM(3 * known + embedded, hidden, config.layers, dropout=config.layer_dropout)
        self.generation_rnn = nn.LSTM(embedded + hidden, hidden, config.layers, dropout=config.layer_dropout)
        self.hidden = nn.Linear(hidden, hidden)
        self.out = nn.Linear(hidden, config.vocabulary_size)

    def forward(self, tokens: Tensor, known: Tensor, read: Tensor, heard: Tensor | None = None) -> Tensor:
        """The logits (B, G, V) of the first G ticks of windows ``tokens`` (B, S), of which some are ``known`` (B, S).

        The generation RNN reads each token of ``read`` (B, G) one tick later; where ``heard`` is false, nothing.
        """
        before = self._before(read, heard)  # (G, B, E)
        outputs, _ = self.generation_rnn(torch.cat((before, self._anticipate(tokens, known)[: len(before)]), -1))
        return self.logits(outputs).transpose(0, 1)

    def anticipation(self, tokens: Tensor, known: Tensor, first: int, stop: int) -> Anticipation:
        """Read windows (B, S) to write their ticks from ``first`` to ``stop - 1``; all ticks before are known."""
        said = self._anticipate(tokens, known)
        before = self._before(tokens[:, : first + 1])
        none = said.new_zeros(self.config.layers, len(tokens), self.config.hidden_size)
        states = (none, none)
        if first:
            _, states = self.generation_rnn(torch.cat((before[:-1], said[:first]), -1))
        return Anticipation(said[first:stop], states, before[-1])

    def read(self, context: Tensor, frame: Frame) -> Anticipation:
        """Read the measures (B, P + F, T) around a gap."""
        past, future = context.split((frame.past, frame.future), 1)
        gap = context.new_full((len(context), frame.missing, frame.ticks), vocabulary.HOLD)
        tokens = torch.cat((past, gap, future), 1).flatten(1)  # (B, S)
        first, stop = (measures * frame.ticks for measures in (frame.past, frame.past + frame.missing))
        known = torch.ones_like(tokens, dtype=torch.bool)
        known[:, first:stop] = False
        return self.anticipation(tokens, known, first, stop)

    def write(self, anticipation: Anticipation, gap: Tensor, frame: Frame) -> Tensor:
        """The logits (B, N, T, V) of a true gap (B, N, T), each token knowing those before it."""
        tokens = self.embedding(gap.flatten(1)[:, :-1]).transpose(0, 1)  # (G - 1, B, E)
        before = torch.cat((anticipation.before[None], tokens))
        outputs, _ = self.generation_rnn(torch.cat((before, anticipation.said), -1), anticipation.states)
        logits: Tensor = self.logits(outputs).transpose(0, 1).unflatten(1, (frame.missing, frame.ticks))
        return logits

    def pen(self, anticipation: Anticipation, rows: int, _frame: Frame | None = None) -> "Pen":
        """Something to write ``rows`` gaps with, token by token; the context is one for all (B is 1) or one a row."""
        return Pen(self, anticipation, rows)

    def fed_back(self, tokens: Tensor) -> Tensor:
        """What is read of the tokens (B,) that were chosen for a tick."""
        return tokens[:1].expand_as(tokens) if self.config.shared_feedback else tokens

    def logits(self, outputs: Tensor) -> Tensor:
        """The scores of all tokens, from the generation RNN's outputs."""
        scores: Tensor = self.out(functional.relu(self.hidden(outputs))).float()
        return scores

    def _anticipate(self, tokens: Tensor, known: Tensor) -> Tensor:
        """What the constraint RNN says at every tick, (S, B, H)."""
        seen = torch.where(known, tokens, self.config.vocabulary_size).t()
        ticks = torch.arange(len(seen), device=seen.device) % self.config.ticks
        place = self._places(ticks)[:, None].expand(-1, seen.shape[1], -1)  # (S, B, 3 * metadata)
        outputs, _ = self.constraint_rnn(torch.cat((place, self.embedding(seen)), -1).flip(0))
        said: Tensor = outputs.flip(0)
        return said

    def _places(self, ticks: Tensor) -> Tensor:
        """What the model knows of where ticks (S,) lie in their measure, (S, 3 * metadata)."""
        in_beat = ticks % self.config.ticks_per_beat
        marks = torch.where(ticks == 0, 0, torch.where(in_beat == 0, 1, 2))
        marks = torch.zeros_like(marks) if self.config.constant_beat else marks
        return torch.cat((self.beat(marks), self.tick(in_beat), self.voice(torch.zeros_like(ticks))), -1)

    def _before(self, read: Tensor, heard: Tensor | None = None) -> Tensor:
        """The token before each tick, embedded, (G, B, E); before the first there is none."""
        embedded: Tensor = self.embedding(read[:, :-1].t())
        if heard is not None:
            embedded = embedded * heard[:, :-1].t()[..., None]
        none = embedded.new_zeros(1, len(read), self.config.embedding_size)
        return torch.cat((none, embedded))


class Pen:
    """Writes tick by tick. Call ``logits`` and then ``tell`` (or ``hear``) for every tick in turn."""

    def __init__(self, model: AnticipationRnn, anticipation: Anticipation, rows: int) -> None:
        self._model = model
        lstm, width = model.generation_rnn, model.config.embedding_size
        weight = _weight(lstm, "weight_ih", 0)
        self._from_said = functional.linear(anticipation.said, weight[:, width:], _weight(lstm, "bias_ih", 0))
        self._from_token = functional.linear(model.embedding.weight, weight[:, :width])  # (V + 1, 4H)
        self._told = functional.linear(anticipation.before, weight[:, :width])  # (B, 4H)
        hidden, memory = (state.expand(-1, rows, -1).unbind() for state in anticipation.states)
        self._states = list(zip(hidden, memory, strict=True))
        self._step = 0

    def logits(self, _tick: int) -> Tensor:
        """The logits (rows, V) of the next tick."""
        lstm, output = self._model.generation_rnn, self._from_said[self._step] + self._told
        for layer, state in enumerate(self._states):
            if layer:
                output = functional.linear(output, _weight(lstm, "weight_ih", layer), _weight(lstm, "bias_ih", layer))
            self._states[layer] = _cell(lstm, layer, output, state)
            output = self._states[layer][0]
        self._step += 1
        return self._model.logits(output)

    def tell(self, _tick: int, tokens: Tensor) -> None:
        """Take the tokens (rows,) that were chosen for the tick."""
        self.hear(self._model.fed_back(tokens))

    def hear(self, tokens: Tensor) -> None:
        """Take tokens (rows,) as they are."""
        self._told = self._from_token[tokens]


def _cell(lstm: nn.LSTM, layer: int, projected: Tensor, state: State) -> State:
    """One step of a layer: the projected input (rows, 4H) and the states, each (rows, H)."""
    hidden, memory = state
    weight, bias = _weight(lstm, "weight_hh", layer), _weight(lstm, "bias_hh", layer)
    enter, stay, new, leave = (projected + functional.linear(hidden, weight, bias)).chunk(4, -1)
    memory = stay.sigmoid() * memory + enter.sigmoid() * new.tanh()
    return leave.sigmoid() * memory.tanh(), memory


def _weight(lstm: nn.LSTM, kind: str, layer: int) -> Tensor:
    """One weight by its kind (``weight_ih``, ``bias_hh``, ...) and layer."""
    result: Tensor = getattr(lstm, f"{kind}_l{layer}")
    return result
