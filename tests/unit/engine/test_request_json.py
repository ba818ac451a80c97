"""A request as JSON and back."""

import json
from collections.abc import Callable

import pytest

from inpaint_desktop.encoding.grammar import Constraints
from inpaint_desktop.engine.request import ContourPoint, FillRequest, Guidance, Variety
from inpaint_desktop.engine.request_json import as_dict, from_dict
from inpaint_desktop.errors import SettingsError
from inpaint_desktop.score.melody import Melody, Span

MakeTune = Callable[..., Melody]
SPAN = Span(2, 4)


def test_a_request_comes_back_from_json(make_tune: MakeTune) -> None:
    tune = make_tune(8)
    guidance = Guidance(Span(0, 2), 0.7, (ContourPoint(2, 0, 60.0), ContourPoint(3, 5, 72.5)), 0.3)
    request = FillRequest(
        tune, SPAN, 4, 17, Variety(temperature=0.8), Constraints(lowest=60), False, 0.5, tune.measures[4:6], guidance
    )
    assert from_dict(tune, SPAN, json.loads(json.dumps(as_dict(request))), tune.measures[4:6]) == request


def test_what_is_not_said_is_as_usual(make_tune: MakeTune) -> None:
    tune = make_tune(8)
    assert from_dict(tune, SPAN, {}) == FillRequest(tune, SPAN)
    assert from_dict(tune, SPAN, {"guidance": {"echo": None}}) == FillRequest(tune, SPAN)


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"volume": 3}, "'volume' is nothing that the request may have; there are takes, seed, .*guidance"),
        ({"takes": 2.5}, "'takes' in the request must be a whole number, not 2.5"),
        ({"similarity": "much"}, "'similarity' in the request must be a number, not 'much'"),
        ({"stay_in_key": 1}, "'stay_in_key' in the request must be true or false, not 1"),
        ({"variety": 3}, "The variety must be a table of names and values, not 3"),
        ({"variety": {"boldness": 1}}, "'boldness' is nothing that the variety may have"),
        ({"variety": {"top_p": True}}, "'top_p' in the variety must be a number, not True"),
        ({"constraints": []}, "'constraints' in the request must be a table of constraints"),
        ({"constraints": {"lowest": []}}, "The constraint 'lowest' must be the name of a note"),
        ({"guidance": {"echo": "1-2"}}, "'echo' in the guidance must be null, or measures as 'start' and 'stop'"),
        ({"guidance": {"contour": 5}}, "'contour' in the guidance must be a list of points"),
        ({"guidance": {"contour": [{"measure": 1}]}}, "'contour' in the guidance must be a list of points"),
        ({"guidance": {"echo_strength": 3}}, "The strength of the echo must be between 0 and 1, not 3"),
    ],
)
def test_what_cannot_be_read_is_refused_by_its_name(
    make_tune: MakeTune, values: dict[str, object], sentence: str
) -> None:
    with pytest.raises(SettingsError, match=sentence):
        from_dict(make_tune(8), SPAN, values)
