"""What makes an InpaintNet good, one change at a time: ``python -m training.ablations --minutes 6``.

Every variant is the shipped InpaintNet with a single change, most of them back to the paper. It takes over the shipped
weights, as far as they fit, and then learns as long as the others, the unchanged model among them, on the same windows.
It stands beside the unchanged one on the validation split, on the same gaps in notated order and as played. Changes
that no trained weights fit, of the key and of sizes, are asked for with ``--from-scratch``: these variants, and their
unchanged model, learn from the beginning. Writes a section of ``docs/evaluation.md``; the same command goes on where it
stopped.
"""

import argparse
import copy
import math
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from tqdm import tqdm

from inpaint_desktop.errors import SettingsError
from inpaint_desktop.models import checkpoint
from inpaint_desktop.models.config import PADDED, PAPER, InpaintNetConfig
from inpaint_desktop.models.inpaint_net import InpaintNet
from inpaint_desktop.settings import DEVICES
from training.adopting import adopted
from training.machine import Machine, set_up
from training.pairing import Difference, adjusted, difference
from training.recipes import PLANS, SCRATCH, Plan
from training.report import lines, made_and_kept
from training.scores import Scores, with_interval
from training.scoring import Mode, score_model
from training.train import Job, load_corpora, over_vae, train_latent, train_vae, weights_in
from training.trials import Corpora, ground_of, trial_on

PROTOCOLS = ("C", "B")
MISSING = 4
COUNT = 1600
STARTS_FROM = Path("resources/models/inpaintnet.safetensors")
BASE = PADDED.name
RATE = 3e-4
WARMUP = 50
SCRATCH_BASE = "scratch"


@dataclass(frozen=True, slots=True)
class Variant:
    """A change of the network or of its training; ``says`` is the change in words."""

    says: str
    config: Callable[[InpaintNetConfig], InpaintNetConfig] = lambda config: config
    plan: Callable[[Plan], Plan] = lambda plan: plan
    has_own_vae: bool = False


def _network(**changes: Any) -> Callable[[InpaintNetConfig], InpaintNetConfig]:  # noqa: ANN401 - fields of any type
    return lambda config: replace(config, latent_rnn=replace(config.latent_rnn, **changes))


def _loss(**changes: Any) -> Callable[[Plan], Plan]:  # noqa: ANN401
    return lambda plan: replace(plan, latent_loss=replace(plan.latent_loss, **changes))


def _draws(**changes: Any) -> Callable[[Plan], Plan]:  # noqa: ANN401
    return lambda plan: replace(plan, draws=replace(plan.draws, **changes))


def _vae_loss(**changes: Any) -> Callable[[Plan], Plan]:  # noqa: ANN401
    return lambda plan: replace(plan, vae_loss=replace(plan.vae_loss, **changes))


def _at_papers_rate(plan: Plan) -> Plan:
    paper = PLANS[PAPER.name].latent
    changes = {name: getattr(paper, name) for name in ("learning_rate", "warmup", "final_share", "gradient_norm")}
    return replace(plan, latent=replace(plan.latent, **changes))


