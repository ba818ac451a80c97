"""Ask for takes in thousands of ways: ``python -m tests.conformance.constraints``.

Every request is made up at random, over all meters: every take must meet every constraint, every measure must be full,
and nothing may be raised but a sentence that says why a request cannot be met. Engines are tiny and untrained, so that
what holds does not hold because a model behaves; with ``--model`` a real one is asked.
"""

import argparse
import re
import sys
import tempfile
import time
from collections import Counter
from dataclasses import replace
from pathlib import Path

import torch

from inpaint_desktop.engine.inpaintnet import InpaintNetEngine
from inpaint_desktop.engine.opening import open_engine
from inpaint_desktop.engine.proposing import DrawingEngine
from inpaint_desktop.engine.transformer import TransformerEngine
from inpaint_desktop.models.checkpoint import save
from inpaint_desktop.models.config import OURS
from inpaint_desktop.models.gap_transformer import GapTransformer, TransformerConfig
from inpaint_desktop.models.inpaint_net import InpaintNet
from tests.conformance.asking import METERS, Outcome, outcome_of
from tests.conformance.reporting import kind_of

SHOWN = 30
_NOTE = re.compile(r"\b[A-G][#b]*N\b")


def tiny_engines(folder: Path) -> list[DrawingEngine]:
    """Both networks, tiny and untrained, with lively weights."""
    vae = replace(OURS.vae, embedding_size=4, hidden_size=8, head_size=8, latent_size=4)
    latent_rnn = replace(OURS.latent_rnn, hidden_size=8, attention_heads=1)
    config = TransformerConfig("tiny", width=8, heads=2, readers=1, writers=2, embedding_size=4)
    net = InpaintNet(replace(OURS, name="tiny", vae=vae, latent_rnn=latent_rnn))
    transformer = GapTransformer(config)
    for parameter in transformer.parameters():
        torch.nn.init.normal_(parameter, std=0.3)
    save(net, {"meters": ["4/4", "2/2"]}, folder / "net.safetensors")
    save(
        transformer, {"architecture": "transformer", "meters": list(config.meters)}, folder / "transformer.safetensors"
    )
    return [
        TransformerEngine.open(folder / "transformer.safetensors", "cpu"),
        InpaintNetEngine.open(folder / "net.safetensors", "cpu"),
    ]


def check(engine: DrawingEngine, seeds: range) -> list[Outcome]:
    """Ask once for each seed."""
    meters = tuple(meter for meter in METERS if str(meter) in engine.meters)
    return [outcome_of(engine, seed, meters) for seed in seeds]


def told(outcomes: list[Outcome], seeds: range) -> str:
    """What came of requests, for reading on a terminal."""
    answered = [one for one in outcomes if not one.refused]
    full = sum(one.takes == 8 for one in answered)
    short = sum(one.is_short for one in answered)
    lines = [
        f"{len(outcomes):,} requests: {len(answered):,} answered with {sum(one.takes for one in answered):,} takes,"
        f" {len(outcomes) - len(answered):,} refused;"
        f" all takes that were asked for in {full:,}, fewer than there were to be found in {short:,};"
        f" {sum(bool(one.faults) for one in outcomes):,} with faults"
    ]
    faults = [(seed, one) for seed, one in zip(seeds, outcomes, strict=True) if one.faults]
    lines += [f"  seed {seed}: {', '.join(one.faults)}" for seed, one in faults[:20]]
    refusals = Counter(_NOTE.sub("NOTE", kind_of(one.refused)) for one in outcomes if one.refused)
    lines += [f"{count:7,}  {kind}" for kind, count in refusals.most_common(SHOWN)]
    return "\n".join(lines)


def main() -> int:
    """Ask, and say what came of it; 1 where anything went wrong."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--requests", type=int, default=10_000, help="how many requests in all (default: 10,000)")
    parser.add_argument("--first", type=int, default=0, help="the first seed")
    parser.add_argument("--model", help="a model's name or weight file, instead of the tiny ones")
    options = parser.parse_args()
    torch.manual_seed(1)
    failed = False
    with tempfile.TemporaryDirectory() as folder:
        engines = [open_engine(options.model, "cpu")] if options.model else tiny_engines(Path(folder))
        for engine in engines:
            started = time.perf_counter()
            seeds = range(options.first, options.first + options.requests // len(engines))
            outcomes = check(engine, seeds)
            failed |= any(one.faults for one in outcomes)
            sys.stdout.write(
                f"{type(engine).__name__}, {time.perf_counter() - started:.0f} s\n{told(outcomes, seeds)}\n\n"
            )
            sys.stdout.flush()
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
