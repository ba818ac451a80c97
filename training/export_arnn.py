"""Export a trained AnticipationRNN for the program: ``python -m training.export_arnn runs/reg-arnn --config reg-arnn``.

Writes the weights as safetensors and, beside them, the card, as ``training.export`` does.
"""

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from inpaint_desktop.models.anticipation_rnn import ARNN_CONFIGS, AnticipationRnn, ArnnConfig
from inpaint_desktop.models.checkpoint import save
from training.corpus import Corpus
from training.export import BITS, card_of, read_json
from training.train import load_corpora, weights_in

DESCRIPTION = (
    "AnticipationRNN (Hadjeres and Nielsen, 2018), the baseline of InpaintNet's paper (Pati, Lerch, Hadjeres, ISMIR "
    "2019), which fills missing measures of a monophonic melody in common time, tick by tick. It learned with "
)
LEARNED = {"gap": "gaps of whole measures.", "scattered": "known ticks scattered at random."}


def arnn_card(
    config: ArnnConfig, corpora: dict[str, Corpus], training: dict[str, Any], metrics: dict[str, Any]
) -> dict[str, Any]:
    """What the card says beside configuration, vocabulary and hash."""
    about = {"name": config.name, "architecture": "arnn", "description": DESCRIPTION + LEARNED[config.mask]}
    return {**card_of(corpora, training, metrics), **about, "meters": list(config.meters)}


def export(weights: Path, card: dict[str, Any], out: Path, config: ArnnConfig) -> str:
    """Write the weights of a finished run as a model of the program; return their SHA-256.

    Raises:
        WeightsError: there are no weights.
    """
    model = AnticipationRnn(config)
    model.load_state_dict(weights_in(weights))
    out.parent.mkdir(parents=True, exist_ok=True)
    return save(model, card, out, BITS)


def main(words: Sequence[str] | None = None) -> None:
    """Export one run."""
    parser = argparse.ArgumentParser("training.export_arnn", description="Export a trained AnticipationRNN.")
    parser.add_argument("run", type=Path, help="folder of the run; its best.pt is exported")
    parser.add_argument("--config", choices=sorted(ARNN_CONFIGS), default="reg-arnn", help="of what model the run is")
    parser.add_argument("--corpus", type=Path, default=Path("runs/corpus"), help="what training.prepare wrote")
    parser.add_argument("--training", type=Path, help="JSON that says how the model was trained")
    parser.add_argument("--metrics", type=Path, help="JSON with the figures of training.evaluate")
    parser.add_argument("--out", type=Path, help="the weight file (resources/models/MODEL.safetensors)")
    options = parser.parse_args(words)
    corpora, config = load_corpora(options.corpus), ARNN_CONFIGS[options.config]
    forms = {"notated": corpora.notated, "played": corpora.played}
    card = arnn_card(config, forms, read_json(options.training), read_json(options.metrics))
    out = options.out or Path("resources/models") / f"{config.name}.safetensors"
    export(options.run / "best.pt", card, out, config)


if __name__ == "__main__":
    main()
