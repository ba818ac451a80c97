"""``inpaint-desktop fill``: writes one file a take, and ``takes.json`` about them all."""

import json
import re
import sys
import time
from argparse import Namespace
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from inpaint_desktop.cli.loading import engine_meanwhile, naming, reader_for
from inpaint_desktop.documents.document import Edit, ScoreDocument
from inpaint_desktop.documents.export import EXPORT_SUFFIXES, export
from inpaint_desktop.documents.opening import open_document
from inpaint_desktop.documents.saving import save
from inpaint_desktop.encoding.grammar import Constraints
from inpaint_desktop.errors import FileNotSavedError, ScoreError, SelectionError, SettingsError
from inpaint_desktop.score.melody import Melody, Span
from inpaint_desktop.score.pitch import Pitch

if TYPE_CHECKING:
    from inpaint_desktop.engine.request import FillRequest, Take, Variety

_MEASURES = re.compile(r"\s*(\w+)\s*(?:[-–]\s*(\w+))?\s*")  # noqa: RUF001 - people paste a dash


@dataclass(frozen=True, slots=True)
class _Job:
    """What was asked for, once the file is read."""

    document: ScoreDocument
    part: int
    melody: Melody
    span: Span
    folder: Path
    formats: tuple[str, ...]


def run(options: Namespace) -> None:
    """Fill the measures and say where the takes are."""
    formats, constraints = _formats(options.also), _constraints(options)
    started = time.perf_counter()
    with reader_for(options.file) as child, engine_meanwhile(options.model, options.device) as engine_of:
        document = open_document(options.file, tune=options.tune, child=child)
        with naming(document.file_name):
            job = _job(document, options, formats)
        read = time.perf_counter()
        engine = engine_of()
        loaded = time.perf_counter()
        request = _request(job, options, constraints)
        with naming(document.file_name):
            takes = list(engine.propose(request))
        filled = time.perf_counter()
        _check_found(takes)
        files, dropped = _write(job, takes)
        timings = {"read_s": read - started, "load_s": loaded - read, "fill_s": filled - loaded}
        _write_summary(job, takes, files, {"model": engine.checkpoint.sha256, "timings": timings})
    _tell(job, takes, files, dropped)


def _check_found(takes: "list[Take]") -> None:
    if not takes:
        message = "No take differs from the original; widen the limits or raise --temperature."
        raise SelectionError(message)


def _formats(also: str) -> tuple[str, ...]:
    formats = tuple(word.strip() for word in also.split(",") if word.strip())
    for name in formats:
        if name not in EXPORT_SUFFIXES:
            message = f"'{name}' is not a format to write; --also takes {', '.join(EXPORT_SUFFIXES)}."
            raise SettingsError(message)
    return formats


def _constraints(options: Namespace) -> Constraints:
    return Constraints(_midi(options.lowest), _midi(options.highest))


def _midi(name: str | None) -> int | None:
    try:
        return None if name is None else Pitch.parse(name).midi
    except ScoreError as error:
        raise SettingsError(str(error)) from error


def _job(document: ScoreDocument, options: Namespace, formats: tuple[str, ...]) -> _Job:
    part = _part(document, options.part)
    melody = document.melody(part)
    match = _MEASURES.fullmatch(options.measures)
    if match is None:
        message = f"'{options.measures}' does not name measures; write 7-10, or 7 for a single one."
        raise SelectionError(message)
    span = melody.span_of_numbers(match[1], match[2] or match[1])
    folder = options.out or Path(f"{options.file.stem}-takes")
    return _Job(document, part, melody, span, folder, formats)


def _part(document: ScoreDocument, name: str) -> int:
    """The index of a part, given by its number from 1 or its name."""
    names = [part.name for part in document.parts]
    if name.isdigit() and 1 <= int(name) <= len(names):
        return int(name) - 1
    for index, known in enumerate(names):
        if known.lower() == name.lower():
            return index
    known_parts = ", ".join(f"{number} ({title or 'unnamed'})" for number, title in enumerate(names, 1))
    message = f"{document.file_name} has no part '{name}'; it has {known_parts}."
    raise SelectionError(message)


