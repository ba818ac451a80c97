"""Export trained weights for the program: ``python -m training.export RUN``.

Writes the weights as safetensors and, beside them, the card: what the model is, what it learned from and how, how
good it is, and under which licence it may be used.
"""

import argparse
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import torch

from inpaint_desktop.models.checkpoint import save
from inpaint_desktop.models.config import CONFIGS
from inpaint_desktop.models.inpaint_net import InpaintNet
from inpaint_desktop.models.storage import Bits
from training.corpus import SPLITS, Corpus

METERS = ["4/4", "2/2"]
BITS: Bits = 8
LICENCE = "ODbL-1.0"
DUMP = (
    "Contains information from The Session (thesession.org), database dump of 13 December 2021, which is made "
    "available here under the Open Database License (ODbL) 1.0."
)
OTHERS = (
    "The corpus also holds transcriptions of Ceol Rince na hÉireann (CC BY 4.0), the cleaned Nottingham database "
    "(GPL 3) and public-domain books (O'Neill's Music of Ireland, Ryan's Mammoth Collection, Aird's Airs) as "
    "distributed with music21."
)
NOTICE = (
    f"{DUMP} The owner of that site objects to the use of its newer data for training models; none of it was used. "
    f"{OTHERS} The model can be trained without any of these sources: see --sources of training.prepare."
)
DESCRIPTION = (
    "InpaintNet (Pati, Lerch, Hadjeres, ISMIR 2019): a MeasureVAE and a LatentRNN over it, which fill missing measures "
    "of a monophonic melody in common time from the measures before and after them."
)


def card_of(corpora: dict[str, Corpus], training: dict[str, Any], metrics: dict[str, Any]) -> dict[str, Any]:
    """What the card says beside configuration, vocabulary and hash."""
    return {
        "name": "inpaintnet",
        "description": DESCRIPTION,
        "created": datetime.now(tz=UTC).date().isoformat(),
        "meters": METERS,
        "corpus": {name: about_corpus(corpus) for name, corpus in corpora.items()},
        "training": training,
        "metrics": metrics,
        "licence": LICENCE,
        "notice": NOTICE,
    }


def about_corpus(corpus: Corpus) -> dict[str, Any]:
    """What a card says of a corpus."""
    counts = {split: len(corpus.tunes(split)) for split in SPLITS}
    return {"sha256": corpus.digest(), "tunes": counts, "measures": len(corpus.ticks)}


def export(weights: Path, config: str, card: dict[str, Any], out: Path) -> str:
    """Write the weights of a finished run as a model of the program; return their SHA-256."""
    model = InpaintNet(CONFIGS[config])
    model.load_state_dict(torch.load(weights, weights_only=True, map_location="cpu")["model"])
    out.parent.mkdir(parents=True, exist_ok=True)
    return save(model, card, out, BITS)


def read_json(path: Path | None) -> dict[str, Any]:
    """What a file says; nothing where none is named."""
    values: dict[str, Any] = json.loads(path.read_text(encoding="utf-8")) if path else {}
    return values


def main() -> None:
    """Export one run."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("run", type=Path, help="folder of the LatentRNN's run; its best.pt is exported")
    parser.add_argument("--config", default="ours", choices=sorted(CONFIGS))
    parser.add_argument("--corpus", type=Path, default=Path("runs/corpus"))
    parser.add_argument("--training", type=Path, help="JSON that says how the model was trained")
    parser.add_argument("--metrics", type=Path, help="JSON with the figures of training.evaluate")
    parser.add_argument("--name", default="inpaintnet", help="what the model is called in its card")
    parser.add_argument("--out", type=Path, default=Path("resources/models/inpaintnet.safetensors"))
    options = parser.parse_args()
    corpora = {name: Corpus.load(options.corpus / f"{name}.npz") for name in ("notated", "played")}
    card = {**card_of(corpora, read_json(options.training), read_json(options.metrics)), "name": options.name}
    export(options.run / "best.pt", options.config, card, options.out)


if __name__ == "__main__":
    main()