VARIANTS = {
    BASE: Variant("nothing"),
    "no-attention": Variant("no attention over the context's measures", _network(attention_heads=0)),
    "no-summary": Variant("the context's summary only at the start", _network(context_at_every_step=False)),
    "scalar": Variant("one learned scalar in place of the distances from both ends", _network(positions=False)),
    "frozen-decoder": Variant(
        "MeasureVAE's own decoder, which stays as it is", config=lambda config: replace(config, tuned_decoder=False)
    ),
    "own-tokens": Variant(
        "while it learns, the decoder reads its own likeliest tokens only", plan=_loss(blind_share=0.0, own_share=1.0)
    ),
    "true-tokens": Variant("while it learns, the decoder never reads its own tokens", plan=_loss(own_share=0.0)),
    "no-blind": Variant("while it learns, the decoder reads tokens in every measure", plan=_loss(blind_share=0.0)),
    "no-hidden": Variant("while it learns, no true token is hidden from the decoder", plan=_loss(word_dropout=0.0)),
    "latent-targets": Variant(
        "the true measures' latents are targets, beside the tokens", plan=_loss(latent_weight=0.02)
    ),
    "means": Variant("the context's latents are means, not sampled", _network(sampled_context=False)),
    "as-played": Variant("all windows have repeats as they are played", plan=_draws(notated_share=0.0)),
    "paper-gaps": Variant(
        "gaps are of 2 to 6 measures, as in the paper", plan=_draws(gaps=PLANS[PAPER.name].draws.gaps)
    ),
    "paper-rate": Variant("the paper's learning rate, 1e-4 throughout, and no clipped gradients", plan=_at_papers_rate),
    "unmoved": Variant("no windows are moved along the scale", plan=_draws(moved_share=0.0)),
    "long-windows": Variant("all windows are of 16 measures", plan=_draws(short_share=0.0)),
    "unpadded": Variant("no windows with padding", plan=_draws(published_share=0.0)),
    "published": Variant("all windows lie as in the published code, with padding", plan=_draws(published_share=1.0)),
    "dropout": Variant("as much dropout as in the paper, .5", _network(dropout=0.5)),
    "rectified": Variant(
        "the decoder's last layer is rectified",
        config=lambda config: replace(config, vae=replace(config.vae, relu_logits=True)),
    ),
    "vae-dropout": Variant(
        "MeasureVAE learns on with dropout as in the paper, .5",
        config=lambda config: replace(config, vae=replace(config.vae, dropout=0.5)),
        has_own_vae=True,
    ),
    "real-measures": Variant(
        "MeasureVAE learns on from real measures alone", plan=_draws(crossover=0.0, shifted=0.0), has_own_vae=True
    ),
    "common-measures": Variant(
        "MeasureVAE learns on from measures as often as tunes have them", plan=_draws(power=1.0), has_own_vae=True
    ),
    "vae-own-tokens": Variant(
        "MeasureVAE learns on and reads, as in the paper, its own tokens in half of the batches, none hidden in others",
        plan=_vae_loss(teacher_forcing=0.5, word_dropout=0.0),
        has_own_vae=True,
    ),
    "beta-0.0001": Variant("MeasureVAE learns on with a tenth of beta", plan=_vae_loss(beta=1e-4), has_own_vae=True),
    "beta-0.01": Variant("MeasureVAE learns on with ten times beta", plan=_vae_loss(beta=1e-2), has_own_vae=True),
}


_PAPER_VAE = {name: getattr(PAPER.vae, name) for name in ("embedding_size", "hidden_size", "head_size", "latent_size")}
FROM_SCRATCH = {
    SCRATCH_BASE: Variant("nothing", has_own_vae=True),
    "written-key": Variant(
        "tunes are read in their written key, and learned in all keys",
        config=lambda config: replace(config, key="written"),
        plan=_draws(transposed=True),
        has_own_vae=True,
    ),
    "large-latent-rnn": Variant("a LatentRNN of the paper's size", _network(hidden_size=PAPER.latent_rnn.hidden_size)),
    "large-vae": Variant(
        "a MeasureVAE of the paper's size",
        config=lambda config: replace(config, vae=replace(config.vae, **_PAPER_VAE)),
        has_own_vae=True,
    ),
}
"""Changes that no trained weights fit."""


