"""Loads the slow things side by side: music21 in the child, torch and the model here."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

from inpaint_desktop.engine.opening import OpenedEngine, open_engine, weights_path
from inpaint_desktop.errors import InpaintDesktopError
from inpaint_desktop.isolation import ChildProcess

READERS = {".abc": "inpaint_desktop.documents.abc.reading"}


@contextmanager
def reader_for(path: Path) -> Iterator[ChildProcess]:
    """Start the child in which ``path`` will be read, without waiting for it."""
    with ChildProcess() as child:
        if (reader := READERS.get(path.suffix.lower())) is not None:
            child.warm_up(reader)
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
def engine_meanwhile(model: str, device: str) -> Iterator[Callable[[], OpenedEngine]]:
    """Load the model on another thread; the function waits for it."""
    weights_path(model)
    with ThreadPoolExecutor(1) as executor:
        future = executor.submit(open_engine, model, device)
        yield future.result
