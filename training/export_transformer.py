"""Export a trained transformer for the program: ``python -m training.export_transformer RUN``.

Writes the weights as safetensors and, beside them, the card, as ``training.export`` does.
"""

import argparse
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from inpaint_desktop.models.checkpoint import save
from inpaint_desktop.models.gap_transformer import GapTransformer, TransformerConfig
from training.export import LICENCE, NOTICE, about_corpus, read_json
from training.meters import load_meters
from training.train import weights_in
from training.train_transformer import SHAPE
from training.trials import Corpora

NAME = "transformer"
DESCRIPTION = (
    "A transformer over half beats, which fills missing measures of a monophonic melody in any of its meters, token by "
    "token, from the measures before and after them."
)


def card_of(corpora: dict[str, Corpora], training: dict[str, Any], metrics: dict[str, Any]) -> dict[str, Any]:
    """What the card says beside configuration, vocabulary and hash."""
    return {
        "name": NAME,
        "architecture": "transformer",
        "description": DESCRIPTION,
        "created": datetime.now(tz=UTC).date().isoformat(),
        "meters": list(corpora),
        "corpus": {
            meter: {"notated": about_corpus(pair.notated), "played": about_corpus(pair.played)}
            for meter, pair in corpora.items()
        },
        "training": training,
        "metrics": metrics,
        "licence": LICENCE,
        "notice": NOTICE,
    }


def export(weights: Path, card: dict[str, Any], out: Path, config: TransformerConfig) -> str:
    """Write the weights of a finished run as a model of the program; return their SHA-256.

    Raises:
        WeightsError: there are no weights, or they are of another network.
    """
    model = GapTransformer(config)
    model.load_state_dict(weights_in(weights))
    out.parent.mkdir(parents=True, exist_ok=True)
    return save(model, card, out)


def main(words: Sequence[str] | None = None) -> None:
    """Export one run."""
    parser = argparse.ArgumentParser("training.export_transformer", description="Export a trained transformer.")
    parser.add_argument("run", type=Path, help="folder of the run; its best.pt is exported")
    parser.add_argument("--corpus", type=Path, default=Path("runs/all"), help="what training.prepare_all wrote")
    parser.add_argument("--training", type=Path, help="JSON that says how the model was trained")
    parser.add_argument("--metrics", type=Path, help="JSON with the figures of training.evaluate_transformer")
    parser.add_argument("--out", type=Path, default=Path(f"resources/models/{NAME}.safetensors"))
    for name in SHAPE:
        parser.add_argument(f"--{name}", type=int, default=getattr(TransformerConfig(), name))
    options = parser.parse_args(words)
    shape = {name: getattr(options, name) for name in SHAPE}
    card = card_of(load_meters(options.corpus), read_json(options.training), read_json(options.metrics))
    export(options.run / "best.pt", card, options.out, TransformerConfig(**shape))


if __name__ == "__main__":
    main()
