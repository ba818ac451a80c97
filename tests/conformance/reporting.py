"""Results of conformance checks as text: a summary, a table, and lists of failures."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from tests.conformance.checking import Result

BEGIN, END = "<!-- table: begin -->", "<!-- table: end -->"
_FILE_NAME = re.compile(r"(?:(?<=^)|(?<=\s))(?:\S.*?\.(?:xml|musicxml|mxl|abc))(?=[\s:,(]|$)")
_QUOTED = re.compile(r"'[^']*'|\"[^\"]*\"")
_NUMBER = re.compile(r"\d[\d,.]*(?:/\d+)?")
_PLACE = re.compile(r"part \d+, measures \d+-\d+ \(from 0\): | \((?:part \d+, )?measure \d+ from 0: [^()]*\)")
_SHOWN = 160


def kind_of(sentence: str) -> str:
    """A sentence without the names and numbers in it, so that sentences of one kind are equal."""
    bare = _FILE_NAME.sub("FILE", _PLACE.sub("", sentence), count=1)
    bare = _NUMBER.sub("N", _QUOTED.sub("'…'", bare))
    return " ".join(bare.split())[:_SHOWN]


def summary(results: Sequence[Result]) -> str:
    """What came out, for reading on a terminal."""
    lines = [
        f"{len(results):,} checked, {sum(bool(one.refused) for one in results):,} refused,"
        f" {sum(bool(one.failures) for one in results):,} with failures;"
        f" {sum(one.spans for one in results):,} splices, {sum(len(one.kept_out) for one in results):,} kept out,"
        f" {sum(one.back_in_bytes for one in results):,} back in every byte,"
        f" {sum(one.is_drawn for one in results):,} engraved;"
        f" slowest {max((one.seconds for one in results), default=0.0):.0f} s"
    ]
    for title, sentences in (
        ("Failures", [f"{name}: {detail}" for one in results for name, detail in one.failures]),
        ("Refused", [one.refused for one in results if one.refused]),
        ("Parts that are no melody", [reason for one in results for reason in one.no_melody]),
        ("Measures that cannot be replaced", [reason for one in results for reason in one.kept_out]),
    ):
        lines += [f"\n{title}", *(f"{count:7,}  {kind}" for kind, count in _kinds(sentences))]
    return "\n".join(lines)


def failure_lines(results: Iterable[Result], file_format: str) -> str:
    """One line for each failure of a format: the score, the property, and what was seen."""
    mine = [one for one in results if one.format == file_format]
    lines = [f"{one.name}\t{name}\t{detail}" for one in mine for name, detail in one.failures]
    refused = [f"{one.name}\trefused\t{one.refused}" for one in mine if one.refused]
    reasons = Counter(kind_of(reason) for one in mine for reason in (*one.no_melody, *one.kept_out))
    common = [f"{count}\tkept out or no melody\t{kind}" for kind, count in reasons.most_common()]
    return "\n".join([*sorted(lines, key=lambda line: line.split("\t")[1]), *refused, *common]) + "\n"


def write_table(path: Path, results: Sequence[Result]) -> None:
    """Put the tables between their marks in a Markdown file."""
    text = path.read_text(encoding="utf-8")
    before, _, rest = text.partition(BEGIN)
    after = rest.partition(END)[2]
    path.write_text(f"{before}{BEGIN}\n{table(results)}\n{END}{after}", encoding="utf-8")


def table(results: Sequence[Result]) -> str:
    """The tables of ``docs/conformance.md``."""
    return "\n".join([*_by_source(results), "", *_failures(results), "", *_refusals(results)])


def _by_source(results: Sequence[Result]) -> Iterator[str]:
    yield "| scores | checked | refused | with a failure | splices | measures kept out | drawn | slowest |"
    yield "|---|---|---|---|---|---|---|---|"
    for source, file_format in sorted({(one.name.partition("/")[0], one.format) for one in results}):
        mine = [one for one in results if (one.name.partition("/")[0], one.format) == (source, file_format)]
        counts = (
            len(mine),
            sum(bool(one.refused) for one in mine),
            sum(bool(one.failures) for one in mine),
            sum(one.spans for one in mine),
            sum(len(one.kept_out) for one in mine),
            sum(one.is_drawn for one in mine),
        )
        cells = " | ".join(f"{count:,}" for count in counts)
        yield f"| {source}, {file_format} | {cells} | {max(one.seconds for one in mine):.1f} s |"


def _failures(results: Sequence[Result]) -> Iterator[str]:
    yield "| property | failures | what was seen | an example |"
    yield "|---|---|---|---|"
    found: dict[tuple[str, str], list[str]] = {}
    for one in results:
        for name, detail in one.failures:
            found.setdefault((name, kind_of(detail)), []).append(one.name)
    for (name, kind), names in sorted(found.items(), key=lambda item: (item[0][0], -len(item[1]))):
        yield f"| {name} | {len(names):,} | {_cell(kind)} | {_cell(names[0])} |"
    if not found:
        yield "| all | 0 | | |"


def _refusals(results: Sequence[Result]) -> Iterator[str]:
    yield "| refused, and why | scores | an example |"
    yield "|---|---|---|"
    found: dict[str, list[str]] = {}
    for one in results:
        if one.refused:
            found.setdefault(kind_of(one.refused), []).append(one.name)
    for kind, names in sorted(found.items(), key=lambda item: -len(item[1])):
        yield f"| {_cell(kind)} | {len(names):,} | {_cell(names[0])} |"
    for title, attribute in (("part is no melody", "no_melody"), ("measures stay", "kept_out")):
        for kind, count in _kinds([reason for one in results for reason in getattr(one, attribute)]):
            yield f"| {title}: {_cell(kind)} | {count:,} | |"


def _kinds(sentences: Iterable[str]) -> list[tuple[str, int]]:
    return Counter(kind_of(sentence) for sentence in sentences).most_common()


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("<", "&lt;")
