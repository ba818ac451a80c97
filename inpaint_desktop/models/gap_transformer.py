"""A transformer over half beats that fills gaps in any meter: readers of the context, writers of the gap.

A *patch* is half a beat, three ticks of the grid, so that a measure of 4/4 is eight vectors and not twenty-four.
Readers let all patches before and after the gap look at each other. Writers go through the gap from left to right;
each patch looks at the whole context and at the gap's patches before it. The tokens of a patch are then told one
after the other, each knowing those before it. So every token's likelihood is exact, and takes are written quickly.

Where things stand is said relatively: attention is biased by the distance in measures, in places within the measure
and in patches, and every vector knows its place in its meter and its measure's distance from both ends of the gap.

Shapes: B batch, M measures, P past, N missing and F future measures, T ticks and R patches of a measure, S patches of
a sequence, Q queries and J keys, D width, H heads, K width of one head, V vocabulary.
"""

import math
from dataclasses import asdict, dataclass
from typing import Any, Literal, Self, cast

import torch
from torch import Tensor, nn
from torch.nn import functional

from inpaint_desktop.encoding import vocabulary
from inpaint_desktop.encoding.vocabulary import HOLD

PATCH = 3
MOST_PATCHES = 12
LONGEST_WINDOW = 16
NEAR = 16


@dataclass(frozen=True, slots=True)
class TransformerConfig:
    """The shape of the network, and what it reads.

    ``meters`` are those it has learned, by name. ``key`` says that tunes are read in the home key; ``measures`` is the
    length of a window.
    """

    name: str = "transformer"
    vocabulary_size: int = vocabulary.SIZE
    meters: tuple[str, ...] = ("4/4", "2/2", "2/4", "3/4", "3/2", "6/8", "9/8", "12/8")
    width: int = 256
    heads: int = 8
    readers: int = 3
    writers: int = 4
    embedding_size: int = 64
    key: Literal["home"] = "home"
    measures: int = LONGEST_WINDOW

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


