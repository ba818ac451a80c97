"""Variants of InpaintNet, each with a single change, beside the one that they are variants of."""

import json
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor

from inpaint_desktop.models import checkpoint
from inpaint_desktop.models.config import PADDED, PAPER
from inpaint_desktop.models.inpaint_net import InpaintNet
from training import ablations
from training.ablations import BASE, FROM_SCRATCH, SCRATCH_BASE, VARIANTS, AblationReport, Bench, rows_of
from training.adopting import adopted
from training.machine import PLAIN
from training.scores import Scores
from training.trials import Corpora, ground_of


@pytest.fixture(scope="module")
def start() -> InpaintNet:
    """The shipped network, at a smaller size."""
    torch.manual_seed(1)
    vae = replace(PADDED.vae, embedding_size=8, hidden_size=16, head_size=16, latent_size=8)
    return InpaintNet(replace(PADDED, vae=vae, latent_rnn=replace(PADDED.latent_rnn, hidden_size=12))).eval()


@pytest.fixture
def bench(corpora: Corpora, start: InpaintNet, tmp_path: Path) -> Bench:
    return Bench(corpora, start, tmp_path, PLAIN, {})


def flat(values: dict[str, Any], before: str = "") -> dict[str, Any]:
    """A tree of values as one level."""
    found: dict[str, Any] = {}
    for name, value in values.items():
        found |= flat(value, f"{before}{name}.") if isinstance(value, dict) else {f"{before}{name}": value}
    return found


def changed(name: str, bench: Bench) -> set[str]:
    """Which fields of the network and the plan differ from those of the base."""
    jobs = [bench.job(one) for one in (name, bench.base)]
    one, base = (flat({"config": asdict(job.config), "plan": asdict(job.plan)}) for job in jobs)
    return {field for field in base if one[field] != base[field]} - {"config.name"}


CHANGES = {
    "no-attention": {"config.latent_rnn.attention_heads"},
    "no-summary": {"config.latent_rnn.context_at_every_step"},
    "scalar": {"config.latent_rnn.positions"},
    "frozen-decoder": {"config.tuned_decoder"},
    "own-tokens": {"plan.latent_loss.blind_share", "plan.latent_loss.own_share"},
    "true-tokens": {"plan.latent_loss.own_share"},
    "no-blind": {"plan.latent_loss.blind_share"},
    "no-hidden": {"plan.latent_loss.word_dropout"},
    "latent-targets": {"plan.latent_loss.latent_weight"},
    "means": {"config.latent_rnn.sampled_context"},
    "as-played": {"plan.draws.notated_share"},
    "paper-gaps": {"plan.draws.gaps"},
    "paper-rate": {f"plan.latent.{part}" for part in ("learning_rate", "warmup", "final_share", "gradient_norm")},
    "unmoved": {"plan.draws.moved_share"},
    "long-windows": {"plan.draws.short_share"},
    "unpadded": {"plan.draws.published_share"},
    "published": {"plan.draws.published_share"},
    "dropout": {"config.latent_rnn.dropout"},
    "rectified": {"config.vae.relu_logits"},
    "vae-dropout": {"config.vae.dropout"},
    "real-measures": {"plan.draws.crossover", "plan.draws.shifted"},
    "common-measures": {"plan.draws.power"},
    "vae-own-tokens": {"plan.vae_loss.teacher_forcing", "plan.vae_loss.word_dropout"},
    "beta-0.0001": {"plan.vae_loss.beta"},
    "beta-0.01": {"plan.vae_loss.beta"},
}


CHANGES_FROM_SCRATCH = {
    "written-key": {"config.key", "plan.draws.transposed"},
    "large-latent-rnn": {"config.latent_rnn.hidden_size"},
    "large-vae": {f"config.vae.{part}_size" for part in ("embedding", "hidden", "head", "latent")},
}


@pytest.fixture
def empty_bench(bench: Bench) -> Bench:
    """Where variants start from no weights."""
    return replace(bench, start=None)


