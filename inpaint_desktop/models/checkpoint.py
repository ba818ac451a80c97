"""Weights on disk: a safetensors file and, beside it, a card in JSON that says all about them.

Nothing here can run code from a file: no pickle is read. The card holds the hash of the weights,
which is checked before they are used.
"""

import hashlib
import json
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Generic, TypeVar

import torch
from safetensors import SafetensorError
from torch import Tensor, nn
from torch.overrides import TorchFunctionMode

from inpaint_desktop.encoding import vocabulary
from inpaint_desktop.errors import WeightsError
from inpaint_desktop.models.anticipation_rnn import AnticipationRnn, ArnnConfig
from inpaint_desktop.models.config import InpaintNetConfig
from inpaint_desktop.models.device import one_thread
from inpaint_desktop.models.gap_transformer import GapTransformer, TransformerConfig
from inpaint_desktop.models.inpaint_net import InpaintNet
from inpaint_desktop.models.storage import FULL_BITS, from_bytes, to_bytes

CARD_VERSION = 1
REMEDY = "Install the program again, or export the model again."
_DRAWS_NUMBERS = frozenset({"normal_", "uniform_", "kaiming_uniform_"})


Model = TypeVar("Model", InpaintNet, GapTransformer, AnticipationRnn)


@dataclass(frozen=True)
class Checkpoint(Generic[Model]):
    """A model ready to use, its card, and the SHA-256 of its weights."""

    model: Model
    card: dict[str, Any]
    sha256: str


@dataclass(frozen=True, slots=True)
class Shared:
    """A ``part`` of a model (the first part of its weights' names) that lies in the ``weights`` of another model."""

    part: str
    weights: Path

    def without(self, own: Mapping[str, Tensor], bits: int) -> dict[str, Tensor]:
        """The weights that are left when the shared ones are taken away.

        Raises:
            WeightsError: the other model's part is another than this one's, as it would be written.
        """
        there = _part_of(_read(self.weights), self.part)
        mine = {name: weight for name, weight in own.items() if name.startswith(f"{self.part}.")}
        written = from_bytes(to_bytes(mine, bits))
        if written.keys() != there.keys() or not all(torch.equal(written[name], there[name]) for name in there):
            message = f"The part '{self.part}' of {self.weights.name} is another than this model's; write it whole."
            raise WeightsError(message)
        return {name: weight for name, weight in own.items() if name not in there}


