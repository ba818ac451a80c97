"""The corpora of all meters, each in a folder of its own."""

from pathlib import Path

from inpaint_desktop.errors import SettingsError
from inpaint_desktop.models.gap_transformer import TransformerConfig
from inpaint_desktop.score.meter import Meter
from training.train import load_corpora
from training.trials import Corpora

METERS = TransformerConfig().meters


def meter_of(name: str) -> Meter:
    """The meter that ``name`` writes, such as ``6/8``."""
    beats, beat_type = name.split("/")
    return Meter(int(beats), int(beat_type))


def folder_name(meter: str) -> str:
    """The name of the folder of a meter's corpus."""
    return meter.replace("/", "-")


def load_meters(folder: Path) -> dict[str, Corpora]:
    """Read what this command wrote, by meter.

    Raises:
        SettingsError: there is no corpus in the folder.
    """
    folders = {meter: folder / folder_name(meter) for meter in METERS}
    found = {meter: load_corpora(place) for meter, place in folders.items() if place.is_dir()}
    if not found:
        message = f"There is no corpus of meters in {folder}; make one with python -m training.prepare_all."
        raise SettingsError(message)
    return found
