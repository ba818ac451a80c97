"""The models that can fill measures, as a person chooses among them: what each is called, and what it is."""

from pathlib import Path

from inpaint_desktop.engine.opening import architecture_of, model_names, weights_path
from inpaint_desktop.errors import WeightsError
from inpaint_desktop.ui.words import tr
from inpaint_desktop.versions import read_card

TITLES = {"inpaintnet": "InpaintNet", "transformer": "Transformer", "arnn": "AnticipationRNN"}
_SENTENCES = {
    "inpaintnet": "The network that the program is named after: it thinks of each missing measure as a whole, and then "
    "writes it out.",
    "transformer": "Writes note after note, with all that stands before and after the gap in view.",
    "arnn": "An older way, to compare with: writes note after note, and remembers what stands around the gap.",
}


def titles_of_models(chosen: str) -> dict[str, str]:
    """What the installed models are called, and the ``chosen`` one even if it is not there, by their names."""
    return {name: title_of(name) for name in dict.fromkeys((*model_names(), chosen))}


def title_of(model: str) -> str:
    """What a model is called; where several are of one kind, its name tells them apart."""
    weights = _weights(model)
    kind = architecture_of(weights) if weights else ""
    title = TITLES.get(kind, model)
    return title if kind in (model, "") or title == model else f"{title} ({model})"


def about_model(model: str) -> str:
    """What a model is, and which meters it has learned."""
    weights = _weights(model)
    if weights is None:
        return tr("This model is not installed; choose another, or install the program again.")
    card = read_card(weights)
    sentence = _SENTENCES.get(architecture_of(weights))
    about = tr(sentence) if sentence else str(card.get("description", ""))
    meters = card.get("meters", ())
    learned = ", ".join(map(str, meters)) if isinstance(meters, list) else ""
    return tr("{about} It has learned {meters}.", about=about, meters=learned) if learned else about


def _weights(model: str) -> Path | None:
    """The file of a model, if it is there."""
    try:
        weights = weights_path(model)
    except WeightsError:
        return None
    return weights if weights.is_file() else None
