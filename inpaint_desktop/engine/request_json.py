"""A request as JSON values, but for the melody that it is about.

``as_dict`` writes ``takes``, ``seed``, ``variety``, ``constraints``, ``stay_in_key``, ``similarity`` and ``guidance``,
each field of these by its own name; ``from_dict`` reads them again, and lets any be missing. The measures that takes
shall be like are music and no setting: whoever keeps a request keeps them beside it.
"""

from collections.abc import Callable, Mapping
from dataclasses import asdict, fields
from typing import Any

from inpaint_desktop.encoding.grammar import Constraints
from inpaint_desktop.engine.request import ContourPoint, FillRequest, Guidance, Variety
from inpaint_desktop.errors import SettingsError
from inpaint_desktop.score.melody import Measure, Melody, Span

Values = Mapping[str, Any]


def as_dict(request: FillRequest) -> dict[str, Any]:
    """Write a request as JSON values."""
    return {
        "takes": request.takes,
        "seed": request.seed,
        "variety": asdict(request.variety),
        "constraints": request.constraints.as_dict(),
        "stay_in_key": request.stay_in_key,
        "similarity": request.similarity,
        "guidance": asdict(request.guidance),
    }


def from_dict(melody: Melody, span: Span, values: Values, like: tuple[Measure, ...] | None = None) -> FillRequest:
    """Read a request about measures of a melody.

    Raises:
        SelectionError: measures are not in the melody.
        SettingsError: a field is unknown, or has a value it cannot have.
        ConstraintError: constraints contradict each other.
    """
    read = _read_all(values, _REQUEST, "request")
    return FillRequest(melody, span, like=like, **read)


def _read_all(values: object, readers: "_Readers", whole: str) -> dict[str, Any]:
    """Every field by its reader."""
    if not isinstance(values, Mapping):
        message = f"The {whole} must be a table of names and values, not {values!r}."
        raise SettingsError(message)
    unknown = next((name for name in values if name not in readers), None)
    if unknown is not None:
        message = f"'{unknown}' is nothing that the {whole} may have; there are {', '.join(readers)}."
        raise SettingsError(message)
    return {name: _read(whole, name, value, readers[name]) for name, value in values.items()}


def _read(whole: str, name: str, value: object, reader: "_Reader") -> object:
    read, description = reader
    try:
        return read(value)
    except (TypeError, KeyError) as error:
        message = f"'{name}' in the {whole} must be {description}, not {value!r}."
        raise SettingsError(message) from error


def _whole(value: object) -> int:
    if type(value) is not int:  # True is not a number here
        raise TypeError
    return value


def _number(value: object) -> float:
    if type(value) not in {int, float}:
        raise TypeError
    return value  # type: ignore[return-value]


def _switch(value: object) -> bool:
    if not isinstance(value, bool):
        raise TypeError
    return value


def _span(value: Any) -> Span | None:  # noqa: ANN401 - whatever stands in a file
    return None if value is None else Span(_whole(value["start"]), _whole(value["stop"]))


def _points(value: object) -> tuple[ContourPoint, ...]:
    if not isinstance(value, list | tuple):
        raise TypeError
    return tuple(
        ContourPoint(_whole(point["measure"]), _whole(point["onset"]), _number(point["midi"])) for point in value
    )


def _variety(value: object) -> Variety:
    return Variety(**_read_all(value, {item.name: _NUMBER for item in fields(Variety)}, "variety"))


def _guidance(value: object) -> Guidance:
    return Guidance(**_read_all(value, _GUIDANCE, "guidance"))


def _constraints(value: object) -> Constraints:
    if not isinstance(value, Mapping):
        raise TypeError
    return Constraints.from_dict(value)


_Reader = tuple[Callable[[Any], object], str]
_Readers = Mapping[str, _Reader]

_WHOLE: _Reader = (_whole, "a whole number")
_NUMBER: _Reader = (_number, "a number")
_SWITCH: _Reader = (_switch, "true or false")

_GUIDANCE: _Readers = {
    "echo": (_span, "null, or measures as 'start' and 'stop', counted from 0"),
    "echo_strength": _NUMBER,
    "contour": (_points, "a list of points, each with 'measure' from 0, 'onset' in ticks and 'midi'"),
    "contour_strength": _NUMBER,
}

_REQUEST: _Readers = {
    "takes": _WHOLE,
    "seed": _WHOLE,
    "variety": (_variety, "a table of numbers"),
    "constraints": (_constraints, "a table of constraints"),
    "stay_in_key": _SWITCH,
    "similarity": _NUMBER,
    "guidance": (_guidance, "a table of what takes lean towards"),
}