def test_every_variant_is_known_here() -> None:
    assert set(CHANGES) == set(VARIANTS) - {BASE}
    assert set(CHANGES_FROM_SCRATCH) == set(FROM_SCRATCH) - {SCRATCH_BASE}


@pytest.mark.parametrize("name", CHANGES)
def test_a_variant_differs_in_one_thing(name: str, bench: Bench) -> None:
    assert changed(name, bench) == CHANGES[name]


@pytest.mark.parametrize("name", CHANGES_FROM_SCRATCH)
def test_a_variant_from_scratch_differs_in_one_thing(name: str, empty_bench: Bench) -> None:
    assert changed(name, empty_bench) == CHANGES_FROM_SCRATCH[name]


def test_large_variants_have_the_papers_sizes(empty_bench: Bench) -> None:
    large = empty_bench.job("large-vae").config.vae
    sizes = ("embedding_size", "hidden_size", "head_size", "latent_size")
    assert [getattr(large, size) for size in sizes] == [getattr(PAPER.vae, size) for size in sizes]
    assert empty_bench.job("large-latent-rnn").config.latent_rnn.hidden_size == PAPER.latent_rnn.hidden_size


def latents(model: InpaintNet) -> Tensor:
    """What a LatentRNN makes of a fixed context."""
    generator = torch.Generator().manual_seed(2)
    past, future = (torch.randn(3, length, 8, generator=generator) for length in (2, 3))
    with torch.inference_mode():
        found: Tensor = model.latent_rnn.eval()(past, future, 3)
    return found


@pytest.mark.parametrize("name", VARIANTS)
def test_every_variant_starts_from_the_given_weights(name: str, bench: Bench, start: InpaintNet) -> None:
    model = adopted(bench.job(name).config, start)
    found, expected = model.state_dict(), start.state_dict()
    alike = [weight for weight in found if weight in expected and found[weight].shape == expected[weight].shape]
    assert len(alike) >= len(found) - 4
    assert all(torch.equal(found[weight], expected[weight]) for weight in alike)


SILENT = {
    "no-attention": ["latent_rnn.attention.to_value.weight", "latent_rnn.attention.to_value.bias"],
    "no-summary": ["latent_rnn.context.weight", "latent_rnn.context.bias"],
    "scalar": ["latent_rnn.from_start.weight", "latent_rnn.to_end.weight"],
}


@pytest.mark.parametrize("name", SILENT)
def test_what_a_variant_lacks_is_as_if_it_were_silent(name: str, bench: Bench, start: InpaintNet) -> None:
    variant, whole = adopted(bench.job(name).config, start), adopted(start.config, start)
    silenced = [*SILENT[name]] + ["latent_rnn.from_attention.bias"] * (name == "no-attention")
    whole.load_state_dict(
        {key: torch.zeros_like(weight) for key, weight in whole.state_dict().items() if key in silenced}, strict=False
    )
    if name == "scalar":
        with torch.no_grad():
            variant.latent_rnn.step_input.zero_()
    torch.testing.assert_close(latents(variant), latents(whole))
    assert not torch.allclose(latents(variant), latents(start))


def scores(bench: Bench, nats: float) -> dict[str, Scores]:
    """As if every gap cost so many nats."""
    found = {}
    for protocol in ablations.PROTOCOLS:
        ground = ground_of(protocol, bench.corpora, "valid", PADDED.key)
        gaps = len(ground.gaps(ablations.MISSING, 4))
        ones = np.ones(gaps)
        found[protocol] = Scores(nats * ones, 96 * ones, 48 * ones, 24 * ones, 12 * ones)
    return found


