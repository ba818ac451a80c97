"""``inpaint-desktop fill``: writes one file a take, and ``takes.json`` about them all."""

import json
import sys
import time
from argparse import Namespace
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from inpaint_desktop.cli.asking import Values, in_engines_words, wishes_of
from inpaint_desktop.cli.loading import engine_meanwhile, naming, reader_for
from inpaint_desktop.documents.document import Edit, ScoreDocument
from inpaint_desktop.documents.export import EXPORT_SUFFIXES, export
from inpaint_desktop.documents.opening import open_document
from inpaint_desktop.documents.saving import save
from inpaint_desktop.documents.wording import measure_names
from inpaint_desktop.engine.opening import OpenedEngine
from inpaint_desktop.errors import FileNotSavedError, SelectionError, SettingsError
from inpaint_desktop.isolation import ChildProcess
from inpaint_desktop.score.melody import Measure, Melody, Span
from inpaint_desktop.score.naming import span_named

if TYPE_CHECKING:
    from inpaint_desktop.engine.request import FillRequest, Take


@dataclass(frozen=True, slots=True)
class _Job:
    """What was asked for, once the file is read; ``wishes`` is so in the words of an engine.

    Takes shall be ``like`` some measures, or two takes are to be spliced: ``rhythm`` and ``pitches``.
    """

    document: ScoreDocument
    part: int
    melody: Melody
    span: Span
    folder: Path
    formats: tuple[str, ...]
    wishes: Values
    like_file: Path | None = None
    like: tuple[Measure, ...] | None = None
    splice: tuple[tuple[Measure, ...], ...] = ()


def run(options: Namespace) -> None:
    """Fill the measures and say where the takes are."""
    formats, wishes = _formats(options.also), wishes_of(options)
    started = time.perf_counter()
    with reader_for(options.file) as child, engine_meanwhile(options.model, options.device) as engine_of:
        document = open_document(options.file, tune=options.tune, child=child)
        with naming(document.file_name):
            job = _job(document, options, formats, wishes)
        job = _with_examples(job, options, child)
        read = time.perf_counter()
        engine = engine_of()
        loaded = time.perf_counter()
        request = _request(job)
        with naming(document.file_name):
            takes = _takes(engine, job, request)
        filled = time.perf_counter()
        _check_found(takes)
        files, dropped = _write(job, takes)
        timings = {"read_s": read - started, "load_s": loaded - read, "fill_s": filled - loaded}
        about = {"model": engine.checkpoint.sha256, "timings": timings, "request": _as_asked(job, request, wishes)}
        _write_summary(job, takes, files, about)
    _tell(job, takes, files, dropped)


def _takes(engine: OpenedEngine, job: _Job, request: "FillRequest") -> "list[Take]":
    if job.splice:
        return [engine.splice(request, *job.splice)]
    return list(engine.propose(request))


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


def _job(document: ScoreDocument, options: Namespace, formats: tuple[str, ...], wishes: Values) -> _Job:
    part = _part(document, str(wishes.get("part", "1")))
    melody = document.melody(part)
    if "measures" not in wishes:
        message = "It is not said which measures to fill; write --measures 7-10, for instance."
        raise SelectionError(message)
    span = span_named(melody, str(wishes["measures"]))
    folder = options.out or Path(f"{options.file.stem}-takes")
    like = Path(wishes["like"]) if "like" in wishes else None
    return _Job(document, part, melody, span, folder, formats, in_engines_words(melody, span, wishes), like)


def _with_examples(job: _Job, options: Namespace, child: ChildProcess) -> _Job:
    """Read the takes that new ones shall be like, or that are to be spliced."""

    def measures_of(path: Path) -> tuple[Measure, ...]:
        document = open_document(path, tune=options.tune, child=child)
        with naming(document.file_name):
            melody = document.melody(job.part)
            melody.check(job.span)
        return melody.measures[job.span.start : job.span.stop]

    like = None if job.like_file is None else measures_of(job.like_file)
    return replace(job, like=like, splice=tuple(map(measures_of, options.splice or ())))


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


def _request(job: _Job) -> "FillRequest":
    from inpaint_desktop.engine.request_json import from_dict  # the engine's package comes with torch, so only now

    return from_dict(job.melody, job.span, job.wishes, job.like)


def _as_asked(job: _Job, request: "FillRequest", wishes: Values) -> Values:
    """What was asked for, so that it can be asked for again."""
    from inpaint_desktop.engine.request_json import as_dict

    like = {} if job.like_file is None else {"like": str(job.like_file)}
    return {"measures": wishes["measures"], "part": str(job.part + 1), **as_dict(request), **like}


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
            {
                "files": names,
                "seed": take.seed,
                "log_likelihood": take.log_likelihood,
                **asdict(take.properties),
                "known": _known(job, take),
            }
            for names, take in zip(files, takes, strict=True)
        ],
    }
    save((json.dumps(summary, indent=1, ensure_ascii=False) + "\n").encode(), job.folder / "takes.json")


def _known(job: _Job, take: "Take") -> list[dict[str, Any]] | None:
    """Which measures of a take stand in tunes that are known; nothing where it was not compared with them."""
    if take.known is None:
        return None
    return [
        {
            "title": one.title,
            "measures": [job.melody.measures[index].number for index in one.span.indices],
            "same_tune": one.is_same_tune,
        }
        for one in take.known
    ]


def _known_in_words(job: _Job, take: "Take") -> str:
    """The same for a person, to be put behind what else is said of the take."""
    numbers = [measure.number for measure in job.melody.measures]
    return "".join(
        f"; {measure_names(numbers, one.span.indices)} {'is' if len(one.span) == 1 else 'are'} in {one.title}"
        f"{', the same tune' if one.is_same_tune else ''}"
        for one in take.known or ()
    )


def _why_unknown(takes: "list[Take]") -> str:
    """Why takes were not compared with known tunes; empty where they were."""
    from inpaint_desktop.engine.known_tunes import why_unknown

    return why_unknown() if any(take.known is None for take in takes) else ""


def _tell(job: _Job, takes: "list[Take]", files: list[list[str]], dropped: tuple[str, ...]) -> None:
    from inpaint_desktop.engine.properties import are_much_the_same

    if len(takes) < takes[0].request.takes and not job.splice:
        found = "1 different take was" if len(takes) == 1 else f"{len(takes)} different takes were"
        sys.stdout.write(f"Only {found} found; widen the limits or raise --temperature.\n")
    elif are_much_the_same(takes):
        sys.stdout.write(
            "Most takes are much like the original, as the tune stands; for other music add --most-kept 0.\n"
        )
    for names, take in zip(files, takes, strict=True):
        properties = take.properties
        sys.stdout.write(
            f"{names[0]}: {properties.kept:.0%} of the original kept, {properties.out_of_key:.0%} out of key, "
            f"{take.log_likelihood:.2f} nats a tick{_known_in_words(job, take)}\n"
        )
    for sentence in filter(None, (*dropped, _why_unknown(takes))):
        sys.stdout.write(f"{sentence}\n")
    sys.stdout.write(f"{'1 take is' if len(takes) == 1 else f'{len(takes)} takes are'} in {job.folder}.\n")
