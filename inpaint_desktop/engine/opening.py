"""Finds and loads a model by its name. Importing this is quick; torch comes when an engine is opened."""

from pathlib import Path
from typing import TYPE_CHECKING, Union

from inpaint_desktop import paths
from inpaint_desktop.errors import WeightsError
from inpaint_desktop.versions import read_card

if TYPE_CHECKING:
    from inpaint_desktop.engine.arnn import ArnnEngine
    from inpaint_desktop.engine.inpaintnet import InpaintNetEngine
    from inpaint_desktop.engine.transformer import TransformerEngine

OpenedEngine = Union["InpaintNetEngine", "TransformerEngine", "ArnnEngine"]

_SUFFIX = ".safetensors"


def model_names() -> tuple[str, ...]:
    """The models that come with the program, by name."""
    return tuple(sorted(path.stem for path in _folder().glob(f"*{_SUFFIX}")))


def weights_path(model: str) -> Path:
    """Find the weight file of a model, given by its name or as a path.

    Raises:
        WeightsError: there is none.
    """
    named = _folder() / f"{model}{_SUFFIX}"
    if named.is_file():
        return named
    if Path(model).suffix == _SUFFIX:
        return Path(model)
    names = model_names()
    known = f"choose one of {', '.join(names)}" if names else "install the program again"
    message = f"There is no model called '{model}'; {known}."
    raise WeightsError(message)


def open_engine(model: str, device: str) -> OpenedEngine:
    """Load a model; slow, as torch comes with it. Its card says which network it is.

    Raises:
        WeightsError: there is no such model, or its weights are damaged.
        DeviceError: there is no such device.
    """
    weights = weights_path(model)
    architecture = architecture_of(weights)
    if architecture == "transformer":
        from inpaint_desktop.engine.transformer import TransformerEngine  # torch comes with it, so only now

        return TransformerEngine.open(weights, device)
    if architecture == "arnn":
        from inpaint_desktop.engine.arnn import ArnnEngine

        return ArnnEngine.open(weights, device)
    from inpaint_desktop.engine.inpaintnet import InpaintNetEngine

    return InpaintNetEngine.open(weights, device)


def architecture_of(weights: Path) -> str:
    """Which network a model is; a card that cannot be read is for the engine to complain of."""
    return str(read_card(weights).get("architecture", "inpaintnet"))


def _folder() -> Path:
    return paths.resources_folder() / "models"