@dataclass(frozen=True, slots=True)
class Frame:
    """What all windows of a batch share: ``meter`` is an index of the model's meters, the rest are counts."""

    meter: int
    ticks: int
    past: int
    missing: int
    future: int

    @property
    def patches(self) -> int:
        """How many patches a measure has."""
        return -(-self.ticks // PATCH)

    def context(self, device: torch.device) -> Tensor:
        """Where the patches of the context stand, counted from the start of the window, (S,)."""
        every = torch.arange((self.past + self.missing + self.future) * self.patches, device=device)
        return torch.cat((every[: self.past * self.patches], every[(self.past + self.missing) * self.patches :]))

    def gap(self, device: torch.device) -> Tensor:
        """Where the patches of the gap stand, counted from the start of the window, (S,)."""
        first = self.past * self.patches
        return torch.arange(first, first + self.missing * self.patches, device=device)


class Distance(nn.Module):
    """How much attention heeds distances: in measures, in places within the measure, and in patches nearby."""

    def __init__(self, heads: int) -> None:
        super().__init__()
        self.measures = nn.Parameter(torch.zeros(2 * LONGEST_WINDOW + 1, heads))
        self.places = nn.Parameter(torch.zeros(2 * MOST_PATCHES + 1, heads))
        self.near = nn.Parameter(torch.zeros(2 * NEAR + 1, heads))

    def forward(self, queries: Tensor, keys: Tensor, patches: int) -> Tensor:
        """The bias (H, Q, J) for queries (Q,) and keys (J,), in measures of so many ``patches``."""
        measures = _difference(queries // patches, keys // patches).clamp(-LONGEST_WINDOW, LONGEST_WINDOW)
        places = _difference(queries % patches, keys % patches)
        near = _difference(queries, keys).clamp(-NEAR, NEAR)
        bias = self.measures[measures + LONGEST_WINDOW] + self.places[places + MOST_PATCHES] + self.near[near + NEAR]
        return bias.permute(2, 0, 1)


def _difference(queries: Tensor, keys: Tensor) -> Tensor:
    return queries[:, None] - keys[None]


class Feed(nn.Module):
    """The position-wise half of a layer."""

    def __init__(self, width: int, depth: int) -> None:
        super().__init__()
        self.norm = nn.LayerNorm(width)
        self.up = nn.Linear(width, 4 * width, bias=False)
        self.down = _last(nn.Linear(4 * width, width, bias=False), depth)

    def forward(self, states: Tensor) -> Tensor:
        """Add to ``states`` (..., D)."""
        added: Tensor = self.down(functional.relu(self.up(self.norm(states))).square())
        return states + added


class Reader(nn.Module):
    """One layer over the context: every patch looks at every other."""

    def __init__(self, width: int, heads: int, depth: int) -> None:
        super().__init__()
        self.heads = heads
        self.norm = nn.LayerNorm(width)
        self.distance = Distance(heads)
        self.to_qkv = nn.Linear(width, 3 * width, bias=False)
        self.out = _last(nn.Linear(width, width, bias=False), depth)
        self.feed = Feed(width, depth)

    def forward(self, states: Tensor, places: Tensor, patches: int) -> Tensor:
        """Go over states (B, S, D) that stand at ``places`` (S,)."""
        query, key, value = _by_head(self.to_qkv(self.norm(states)), 3, self.heads)  # each (B, H, S, K)
        seen = _attend(query, key, value, self.distance(places, places, patches))
        after: Tensor = self.feed(states + self.out(_joined(seen)))
        return after


@dataclass(frozen=True, slots=True)
class Memory:
    """What a writer sees of the context: its ``keys`` and ``values``, each (B, H, S, K); B may be 1 for all."""

    keys: Tensor
    values: Tensor


class Writer(nn.Module):
    """One layer over the gap: a patch looks at the context and at the gap's patches up to itself."""

    def __init__(self, width: int, heads: int, depth: int) -> None:
        super().__init__()
        self.heads = heads
        self.norm = nn.LayerNorm(width)
        self.distance = Distance(heads)
        self.to_qkv = nn.Linear(width, 3 * width, bias=False)
        self.to_memory = nn.Linear(width, 2 * width, bias=False)
        self.out = _last(nn.Linear(width, width, bias=False), depth)
        self.feed = Feed(width, depth)

    def bias(self, frame: Frame, device: torch.device) -> Tensor:
        """From the gap's patches to the context and to what stands before each in the gap, (H, S, J)."""
        queries = frame.gap(device)
        keys = torch.cat((frame.context(device), queries - 1))  # what a patch of the gap knows is the one before it
        is_later = keys[None] >= queries[:, None]
        is_later[:, : len(keys) - len(queries)] = False
        bias: Tensor = self.distance(queries, keys, frame.patches)
        return bias.masked_fill(is_later, -math.inf)

    def memory(self, context: Tensor) -> Memory:
        """What this layer will see of a context (B, S, D) that was read."""
        return Memory(*_by_head(self.to_memory(context), 2, self.heads))

    def forward(self, states: Tensor, memory: Memory, bias: Tensor) -> Tensor:
        """Go over a whole gap (B, S, D) at once; ``bias`` (H, S, J) hides what comes later."""
        query, key, value = _by_head(self.to_qkv(self.norm(states)), 3, self.heads)  # each (B, H, S, K)
        keys, values = torch.cat((memory.keys, key), 2), torch.cat((memory.values, value), 2)
        after: Tensor = self.feed(states + self.out(_joined(_attend(query, keys, values, bias))))
        return after

    def step(self, states: Tensor, memory: Memory, own: Memory, step: int, bias: Tensor) -> Tensor:
        """Go over patch ``step`` of the gap, (B, D), whose key and value are put into ``own`` (B, H, S, K)."""
        query, key, value = _by_head(self.to_qkv(self.norm(states))[:, None], 3, self.heads)  # each (B, H, 1, K)
        own.keys[:, :, step], own.values[:, :, step] = key[:, :, 0], value[:, :, 0]
        keys, values = own.keys[:, :, : step + 1], own.values[:, :, : step + 1]
        many = query[:, :, 0].transpose(0, 1) * query.shape[-1] ** -0.5  # (H, B, K)
        scores = torch.cat((_scores(many, memory.keys), _scores(many, keys)), -1) + bias
        far, near = scores.softmax(-1).split((memory.keys.shape[2], step + 1), -1)
        seen = _sums(far, memory.values) + _sums(near, values)  # (H, B, K)
        after: Tensor = self.feed(states + self.out(seen.transpose(0, 1).flatten(1)))
        return after


class Ticks(nn.Module):
    """Tells the tokens of a patch one after the other: each knows the patch's state and the tokens before it."""

    def __init__(self, width: int, vocabulary_size: int) -> None:
        super().__init__()
        self.norm = nn.LayerNorm(width)
        self.first = nn.Linear(width, PATCH * width)
        later = (PATCH - 1 - tick for tick in range(PATCH - 1))
        self.told = nn.ModuleList(nn.Embedding(vocabulary_size, ticks * width) for ticks in later)
        self.out = nn.Linear(width, vocabulary_size)

    def start(self, states: Tensor) -> Tensor:
        """What the states (..., D) say of their ticks before any is told, (..., 3, D)."""
        sums: Tensor = self.first(self.norm(states)).unflatten(-1, (PATCH, -1))
        return sums

    def tell(self, sums: Tensor, tick: int, tokens: Tensor) -> Tensor:
        """Let the ticks after ``tick`` know its tokens (...,)."""
        if tick == PATCH - 1:
            return sums
        told: Tensor = self.told[tick](tokens)
        later = sums[..., tick + 1 :, :] + told.unflatten(-1, (PATCH - 1 - tick, -1))
        return torch.cat((sums[..., : tick + 1, :], later), -2)

    def logits(self, sums: Tensor) -> Tensor:
        """The logits (..., V) of ticks whose sums are (..., D)."""
        logits: Tensor = self.out(functional.relu(sums).square())
        return logits

    def forward(self, states: Tensor, tokens: Tensor) -> Tensor:
        """The logits (..., 3, V) of whole patches with the true tokens (..., 3)."""
        sums = self.start(states)
        for tick in range(PATCH - 1):
            sums = self.tell(sums, tick, tokens[..., tick])
        return self.logits(sums)


class GapTransformer(nn.Module):
    """The whole model."""

    def __init__(self, config: TransformerConfig) -> None:
        super().__init__()
        self.config = config
        width, depth = config.width, config.readers + config.writers
        self.tokens = nn.Embedding(config.vocabulary_size, config.embedding_size)
        self.patch = nn.Linear((PATCH + 1) * config.embedding_size, width)
        self.start = nn.Parameter(torch.zeros(width))
        self.place = nn.Embedding(len(config.meters) * MOST_PATCHES, width)
        self.context_distance = nn.Embedding(2 * LONGEST_WINDOW, width)
        self.gap_distance = nn.Embedding(2 * LONGEST_WINDOW, width)
        self.readers = nn.ModuleList(Reader(width, config.heads, depth) for _ in range(config.readers))
        self.read_norm = nn.LayerNorm(width)
        self.writers = nn.ModuleList(Writer(width, config.heads, depth) for _ in range(config.writers))
        self.ticks = Ticks(width, config.vocabulary_size)
        self.apply(_initialise)

    @property
    def layers(self) -> list[Writer]:
        """The layers over the gap."""
        return [cast("Writer", layer) for layer in self.writers]

    def forward(self, context: Tensor, gap: Tensor, frame: Frame) -> Tensor:
        """The logits (B, N, T, V) of the true ``gap`` (B, N, T) between measures of ``context`` (B, P + F, T)."""
        return self.write(self.read(context, frame), gap, frame)

    def read(self, context: Tensor, frame: Frame) -> list[Memory]:
        """What each writer sees of the context's measures (B, P + F, T)."""
        places = frame.context(context.device)
        states = self.patch(self._embedded(in_patches(context))) + self._context_places(places, frame)
        for reader in self.readers:
            states = reader(states, places, frame.patches)
        states = self.read_norm(states)
        return [writer.memory(states) for writer in self.layers]

    def write(self, memories: list[Memory], gap: Tensor, frame: Frame) -> Tensor:
        """The logits (B, N, T, V) of a true gap (B, N, T), each token knowing those before it."""
        patches = in_patches(gap)  # (B, S, 4)
        content = self.patch(self._embedded(patches[:, :-1]))
        begin = self.start.to(content.dtype).expand(len(gap), 1, -1)
        states = torch.cat((begin, content), 1) + self._gap_places(frame, gap.device)
        for writer, memory in zip(self.layers, memories, strict=True):
            states = writer(states, memory, writer.bias(frame, gap.device))
        logits: Tensor = self.ticks(states, patches[..., :PATCH])
        return logits.reshape(*gap.shape[:2], -1, logits.shape[-1])[:, :, : frame.ticks]

    def pen(self, memories: list[Memory], rows: int, frame: Frame) -> "Pen":
        """Something to write ``rows`` gaps with, token by token; the context is one for all (B is 1) or one a row."""
        return Pen(self, memories, rows, frame)

    def _embedded(self, patches: Tensor) -> Tensor:
        """The tokens of patches (B, S, 4), side by side."""
        embedded: Tensor = self.tokens(patches).flatten(-2)
        return embedded

    def _context_places(self, places: Tensor, frame: Frame) -> Tensor:
        """What the context's patches know of where they are, (S, D)."""
        measures = places // frame.patches
        before = frame.past - 1 - measures
        after = LONGEST_WINDOW + measures - frame.past - frame.missing
        known: Tensor = self.context_distance(torch.where(measures < frame.past, before, after))
        return self._place(places, frame) + known

    def _gap_places(self, frame: Frame, device: torch.device) -> Tensor:
        """What the gap's patches know of where they are, (S, D)."""
        places = frame.gap(device)
        since = places // frame.patches - frame.past
        until = LONGEST_WINDOW + frame.missing - 1 - since
        distances: Tensor = self.gap_distance(since) + self.gap_distance(until)
        return self._place(places, frame) + distances

    def _place(self, places: Tensor, frame: Frame) -> Tensor:
        place: Tensor = self.place(frame.meter * MOST_PATCHES + places % frame.patches)
        return place


class Pen:
    """Writes gaps token by token. Call ``logits`` and then ``tell`` for every tick in turn."""

    def __init__(self, model: GapTransformer, memories: list[Memory], rows: int, frame: Frame) -> None:
        self._model = model
        self._frame = frame
        self._layers = list(zip(model.layers, memories, strict=True))
        device = model.start.device
        self._biases = [writer.bias(frame, device) for writer in model.layers]
        self._places = model._gap_places(frame, device)  # (S, D)
        shape = (rows, model.config.heads, len(self._places), model.config.width // model.config.heads)
        self._own = [Memory(torch.zeros(shape, device=device), torch.zeros(shape, device=device)) for _ in memories]
        self._last = torch.full((rows, PATCH + 1), HOLD, device=device)  # the patch being written, and what sounds
        self._sums = torch.empty(0)
        self._step = -1

    def logits(self, tick: int) -> Tensor:
        """The logits (rows, V) of tick ``tick`` of the current measure."""
        if tick % PATCH == 0:
            self._begin_patch()
        return self._model.ticks.logits(self._sums[:, tick % PATCH])

    def tell(self, tick: int, tokens: Tensor) -> None:
        """Take the tokens (rows,) that were chosen for the tick."""
        place = tick % PATCH
        self._last[:, place] = tokens
        self._last[:, PATCH] = torch.where(tokens == HOLD, self._last[:, PATCH], tokens)
        self._sums = self._model.ticks.tell(self._sums, place, tokens)

    def _begin_patch(self) -> None:
        model, self._step = self._model, self._step + 1
        states = model.patch(model._embedded(self._last)) if self._step else model.start.expand(len(self._last), -1)
        states = states + self._places[self._step]
        context = len(self._biases[0][0, 0]) - len(self._places)
        for (writer, memory), own, bias in zip(self._layers, self._own, self._biases, strict=True):
            shown = bias[:, self._step : self._step + 1, : context + self._step + 1]
            states = writer.step(states, memory, own, self._step, shown)
        self._sums = model.ticks.start(states)
        self._last[:, :PATCH] = HOLD  # a measure may end within a patch


def in_patches(measures: Tensor) -> Tensor:
    """Divide measures (B, M, T) into patches (B, S, 4): their three tokens, and the one that sounds at their end."""
    batch, _, ticks = measures.shape
    padded = functional.pad(measures, (0, -ticks % PATCH), value=HOLD)
    onsets = torch.where(padded != HOLD, torch.arange(padded.shape[-1], device=measures.device), 0)
    sounding = padded.gather(-1, onsets.cummax(-1).values)
    return torch.cat((padded.view(batch, -1, PATCH), sounding.view(batch, -1, PATCH)[..., -1:]), -1)


def _by_head(states: Tensor, parts: int, heads: int) -> tuple[Tensor, ...]:
    """Divide (B, S, parts * D) into so many (B, H, S, K)."""
    batch, length, _ = states.shape
    return states.view(batch, length, parts, heads, -1).permute(2, 0, 3, 1, 4).unbind(0)


def _attend(query: Tensor, key: Tensor, value: Tensor, bias: Tensor) -> Tensor:
    """Attention (B, H, Q, K) under ``bias`` (H, Q, J)."""
    scores = (query * query.shape[-1] ** -0.5) @ key.transpose(-1, -2)
    seen: Tensor = (scores + bias.to(scores.dtype)).softmax(-1) @ value
    return seen


def _scores(queries: Tensor, keys: Tensor) -> Tensor:
    """One query a row (H, B, K) against keys (B or 1, H, S, K), (H, B, S); shared keys are one product."""
    if len(keys) == 1:
        return queries @ keys[0].transpose(-1, -2)
    return _of_rows(queries, keys.transpose(-1, -2))


def _sums(weights: Tensor, values: Tensor) -> Tensor:
    """Values (B or 1, H, S, K) under weights (H, B, S), (H, B, K)."""
    if len(values) == 1:
        return weights @ values[0]
    return _of_rows(weights, values)


def _of_rows(vectors: Tensor, matrices: Tensor) -> Tensor:
    """Every row's vectors (H, B, S) times its own matrices (B, H, S, K), (H, B, K)."""
    return (vectors.transpose(0, 1)[:, :, None] @ matrices)[:, :, 0].transpose(0, 1)


def _joined(seen: Tensor) -> Tensor:
    """Put the heads of (B, H, S, K) side by side, (B, S, D)."""
    return seen.transpose(1, 2).flatten(2)


def _last(linear: nn.Linear, depth: int) -> nn.Linear:
    """Mark the last product of a layer's half: it starts small, so that deep sums stay level."""
    linear.spread = 0.02 / math.sqrt(2 * depth)  # type: ignore[assignment]
    return linear


def _initialise(module: nn.Module) -> None:
    if isinstance(module, nn.Linear | nn.Embedding):
        nn.init.normal_(module.weight, std=getattr(module, "spread", 0.02))
    if isinstance(module, nn.Linear) and module.bias is not None:
        nn.init.zeros_(module.bias)
