"""The loop: it learns, stops when it should, and goes on as if it had never stopped."""

import json
import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from training.loop import Recipe, Run, rate_share
from training.machine import seed_everything

RECIPE = Recipe(steps=12, batch_size=8, learning_rate=0.05, warmup=2, evaluate_every=4)


class Line:
    """Find the slope of a line from noisy points; dropout draws from torch's random numbers too."""

    def __init__(self, seed: int = 1, scores: list[float] | None = None) -> None:
        self.generator = seed_everything(seed)
        self.model = nn.Sequential(nn.Dropout(0.2), nn.Linear(1, 1))
        self.scores = scores

    def loss(self, batch_size: int) -> Tensor:
        inputs = torch.from_numpy(self.generator.normal(size=(batch_size, 1)).astype(np.float32))
        return nn.functional.mse_loss(self.model(inputs), 3.0 * inputs)

    def evaluate(self) -> dict[str, float]:
        self.model.eval()
        if self.scores:
            return {"score": self.scores.pop(0)}
        inputs = torch.linspace(-1, 1, 9)[:, None]
        return {"score": nn.functional.mse_loss(self.model(inputs), 3.0 * inputs).item()}


def run(folder: Path, recipe: Recipe = RECIPE, scores: list[float] | None = None) -> Run:
    made = Run(Line(scores=scores), recipe, folder)
    made.resume()
    made.train()
    return made


def log_of(folder: Path) -> list[dict[str, float]]:
    return [json.loads(line) for line in (folder / "log.jsonl").read_text(encoding="utf-8").splitlines()]


def test_a_run_that_was_stopped_ends_as_one_that_was_not(tmp_path: Path) -> None:
    whole = run(tmp_path / "whole")
    objective = Line()
    part = Run(objective, RECIPE, tmp_path / "part")
    evaluate, calls = objective.evaluate, []

    def stop_after_two() -> dict[str, float]:
        calls.append(1)
        if len(calls) > 2:
            raise KeyboardInterrupt
        return evaluate()

    objective.evaluate = stop_after_two  # type: ignore[method-assign]
    with pytest.raises(KeyboardInterrupt):
        part.train()
    torch.manual_seed(99)
    resumed = run(tmp_path / "part")
    for mine, other in zip(whole.parameters, resumed.parameters, strict=True):
        assert torch.equal(mine, other)
    assert [line["loss"] for line in log_of(tmp_path / "whole")] == [line["loss"] for line in log_of(tmp_path / "part")]


def test_the_loss_falls(tmp_path: Path) -> None:
    run(tmp_path, replace(RECIPE, steps=120))
    losses = [line["loss"] for line in log_of(tmp_path)]
    assert losses[-1] < 0.5 * losses[0]


def test_a_finished_run_does_nothing_more(tmp_path: Path) -> None:
    run(tmp_path)
    state = (tmp_path / "state.pt").read_bytes()
    run(tmp_path)
    assert (tmp_path / "state.pt").read_bytes() == state


def test_training_ends_when_patience_does(tmp_path: Path) -> None:
    recipe = replace(RECIPE, steps=1000, patience=2)
    finished = run(tmp_path, recipe, scores=[3.0, 1.0, 2.0, 1.0, 0.5])
    assert (finished.step, finished.best) == (16, 1.0)


def test_training_ends_when_time_does(tmp_path: Path) -> None:
    assert run(tmp_path, replace(RECIPE, steps=1000, minutes=1e-9)).step == 1


def test_the_weights_with_the_best_score_are_kept(tmp_path: Path) -> None:
    run(tmp_path, scores=[3.0, 1.0, 2.0])
    best = torch.load(tmp_path / "best.pt", weights_only=True)
    assert (best["step"], best["score"]) == (8, 1.0)


def test_of_equal_scores_the_later_weights_are_kept(tmp_path: Path) -> None:
    run(tmp_path, scores=[1.0, 1.0, 2.0])
    assert torch.load(tmp_path / "best.pt", weights_only=True)["step"] == 8


def test_every_evaluation_is_logged_with_throughput(tmp_path: Path) -> None:
    run(tmp_path)
    lines = log_of(tmp_path)
    assert [line["step"] for line in lines] == [4, 8, 12]
    assert all(line["examples_per_second"] > 0 for line in lines)
    assert list(tmp_path.glob("events.out.tfevents.*"))


def test_a_state_without_random_numbers_can_be_resumed(tmp_path: Path) -> None:
    run(tmp_path, replace(RECIPE, steps=4))
    state = torch.load(tmp_path / "state.pt", weights_only=True)
    del state["randomness"]
    torch.save(state, tmp_path / "state.pt")
    assert run(tmp_path).step == 12


def test_the_rate_rises_then_falls_along_half_a_cosine() -> None:
    recipe = Recipe(steps=110, batch_size=1, learning_rate=1.0, warmup=10, final_share=0.1)
    shares = [rate_share(step, recipe) for step in (0, 4, 9, 10, 60, 110)]
    assert shares == pytest.approx([0.1, 0.5, 1.0, 1.0, 0.55, 0.1])


def test_a_constant_rate_stays() -> None:
    recipe = Recipe(steps=10, batch_size=1, learning_rate=1.0, warmup=0, final_share=1.0)
    assert {rate_share(step, recipe) for step in range(10)} == {1.0}


def test_the_rate_follows_the_clock_where_it_is_ahead() -> None:
    recipe = Recipe(steps=1000, batch_size=1, learning_rate=1.0, warmup=0, final_share=0.0, minutes=10)
    assert rate_share(0, recipe, minutes=5) == pytest.approx(0.5)
    assert rate_share(0, replace(recipe, minutes=math.inf), minutes=5) == 1.0