@dataclass(frozen=True)
class Bench:
    """What all variants share: tunes, the model they start from, where runs are kept, what both stages learn with.

    Where they start from none, MeasureVAE is trained first, that of ``SCRATCH_BASE`` for all that have none of their
    own.
    """

    corpora: Corpora
    start: InpaintNet | None
    runs: Path
    machine: Machine
    recipe: Mapping[str, Any]

    @property
    def variants(self) -> Mapping[str, Variant]:
        """The variants, the unchanged one first."""
        return VARIANTS if self.start else FROM_SCRATCH

    @property
    def base(self) -> str:
        """The name of the unchanged one."""
        return next(iter(self.variants))

    def job(self, name: str) -> Job:
        """How a variant is trained."""
        variant = self.variants[name]
        config = replace(variant.config(self.start.config if self.start else PADDED), name=name)
        plan = variant.plan((PLANS[BASE] if self.start else SCRATCH).changed(**self.recipe))
        return Job(config, plan, self.corpora, self.runs / f"ablation-{name}", self.machine)

    def train(self, name: str) -> InpaintNet:
        """Train a variant from where its run stands, and give it with its best weights."""
        job = self.job(name)
        train_latent(job, self._adopted(job, self.start) if self.start else self._begun(job))
        trained = InpaintNet(job.config)
        trained.load_state_dict(weights_in(job.folder / "latent" / "best.pt"))
        return trained.to(self.machine.device).eval()

    def _adopted(self, job: Job, start: InpaintNet) -> InpaintNet:
        """What a variant takes over, its MeasureVAE trained further if the change is one of it."""
        model = adopted(job.config, start)
        if self.variants[job.config.name].has_own_vae:
            train_vae(job, copy.deepcopy(model.vae))
            model.vae.load_state_dict(weights_in(job.folder / "vae" / "best.pt"))
        return model

    def _begun(self, job: Job) -> InpaintNet:
        """A new model over a MeasureVAE that was trained from the beginning."""
        reader = job if self.variants[job.config.name].has_own_vae else self.job(self.base)
        train_vae(reader)
        return over_vae(job.config, reader.folder / "vae" / "best.pt", job.plan.latent.seed)


@dataclass(frozen=True, slots=True)
class Row:
    """What a variant scores in a protocol, and by how much it costs more than the base, in nats a token."""

    variant: str
    protocol: str
    nll: float
    onset_accuracy: float
    beside_base: Difference | None


def scores_of(model: InpaintNet, bench: Bench, count: int = COUNT) -> dict[str, Scores]:
    """What a model scores in each protocol, reading its own likeliest tokens."""
    found = {}
    for protocol in PROTOCOLS:
        ground = ground_of(protocol, bench.corpora, "valid", model.config.key)
        trial = trial_on(model, ground, MISSING, count, bench.machine)
        found[protocol] = score_model(model, trial, Mode(sampled=False, blind=False))
    return found


def rows_of(scores: dict[str, dict[str, Scores]], bench: Bench, count: int = COUNT) -> Iterator[Row]:
    """Every variant beside the base."""
    for protocol in PROTOCOLS:
        ground = ground_of(protocol, bench.corpora, "valid", PADDED.key)
        groups = ground.groups[ground.gaps(MISSING, count).tunes]
        base = bench.base
        names = [name for name in scores if name != base]
        found = [difference((name, base), (scores[name][protocol], scores[base][protocol]), groups) for name in names]
        levels = adjusted([one.p for one in found])
        beside = {one.first: replace(one, adjusted=level) for one, level in zip(found, levels, strict=True)}
        for name, score in scores.items():
            figures = score[protocol].nll_per_token, score[protocol].onset_accuracy
            yield Row(name, protocol, *figures, beside.get(name))


@dataclass(frozen=True)
class AblationReport:
    """All variants on the validation split; ``learned`` says in words how long, and from where."""

    rows: tuple[Row, ...]
    variants: Mapping[str, Variant]
    learned: str
    split: str = "valid"

    @property
    def name(self) -> str:
        """The name of the section; each unchanged model has its own."""
        return "ablations" if BASE in self.variants else "ablations-from-scratch"

    def as_dict(self) -> dict[str, Any]:
        """The figures as JSON values."""
        return {"learned": self.learned, "rows": [asdict(row) for row in self.rows]}

    def as_markdown(self) -> str:
        """The section of the page."""
        head = ["", "what is different"]
        for protocol in PROTOCOLS:
            head += [f"{protocol}: nats a token", "beside the unchanged (95 %)", "level", "onsets"]
        names = list(dict.fromkeys(row.variant for row in self.rows))
        by_place = {(row.variant, row.protocol): row for row in self.rows}
        shown = [
            [name, self.variants[name].says] + [cell for one in PROTOCOLS for cell in _cells(by_place[name, one])]
            for name in names
        ]
        title = f"### {self.name.replace('-', ' ').capitalize()} of InpaintNet, {self.split} split"
        about = f"Gaps of {MISSING} measures; all learned {self.learned}."
        return "\n\n".join((title, about, lines(head, shown)))


