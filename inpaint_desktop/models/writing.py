"""What every model can do that writes a gap token by token: engines and evaluation know such models by this alone.

Shapes: B batch, P past, N missing and F future measures, T ticks of a measure, V vocabulary.
"""

from collections.abc import Sequence
from typing import Any, Literal, Protocol

from torch import Tensor

from inpaint_desktop.models.gap_transformer import Frame


class WritingConfig(Protocol):
    """What there is to know of such a model. ``key`` says in which key it reads a tune."""

    @property
    def name(self) -> str:
        """What the model is called."""

    @property
    def meters(self) -> Sequence[str]:
        """The meters it knows, by name, in the order of their indices."""

    @property
    def measures(self) -> int:
        """The length of a window."""

    @property
    def key(self) -> Literal["written", "home"]:
        """In which key it reads a tune."""


class Pen(Protocol):
    """Writes gaps token by token: ``logits`` and then ``tell``, for every tick in turn."""

    def logits(self, tick: int, /) -> Tensor:
        """The logits (rows, V) of tick ``tick`` of the current measure."""

    def tell(self, tick: int, tokens: Tensor, /) -> None:
        """Take the tokens (rows,) that were chosen for the tick."""


class Writer(Protocol):
    """A model that reads the context once, and then writes gaps or scores them."""

    @property
    def config(self) -> WritingConfig:
        """What there is to know of it."""

    def eval(self) -> object:
        """Stop dropping values out."""

    def read(self, context: Tensor, frame: Frame, /) -> Any:  # noqa: ANN401 - each model keeps what it needs
        """Read the context's measures (B, P + F, T); what comes of it is for ``write`` and ``pen``."""

    def write(self, memory: Any, gap: Tensor, frame: Frame, /) -> Tensor:  # noqa: ANN401
        """The logits (B, N, T, V) of a true gap (B, N, T), each token knowing those before it."""

    def pen(self, memory: Any, rows: int, frame: Frame, /) -> Pen:  # noqa: ANN401
        """Something to write ``rows`` gaps with; the context is one for all or one a row."""
