"""Loads the slow things side by side: music21 in the child, torch and the model here."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from inpaint_desktop import paths
from inpaint_desktop.errors import InpaintDesktopError, WeightsError
from inpaint_desktop.isolation import ChildProcess

if TYPE_CHECKING:
    from inpaint_desktop.engine.inpaintnet import InpaintNetEngine

READERS = {".abc": "inpaint_desktop.documents.abc.reading"}
OTHER_READER = "inpaint_desktop.documents.musicxml.reading"


def weights_path(model: str) -> Path:
    """Find the weight file of a model, given by its name or as a path.

    Raises:
        WeightsError: there is none.
    """
    folder = paths.resources_folder() / "models"
    named = folder / f"{model}.safetensors"
    if named.is_file():
        return named
    if Path(model).suffix == ".safetensors":
        return Path(model)
    names = sorted(path.stem for path in folder.glob("*.safetensors"))
    known = f"choose one of {', '.join(names)}" if names else "install the program again"
    message = f"There is no model called '{model}'; {known}."
    raise WeightsError(message)


def open_engine(model: str, device: str) -> "InpaintNetEngine":
    """Load a model; slow, as torch comes with it."""
    weights = weights_path(model)
    from inpaint_desktop.engine.inpaintnet import InpaintNetEngine  # torch comes with it, so only now

    return InpaintNetEngine.open(weights, device)


@contextmanager
def reader_for(path: Path) -> Iterator[ChildProcess]:
    """Start the child in which ``path`` will be read, without waiting for it."""
    with ChildProcess() as child:
        child.warm_up(READERS.get(path.suffix.lower(), OTHER_READER))
        yield child


@contextmanager
def naming(file_name: str) -> Iterator[None]:
    """Put the file's name into the sentence of an error that does not have it, such as one about a measure."""
    try:
        yield
    except InpaintDesktopError as error:
        if file_name in str(error):
            raise
        error.args = (f"{file_name}: {error}",)
        raise


@contextmanager
def engine_meanwhile(model: str, device: str) -> Iterator[Callable[[], "InpaintNetEngine"]]:
    """Load the model on another thread; the function waits for it."""
    weights_path(model)
    with ThreadPoolExecutor(1) as executor:
        future = executor.submit(open_engine, model, device)
        yield future.result