def save(
    model: InpaintNet | GapTransformer | AnticipationRnn,
    card: dict[str, Any],
    path: Path,
    bits: int = FULL_BITS,
    bits_of: Mapping[str, int] | None = None,
    shared: Shared | None = None,
) -> str:
    """Write weights of so many bits to ``path`` and the card beside it; return the weights' SHA-256.

    ``bits_of`` has other numbers of bits for some parts of the model; see ``storage.to_bytes``. What is ``shared`` with
    another model is not written again.

    Raises:
        WeightsError: what is said to be shared is not.
    """
    own, others = dict(model.state_dict()), dict(bits_of or {})
    if shared:
        own = shared.without(own, others.pop(shared.part, bits))
    weights = to_bytes(own, bits, others)
    digest = hashlib.sha256(weights).hexdigest()
    full = {
        "card_version": CARD_VERSION,
        "sha256": digest,
        "bits": bits,
        **({"bits_of": others} if others else {}),
        **({"shared": _about(shared, path)} if shared else {}),
        "config": model.config.as_dict(),
        "vocabulary": {"version": vocabulary.VERSION, "names": list(vocabulary.NAMES)},
        **card,
    }
    path.write_bytes(weights)
    path.with_suffix(".json").write_text(json.dumps(full, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    return digest


def load(path: Path, device: torch.device) -> Checkpoint[InpaintNet]:
    """Read an InpaintNet that ``save`` wrote, in evaluation mode on ``device``.

    Raises:
        WeightsError: a file is missing, damaged, changed, or made for another version or network.
    """
    return _load(path, device, lambda config: InpaintNet(InpaintNetConfig.from_dict(config)))


def load_transformer(path: Path, device: torch.device) -> Checkpoint[GapTransformer]:
    """Read a transformer that ``save`` wrote, in evaluation mode on ``device``.

    Raises:
        WeightsError: a file is missing, damaged, changed, or made for another version or network.
    """
    return _load(path, device, lambda config: GapTransformer(TransformerConfig.from_dict(config)))


def load_arnn(path: Path, device: torch.device) -> Checkpoint[AnticipationRnn]:
    """Read an AnticipationRNN that ``save`` wrote, in evaluation mode on ``device``.

    Raises:
        WeightsError: a file is missing, damaged, changed, or made for another version or network.
    """
    return _load(path, device, lambda config: AnticipationRnn(ArnnConfig.from_dict(config)))


def _load(path: Path, device: torch.device, build: Callable[[dict[str, Any]], Model]) -> Checkpoint[Model]:
    card = _read_card(path.with_suffix(".json"))
    weights = _read(path)
    digest = hashlib.sha256(weights).hexdigest()
    if digest != card.get("sha256"):
        message = f"The weights in {path.name} are not the ones their card describes: the file is damaged. {REMEDY}"
        raise WeightsError(message)
    try:
        _check_vocabulary(path.name, card["vocabulary"])
        model = _build(lambda: build(card["config"]), {**from_bytes(weights), **_shared_weights(path, card)})
    except (KeyError, TypeError, ValueError, RuntimeError, SafetensorError) as error:
        message = f"The model {path.name} does not fit this version of the program. {REMEDY}"
        raise WeightsError(message) from error
    return Checkpoint(model.to(device).eval(), card, digest)


def _check_vocabulary(name: str, written: Mapping[str, object]) -> None:
    if written["names"] != list(vocabulary.NAMES):
        message = f"The model {name} was made with another vocabulary than this version's. {REMEDY}"
        raise WeightsError(message)


def _about(shared: Shared, path: Path) -> dict[str, str]:
    """What the card of ``path`` says of a part that lies elsewhere."""
    file = Path(os.path.relpath(shared.weights, path.parent)).as_posix()
    return {"part": shared.part, "file": file, "sha256": hashlib.sha256(_read(shared.weights)).hexdigest()}


def _shared_weights(path: Path, card: Mapping[str, Any]) -> dict[str, Tensor]:
    """The weights that a model has in common with another one, which lies where its card says."""
    shared = card.get("shared")
    if not shared:
        return {}
    other = path.parent / shared["file"]
    weights = _read(other)
    if hashlib.sha256(weights).hexdigest() != shared["sha256"]:
        message = f"The model {path.name} needs other weights in {other.name} than there are now. {REMEDY}"
        raise WeightsError(message)
    return _part_of(weights, shared["part"])


def _part_of(weights: bytes, part: str) -> dict[str, Tensor]:
    return {name: weight for name, weight in from_bytes(weights).items() if name.startswith(f"{part}.")}


def _build(build: Callable[[], Model], weights: Mapping[str, Tensor]) -> Model:
    with _Uninitialised():
        model = build()
    with one_thread():
        model.load_state_dict(weights, strict=True, assign=True)
        _lay_by_column(model)
    return model


def _lay_by_column(model: nn.Module) -> None:
    """Lay the matrices of linear layers in memory column after column, which is faster with few rows to multiply."""
    for layer in model.modules():
        if isinstance(layer, nn.Linear):
            layer.weight.data = layer.weight.data.t().contiguous().t()


class _Uninitialised(TorchFunctionMode):
    """Leaves new weights as they lie in memory; drawing random ones takes longer than loading a whole model.

    (Building on the ``meta`` device takes longer still: it imports PyTorch's compiler.)
    """

    def __torch_function__(
        self,
        func: Callable[..., object],
        types: Sequence[type],
        args: tuple[object, ...] = (),
        kwargs: Mapping[str, object] | None = None,
    ) -> object:
        if getattr(func, "__name__", "") in _DRAWS_NUMBERS:
            return args[0] if args else (kwargs or {})["tensor"]
        return func(*args, **(kwargs or {}))


def _read_card(path: Path) -> dict[str, Any]:
    try:
        card = json.loads(_read(path))
    except (ValueError, RecursionError) as error:
        message = f"The card {path.name} cannot be read: it is damaged. {REMEDY}"
        raise WeightsError(message) from error
    if not isinstance(card, dict) or card.get("card_version") != CARD_VERSION:
        message = f"The card {path.name} is not one of this version of the program. {REMEDY}"
        raise WeightsError(message)
    return card


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        message = f"The model file {path.name} cannot be read ({reason}). {REMEDY}"
        raise WeightsError(message) from error