def _request(job: _Job, options: Namespace, constraints: Constraints) -> "FillRequest":
    from inpaint_desktop.engine.request import FillRequest  # the engine's package comes with torch, so only now

    return FillRequest(
        job.melody,
        job.span,
        takes=options.takes,
        seed=options.seed,
        variety=_variety(options),
        constraints=constraints,
        stay_in_key=not options.any_key,
        similarity=options.similarity,
    )


def _variety(options: Namespace) -> "Variety":
    from inpaint_desktop.engine.request import Variety

    given = {
        "temperature": options.temperature,
        "top_p": options.top_p,
        "context_noise": options.context_noise,
        "gap_noise": options.gap_noise,
    }
    return Variety(**{name: value for name, value in given.items() if value is not None})


def _write(job: _Job, takes: "list[Take]") -> tuple[list[list[str]], tuple[str, ...]]:
    """Write every take in every format; the names of its files, and what could not be kept."""
    with naming(job.document.file_name):
        edits = [job.document.with_measures(job.part, job.span, take.measures) for take in takes]
    _make_folder(job.folder)
    files = [_write_take(job, number, edit) for number, edit in enumerate(edits, 1)]
    return files, edits[0].dropped


def _write_take(job: _Job, number: int, edit: Edit) -> list[str]:
    contents = {job.document.suffix: edit.document.to_bytes()}
    for name in job.formats:
        contents.setdefault(EXPORT_SUFFIXES[name], export(edit.document, name, part=job.part))
    stem = Path(job.document.file_name).stem
    names = [f"{stem}-take-{number}{suffix}" for suffix in contents]
    for name, content in zip(names, contents.values(), strict=True):
        save(content, job.folder / name)
    return names


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except FileExistsError as error:
        message = f"{folder} is a file, not a folder; choose another place with --out."
        raise FileNotSavedError(message) from error
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        message = f"The folder {folder} cannot be made ({reason}); choose another place with --out."
        raise FileNotSavedError(message) from error


def _write_summary(job: _Job, takes: "list[Take]", files: list[list[str]], about: dict[str, Any]) -> None:
    request = takes[0].request
    limits = request.constraints
    summary = {
        "file": job.document.file_name,
        "part": job.part + 1,
        "measures": [job.melody.measures[index].number for index in job.span.indices],
        "seed": request.seed,
        "variety": asdict(request.variety),
        "similarity": request.similarity,
        "limits": {"lowest": limits.lowest, "highest": limits.highest, "stay_in_key": request.stay_in_key},
        **about,
        "takes": [
            {"files": names, "seed": take.seed, "log_likelihood": take.log_likelihood, **asdict(take.properties)}
            for names, take in zip(files, takes, strict=True)
        ],
    }
    save((json.dumps(summary, indent=1, ensure_ascii=False) + "\n").encode(), job.folder / "takes.json")


def _tell(job: _Job, takes: "list[Take]", files: list[list[str]], dropped: tuple[str, ...]) -> None:
    if len(takes) < takes[0].request.takes:
        found = "1 different take was" if len(takes) == 1 else f"{len(takes)} different takes were"
        sys.stdout.write(f"Only {found} found; widen the limits or raise --temperature.\n")
    for names, take in zip(files, takes, strict=True):
        properties = take.properties
        sys.stdout.write(
            f"{names[0]}: {properties.likeness:.0%} like the original, {properties.out_of_key:.0%} out of key, "
            f"{take.log_likelihood:.2f} nats a tick\n"
        )
    for sentence in dropped:
        sys.stdout.write(f"{sentence}\n")
    sys.stdout.write(f"{'1 take is' if len(takes) == 1 else f'{len(takes)} takes are'} in {job.folder}.\n")
