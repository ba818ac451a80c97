"""Variants of InpaintNet, each with a single change, beside the one that they are variants of."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from inpaint_desktop.models.config import SMALL
from inpaint_desktop.models.inpaint_net import InpaintNet
from inpaint_desktop.models.measure_vae import MeasureVae
from training import ablations
from training.ablations import BASE, VARIANTS, AblationReport, Bench, rows_of
from training.machine import PLAIN
from training.scores import Scores
from training.trials import Corpora, ground_of


@pytest.fixture
def bench(corpora: Corpora, tmp_path: Path) -> Bench:
    return Bench(corpora, tmp_path, PLAIN, lambda recipe: recipe)


def flat(values: dict[str, Any], before: str = "") -> dict[str, Any]:
    """A tree of values as one level."""
    found: dict[str, Any] = {}
    for name, value in values.items():
        found |= flat(value, f"{before}{name}.") if isinstance(value, dict) else {f"{before}{name}": value}
    return found


def changed(name: str, bench: Bench) -> set[str]:
    """Which fields of the network and the plan differ from those of the base."""
    jobs = [bench.job(one) for one in (name, BASE)]
    one, base = (flat({"config": asdict(job.config), "plan": asdict(job.plan)}) for job in jobs)
    return {field for field in base if one[field] != base[field]} - {"config.name"}


CHANGES = {
    "latent-targets": {"plan.latent_loss.latent_weight"},
    "teacher-forced": {"plan.latent_loss.own_share"},
    "context": {"config.latent_rnn.context_at_every_step"},
    "positions": {"config.latent_rnn.positions"},
    "attention": {"config.latent_rnn.attention_heads"},
    "tuned-decoder": {"config.tuned_decoder"},
    "means": {"config.latent_rnn.sampled_context"},
    "as-played": {"plan.draws.notated_share"},
    "unmoved": {"plan.draws.moved_share"},
    "unpadded": {"plan.draws.published_share"},
    "beta-0.0001": {"plan.vae_loss.beta"},
    "beta-0.01": {"plan.vae_loss.beta"},
}


def test_every_variant_is_known_here() -> None:
    assert set(CHANGES) == set(VARIANTS) - {BASE}


@pytest.mark.parametrize("name", CHANGES)
def test_a_variant_differs_in_one_thing(name: str, bench: Bench) -> None:
    assert changed(name, bench) == CHANGES[name]


@pytest.mark.parametrize("name", VARIANTS)
def test_every_variant_can_be_built(name: str, bench: Bench) -> None:
    assert sum(weight.numel() for weight in InpaintNet(bench.job(name).config).parameters()) > 1e6


def scores(bench: Bench, nats: float) -> dict[str, Scores]:
    """As if every gap cost so many nats."""
    found = {}
    for protocol in ablations.PROTOCOLS:
        ground = ground_of(protocol, bench.corpora, "valid", SMALL.key)
        gaps = len(ground.gaps(ablations.MISSING, 4))
        ones = np.ones(gaps)
        found[protocol] = Scores(nats * ones, 96 * ones, 48 * ones, 24 * ones, 12 * ones)
    return found


def test_variants_stand_beside_the_base_on_the_same_gaps(bench: Bench) -> None:
    rows = list(rows_of({BASE: scores(bench, 48.0), "context": scores(bench, 24.0)}, bench, 4))
    assert [(row.variant, row.protocol) for row in rows] == [
        (BASE, "C"), ("context", "C"), (BASE, "B"), ("context", "B"),
    ]  # fmt: skip
    assert rows[0].beside_base is None
    assert rows[1].beside_base is not None
    assert rows[1].beside_base.nats == pytest.approx(-0.25)
    page = AblationReport(tuple(rows), 20.0).as_markdown()
    assert "trained for 20 minutes of one core" in page
    assert "| context | the context's summary at every step | 0.250 | -0.250 (-0.250 to -0.250) |" in page


@pytest.fixture
def prepared(corpora: Corpora, tmp_path: Path) -> Path:
    """A corpus on disk, and an untrained MeasureVAE."""
    folder = tmp_path / "corpus"
    folder.mkdir()
    corpora.played.save(folder / "played.npz")
    corpora.notated.save(folder / "notated.npz")
    torch.manual_seed(1)
    torch.save({"model": MeasureVae(SMALL.vae).state_dict()}, tmp_path / "vae.pt")
    return tmp_path


def words(folder: Path, *variants: str) -> list[str]:
    return [
        *("--variants", *variants, "--vae", str(folder / "vae.pt"), "--corpus", str(folder / "corpus")),
        *("--runs", str(folder / "runs"), "--steps", "1", "--batch", "4", "--gaps", "4", "--device", "cpu"),
        *("--out", str(folder / "page.md"), "--json", str(folder / "rows.json"), "--threads", "1"),
    ]


def test_the_command_trains_and_compares(prepared: Path) -> None:
    assert ablations.main(words(prepared, BASE, "latent-targets", "beta-0.01")) == 0
    rows = json.loads((prepared / "rows.json").read_text(encoding="utf-8"))["rows"]
    assert {row["variant"] for row in rows} == {BASE, "latent-targets", "beta-0.01"}
    assert "### Ablations of the LatentRNN, valid split" in (prepared / "page.md").read_text(encoding="utf-8")
    assert (prepared / "runs" / "ablation-beta-0.01" / "vae" / "best.pt").exists()
    assert not (prepared / "runs" / "ablation-latent-targets" / "vae").exists()


def test_without_the_base_there_is_nothing_to_compare_with(prepared: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert ablations.main(words(prepared, "context")) == 2
    assert "compared with 'small'" in capsys.readouterr().err
