"""Listening to any engine, beside the real measures; and the classifier that tells them apart if it can."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from inpaint_desktop.engine.inpaintnet import InpaintNetEngine
from inpaint_desktop.engine.properties import properties_of
from inpaint_desktop.engine.request import FillRequest, Progress, Take
from inpaint_desktop.score.key import KeySignature
from inpaint_desktop.score.melody import Measure, Melody, Note, Span
from inpaint_desktop.score.pitch import Pitch
from tests.unit.training.conftest import tune_of
from training import listening
from training.closeness import Heard
from training.corpus import build
from training.discerning import Case, area, area_interval, examples_of, suspicions
from training.hearing import Impression
from training.listening import (
    REAL,
    ListeningReport,
    Panel,
    answers_of,
    compared_of,
    discernment,
    figures_of,
    heard_of,
    panel_of,
    real_answers,
    values_of,
)
from training.trials import Corpora

IMPRESSION = Impression(
    notes=4,
    out_of_key=0.0,
    leap=3.0,
    wide=0.0,
    pitch_classes=1.0,
    durations=1.0,
    groove=1.0,
    repeated=0.0,
    same_rhythm=0.0,
)


class Copier:
    """An engine that proposes the real measures, or one long note that is foreign to every key here."""

    name = "copier"
    device = "none"

    def __init__(self, *, foreign: bool) -> None:
        self.foreign = foreign

    def propose(self, request: FillRequest, progress: Progress = lambda _: None) -> Iterator[Take]:
        span, measures = request.span, request.melody.measures
        real = measures[span.start : span.stop]
        made = tuple(map(_foreign, real)) if self.foreign else real
        progress(1.0)
        for place in range(request.takes):
            yield Take(request, made, place, 0.0, properties_of(made, real, KeySignature(0)))

    def splice(self, request: FillRequest, rhythm: Sequence[Measure], pitches: Sequence[Measure]) -> Take:
        made = tuple(one.with_notes(other.notes) for one, other in zip(rhythm, pitches, strict=True))
        return Take(request, made, 0, 0.0, properties_of(made, rhythm, KeySignature(0)))


def _foreign(measure: Measure) -> Measure:
    return measure.with_notes([Note(0, measure.duration, Pitch("C", 1, 5))])


@pytest.fixture(scope="module")
def panel(corpora: Corpora) -> Panel:
    return panel_of(corpora.notated, "train", 3, 0)


def values(engine: Copier, panel: Panel) -> dict[str, float]:
    answers = answers_of(engine, panel.asked, "one")
    return {figure.measure: figure.value for figure in figures_of(heard_of("one", answers), answers, [], panel.known)}


def test_the_real_measures_sound_like_themselves(panel: Panel) -> None:
    answers = real_answers(panel.asked)
    real = {figure.measure: figure for figure in figures_of(heard_of(REAL, answers), answers, [], panel.known)}
    copied = values(Copier(foreign=False), panel)
    for name, figure in real.items():
        assert copied[name] == pytest.approx(figure.value)
        assert figure.interval[0] - 1e-9 <= figure.value <= figure.interval[1] + 1e-9
    assert "likeness of two takes" not in real


def test_a_share_of_notes_weighs_as_many_as_there_are_and_what_is_missing_nothing() -> None:
    two, none = replace(IMPRESSION, notes=2, out_of_key=0.5), replace(IMPRESSION, notes=0, leap=None, wide=None)
    heard = Heard("one", values_of([[two, none], [none]]), ["tune", "other"])
    assert heard.values["notes out of key"] == [[(0.5, 2.0), (0.0, 0.0)], [(0.0, 0.0)]]
    assert heard.values["interval at a seam, semitones"] == [[(3.0, 1.0)], []]
    assert heard.sums("notes out of key") == [(1.0, 2.0), (0.0, 0.0)]
    assert heard.sums("interval at a seam, semitones") == [(3.0, 1.0), (0, 0)]


def test_long_gaps_are_of_eight_measures() -> None:
    panel = panel_of(build([tune_of(1, 24, "train")], notated=True), "train", 1, 2)
    assert [len(one.request.span) for one in (*panel.asked, *panel.long)] == [4, 8, 8]


def test_copies_are_told(panel: Panel) -> None:
    copied = values(Copier(foreign=False), panel)
    assert copied["likeness to the original"] == 1.0
    assert copied["requests whose takes all differ"] == 0.0
    assert copied["takes of 4 measures that are copied whole"] == 1.0
    assert copied["longest run in common with a tune learned, gaps of 4"] == 4.0


def test_what_is_foreign_to_the_tune_is_told(panel: Panel) -> None:
    foreign = values(Copier(foreign=True), panel)
    assert foreign["notes out of key"] > 0.9
    assert foreign["durations as in the context"] == 0.0
    assert foreign["takes of 4 measures that are copied whole"] == 0.0
    assert foreign["notes a measure"] == 1.0


def cases(foreign: bool, tunes: int = 10) -> list[Case]:
    """Real and filled measures of many tunes."""
    found = []
    for seed in range(tunes):
        melody: Melody = tune_of(seed % 4, 16, "train").melody
        for start in (2, 5, 8):
            span = Span(start, start + 2)
            real = melody.measures[start : start + 2]
            found.append(Case(melody, span, real, False, f"tune {seed}"))
            found.append(Case(melody, span, tuple(map(_foreign, real)) if foreign else real, True, f"tune {seed}"))
    return found


@pytest.mark.parametrize("foreign", [True, False])
def test_a_classifier_tells_what_is_foreign_from_the_real_and_no_copies(foreign: bool) -> None:
    torch.set_num_threads(1)
    examples = examples_of(cases(foreign))
    found = area(suspicions(examples), examples.filled)
    assert found > 0.95 if foreign else 0.3 < found < 0.7


def test_windows_say_which_measures_are_in_question() -> None:
    examples = examples_of(cases(foreign=True, tunes=1))
    assert examples.tokens.shape[1:] == (16, 24)
    assert (examples.in_question.sum(1) == 2).all()
    marked = examples.tokens[1][examples.in_question[1]]
    assert ((marked != 0).sum(1) == 1).all()


def test_tunes_that_a_score_was_learned_from_are_never_scored_by_it(monkeypatch: pytest.MonkeyPatch) -> None:
    examples, learned = examples_of(cases(foreign=False, tunes=6)), []

    def remembered(train: object, others: object, _seed: int) -> object:
        learned.append((set(train.groups), set(others.groups)))  # type: ignore[attr-defined]
        return np.zeros(len(others.filled))  # type: ignore[attr-defined]

    monkeypatch.setattr("training.discerning._learned", remembered)
    suspicions(examples)
    assert all(not train & others for train, others in learned)
    assert set.union(*(others for _, others in learned)) == set(examples.groups.tolist())


def test_the_area_is_the_share_of_pairs_in_order() -> None:
    filled = np.array([True, True, False, False])
    assert area(np.array([3.0, 2.0, 1.0, 0.0]), filled) == 1.0
    assert area(np.array([0.0, 1.0, 2.0, 3.0]), filled) == 0.0
    assert area(np.zeros(4), filled) == 0.5
    assert area(np.array([2.0, 0.0, 1.0, -1.0]), filled) == 0.75


def test_the_interval_of_the_area_holds_it() -> None:
    examples = examples_of(cases(foreign=False, tunes=8))
    scores = np.random.default_rng(1).random(len(examples.filled))
    low, high = area_interval(examples, scores, resamples=100)
    assert low <= area(scores, examples.filled) <= high


def test_an_engine_is_discerned_from_the_real_measures_of_its_tunes(panel: Panel) -> None:
    answers = answers_of(Copier(foreign=True), panel.asked, "one")
    figure = discernment("one", answers)
    assert figure.value > 0.9


def test_the_command_listens_to_a_model_of_the_program(
    engine: InpaintNetEngine, weights: Path, corpora: Corpora, tmp_path: Path
) -> None:
    corpora.played.save(tmp_path / "played.npz")
    corpora.notated.save(tmp_path / "notated.npz")
    page, figures = tmp_path / "page.md", tmp_path / "figures.json"
    words = ["--models", str(weights), "--corpus", str(tmp_path), "--count", "1", "--long", "0", "--device", "cpu"]
    assert listening.main([*words, "--out", str(page), "--json", str(figures)]) == 0
    found = json.loads(figures.read_text(encoding="utf-8"))["figures"]
    assert {one["engine"] for one in found} == {REAL, weights.stem}
    assert "| | real measures | tiny |" in page.read_text(encoding="utf-8").replace("|  |", "| |")
    assert engine.checkpoint.sha256


def test_what_is_missing_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert listening.main(["--corpus", str(tmp_path), "--device", "cpu"]) == 2
    assert "There is no corpus in" in capsys.readouterr().err


def test_the_usual_model_is_set_beside_each_other_one(panel: Panel) -> None:
    answers = {
        name: answers_of(Copier(foreign=name == "other"), panel.asked, name) for name in ("transformer", "other")
    }
    heard = [heard_of(name, found) for name, found in answers.items()]
    compared = list(compared_of(heard, heard_of(REAL, real_answers(panel.asked))))
    assert {(one.engine, one.other) for one in compared} == {("transformer", "other")}
    verdicts = {one.verdict for one in compared if one.measure == "notes out of key"}
    assert verdicts == {"closer"}
    page = ListeningReport("train", (), 3, tuple(compared)).as_markdown()
    assert "By how much transformer is closer to the real measures than other, tune by tune:" in page
    assert "|  | mean closer by |  | distribution closer by |  |" in page
    assert "| notes out of key | +" in page