def _cells(row: Row) -> list[str]:
    beside, level = "", ""
    if (one := row.beside_base) is not None:
        beside = with_interval(one.nats, one.interval, "+")
        level = f"{one.adjusted:.4f}"
    return [f"{row.nll:.3f}", beside, level, f"{row.onset_accuracy:.3f}"]


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser("training.ablations", description="Train and compare variants of InpaintNet.")
    known = ", ".join((*VARIANTS, *FROM_SCRATCH))
    parser.add_argument("--variants", nargs="+", metavar="NAME", help=f"some of {known} (all that start alike)")
    parser.add_argument("--start", type=Path, default=STARTS_FROM, help="the exported model that they start from")
    parser.add_argument("--from-scratch", action="store_true", help="those that start from no weights, in their place")
    parser.add_argument("--corpus", type=Path, default=Path("runs/corpus"), help="what training.prepare wrote")
    parser.add_argument("--runs", type=Path, default=Path("runs"), help="where the runs are kept")
    parser.add_argument("--minutes", type=float, default=math.inf, help="minutes of computing for each stage")
    parser.add_argument("--steps", type=int, help="another number of steps, for each stage")
    parser.add_argument("--batch", type=int, help="another number of examples a step")
    parser.add_argument("--rate", type=float, help=f"another peak of the learning rate ({RATE:g} from weights)")
    parser.add_argument("--gaps", type=int, default=COUNT, help="how many gaps are evaluated")
    parser.add_argument("--out", type=Path, default=Path("docs/evaluation.md"), help="the page to write into")
    parser.add_argument("--json", type=Path, help="also write all figures to this file")
    parser.add_argument("--device", choices=DEVICES, default="auto")
    parser.add_argument("--threads", type=int, default=0)
    parser.add_argument("--compile", action="store_true", help="compile the step functions; needs a C++ compiler")
    return parser


def _bench(options: argparse.Namespace) -> Bench:
    machine = set_up(options.device, threads=options.threads, compiled=options.compile)
    start = None if options.from_scratch else checkpoint.load(options.start, machine.device).model
    recipe = {
        "steps": options.steps,
        "batch_size": options.batch,
        "minutes": options.minutes,
        "learning_rate": options.rate or (RATE if start else None),
        "warmup": WARMUP if start else None,
    }
    return Bench(load_corpora(options.corpus), start, options.runs, machine, recipe)


def _names(options: argparse.Namespace, bench: Bench) -> Sequence[str]:
    """Which variants are asked for.

    Raises:
        SettingsError: one is unknown, starts otherwise than the others, or there is none to compare them with.
    """
    names: list[str] = options.variants or [*bench.variants]
    if unknown := [name for name in names if name not in bench.variants]:
        message = f"There is no variant '{unknown[0]}' that starts so; choose among {', '.join(bench.variants)}."
        raise SettingsError(message)
    if bench.base not in names:
        message = f"Variants are compared with '{bench.base}'; name it, too."
        raise SettingsError(message)
    return names


def _learned(bench: Bench) -> str:
    """How long variants learn, and from where, in words."""
    plan = bench.job(bench.base).plan
    first, second = plan.vae, plan.latent
    long = f"{second.steps} steps of {second.batch_size} windows"
    if second.minutes < math.inf:
        long = f"for {second.minutes:g} minutes"
    if bench.start:
        return f"{long} from the shipped weights"
    return f"{first.steps} steps of {first.batch_size} measures, then {long}, from the beginning"


def _report(options: argparse.Namespace) -> AblationReport:
    bench = _bench(options)
    names = _names(options, bench)
    scores = {name: scores_of(bench.train(name), bench, options.gaps) for name in tqdm(names, desc="variants")}
    return AblationReport(tuple(rows_of(scores, bench, options.gaps)), bench.variants, _learned(bench))


def main(words: Sequence[str] | None = None) -> int:
    """Train and compare what the command line names; 2 means that something was wrong with it."""
    options = _parser().parse_args(words)
    return made_and_kept(lambda: _report(options), options.out, options.json)


if __name__ == "__main__":
    sys.exit(main())
