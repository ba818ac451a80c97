"""Export trained weights for the program: ``python -m training.export RUN``.

Writes the weights as safetensors and, beside them, the card: what the model is, what it learned from and how, how
good it is, and under which licence it may be used.
"""

import argparse
import json
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import torch

from inpaint_desktop.models.checkpoint import Shared, save
from inpaint_desktop.models.config import CONFIGS
from inpaint_desktop.models.inpaint_net import InpaintNet
from training.corpus import SPLITS, Corpus

METERS = ["4/4", "2/2"]
BITS = 8
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


@dataclass(frozen=True, slots=True)
class Packing:
    """How much room weights take.

    A weight of MeasureVAE takes ``vae_bits``, any other ``bits``. MeasureVAE is not written where the model has it in
    common with an exported one, ``vae_of``.
    """

    bits: int = BITS
    vae_bits: int = BITS
    vae_of: Path | None = None


def export(weights: Path, config: str, card: dict[str, Any], out: Path, packing: Packing = Packing()) -> str:
    """Write the weights of a finished run as a model of the program; return their SHA-256.

    Raises:
        WeightsError: MeasureVAE is another than the one it is said to be.
    """
    model = InpaintNet(CONFIGS[config])
    model.load_state_dict(torch.load(weights, weights_only=True, map_location="cpu")["model"])
    _empty_unseen(model)
    out.parent.mkdir(parents=True, exist_ok=True)
    bits_of = {"vae": packing.vae_bits} if packing.vae_bits != packing.bits else None
    shared = Shared("vae", packing.vae_of) if packing.vae_of else None
    return save(model, card, out, packing.bits, bits_of, shared)


def _empty_unseen(model: InpaintNet) -> None:
    """Let the context RNN of a side that is never looked at be zero, so that it takes no room when it is packed."""
    unseen = {"past": "future_gru", "future": "past_gru"}.get(model.config.latent_rnn.context)
    if unseen:
        with torch.no_grad():
            for weight in getattr(model.latent_rnn, unseen).parameters():
                weight.zero_()


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
    parser.add_argument("--bits", type=int, choices=range(2, 9), default=BITS, help="bits of a weight")
    parser.add_argument("--vae-bits", type=int, choices=range(2, 9), default=BITS, help="bits of one of MeasureVAE")
    parser.add_argument("--vae-of", type=Path, help="exported model that has the same MeasureVAE; it is not written")
    options = parser.parse_args()
    corpora = {name: Corpus.load(options.corpus / f"{name}.npz") for name in ("notated", "played")}
    card = {**card_of(corpora, read_json(options.training), read_json(options.metrics)), "name": options.name}
    packing = Packing(options.bits, options.vae_bits, options.vae_of)
    export(options.run / "best.pt", options.config, card, options.out, packing)


if __name__ == "__main__":
    main()