def test_variants_stand_beside_the_base_on_the_same_gaps(bench: Bench) -> None:
    rows = list(rows_of({BASE: scores(bench, 48.0), "means": scores(bench, 24.0)}, bench, 4))
    assert [(row.variant, row.protocol) for row in rows] == [
        (BASE, "C"), ("means", "C"), (BASE, "B"), ("means", "B"),
    ]  # fmt: skip
    assert rows[0].beside_base is None
    assert rows[1].beside_base is not None
    assert rows[1].beside_base.nats == pytest.approx(-0.25)
    page = AblationReport(tuple(rows), VARIANTS, "for 20 minutes from the shipped weights").as_markdown()
    assert "### Ablations of InpaintNet, valid split" in page
    assert "all learned for 20 minutes from the shipped weights" in page
    assert "| means | the context's latents are means, not sampled | 0.250 | -0.250 (-0.250 to -0.250) |" in page


@pytest.fixture
def prepared(corpora: Corpora, start: InpaintNet, tmp_path: Path) -> Path:
    """A corpus on disk, and an exported model."""
    folder = tmp_path / "corpus"
    folder.mkdir()
    corpora.played.save(folder / "played.npz")
    corpora.notated.save(folder / "notated.npz")
    checkpoint.save(start, {}, tmp_path / "start.safetensors")
    return tmp_path


def words(folder: Path, *variants: str) -> list[str]:
    return [
        *("--variants", *variants, "--start", str(folder / "start.safetensors"), "--corpus", str(folder / "corpus")),
        *("--runs", str(folder / "runs"), "--steps", "1", "--batch", "4", "--gaps", "4", "--device", "cpu"),
        *("--out", str(folder / "page.md"), "--json", str(folder / "rows.json"), "--threads", "1"),
    ]


def test_the_command_trains_and_compares(prepared: Path) -> None:
    assert ablations.main(words(prepared, BASE, "latent-targets", "beta-0.01")) == 0
    rows = json.loads((prepared / "rows.json").read_text(encoding="utf-8"))["rows"]
    assert {row["variant"] for row in rows} == {BASE, "latent-targets", "beta-0.01"}
    assert "### Ablations of InpaintNet, valid split" in (prepared / "page.md").read_text(encoding="utf-8")
    assert (prepared / "runs" / "ablation-beta-0.01" / "vae" / "best.pt").exists()
    assert not (prepared / "runs" / "ablation-latent-targets" / "vae").exists()


def test_the_page_says_how_long_was_learned(prepared: Path) -> None:
    assert ablations.main([*words(prepared, BASE), "--minutes", "7"]) == 0
    assert "; all learned for 7 minutes from the shipped weights." in (prepared / "page.md").read_text("utf-8")


def test_without_the_base_there_is_nothing_to_compare_with(prepared: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert ablations.main(words(prepared, "means")) == 2
    assert "compared with 'ours-padded'" in capsys.readouterr().err


def test_variants_that_start_otherwise_are_not_compared(prepared: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert ablations.main(words(prepared, BASE, "written-key")) == 2
    assert "no variant 'written-key' that starts so; choose among ours-padded, no-att" in capsys.readouterr().err


@pytest.fixture
def small_sizes(monkeypatch: pytest.MonkeyPatch, start: InpaintNet) -> None:
    """Variants that start from no weights have a small network, too."""
    monkeypatch.setattr(ablations, "PADDED", start.config)


@pytest.mark.usefixtures("small_sizes")
def test_variants_from_scratch_share_what_they_have_in_common(prepared: Path) -> None:
    asked = [*words(prepared, SCRATCH_BASE, "written-key", "large-latent-rnn"), "--from-scratch"]
    assert ablations.main(asked) == 0
    page = (prepared / "page.md").read_text("utf-8")
    assert "### Ablations from scratch of InpaintNet, valid split" in page
    assert "; all learned 1 steps of 4 measures, then 1 steps of 4 windows, from the beginning." in page
    assert "| large-latent-rnn | a LatentRNN of the paper's size |" in page
    folders = prepared / "runs"
    assert (folders / "ablation-written-key" / "vae" / "best.pt").exists()
    assert not (folders / "ablation-large-latent-rnn" / "vae").exists()
