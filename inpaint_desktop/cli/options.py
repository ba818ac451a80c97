"""What may stand on the command line."""

import argparse
from argparse import ArgumentParser, Namespace
from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn

from inpaint_desktop.cli import bench, fill, info, self_test, version
from inpaint_desktop.errors import SettingsError
from inpaint_desktop.settings import DEVICES, Settings

WINDOW = "Without a command the window opens, with FILE in it if one is given."
EPILOG = "Measures are numbered as the score has them; a pickup is measure 0."


class _Parser(ArgumentParser):
    """Says what is wrong in one sentence."""

    def error(self, message: str) -> NoReturn:
        """Refuse the command line.

        Raises:
            SettingsError: always.
        """
        sentence = f"{message[:1].upper()}{message[1:]}; '{self.prog} --help' says what may stand there."
        raise SettingsError(sentence)


def parse(arguments: Sequence[str] | None) -> Namespace:
    """Read the command line; ``run`` in the result is the function of the command.

    Raises:
        SettingsError: it cannot be understood.
    """
    parser = _Parser(
        prog="inpaint-desktop", description="Fills measures of a tune with new ones.", epilog=f"{WINDOW} {EPILOG}"
    )
    _add_questions(parser)
    commands = parser.add_subparsers(title="commands", metavar="COMMAND")
    settings = Settings.load()
    _add_fill(commands.add_parser("fill", help="propose new measures for a selection", epilog=EPILOG), settings)
    _add_info(commands.add_parser("info", help="say what is in a score"))
    _add_bench(commands.add_parser("bench", help="measure how fast takes are made on this machine"), settings)
    options = parser.parse_args(arguments)
    if options.run is None:
        parser.error("the following arguments are required: COMMAND")
    return options


def _add_questions(parser: ArgumentParser) -> None:
    """What is asked of the program itself stands in the place of a command."""
    questions = (
        ("--version", version.run, "say which build this is, and what it is made of"),
        ("--self-test", self_test.run, "try everything that the program needs, and say how it went"),
    )
    for name, run, words in questions:
        parser.add_argument(name, action="store_const", const=run, dest="run", help=words)


def _add_fill(parser: ArgumentParser, settings: Settings) -> None:
    parser.set_defaults(run=fill.run, usual_takes=settings.takes, usual_temperature=settings.temperature)
    _add_file(parser)
    parser.add_argument("--measures", metavar="7-10", help="the measures to fill, first to last")
    parser.add_argument("--part", metavar="P", help="number or name of the part (default: 1)")
    parser.add_argument("--out", type=Path, metavar="DIR", help="folder for the takes (default: TUNE-takes)")
    parser.add_argument("--also", default="", metavar="LIST", help="further formats: abc,musicxml,midi")
    parser.add_argument("--takes", type=_whole, metavar="N", help=f"how many (default: {settings.takes})")
    parser.add_argument("--seed", type=_whole, metavar="N", help="the same seed gives the same takes (default: 1)")
    parser.add_argument(
        "--request", type=Path, metavar="FILE", help="what is asked for, in JSON; options here go before it"
    )
    _add_sampling(parser.add_argument_group("variety"), settings)
    _add_constraints(parser.add_argument_group("constraints, which every take meets"))
    _add_guidance(parser.add_argument_group("what takes lean towards"))
    _add_model(parser, settings)


def _add_sampling(group: "argparse._ArgumentGroup", settings: Settings) -> None:
    group.add_argument(
        "--temperature",
        type=_number,
        metavar="X",
        help=f"above 1: bolder, below: safer (default: {settings.temperature:g})",
    )
    group.add_argument("--top-p", type=_number, metavar="X", help="share of likelihood that notes are drawn from")
    group.add_argument("--context-noise", type=_number, metavar="X", help="how vaguely the context is read")
    group.add_argument("--gap-noise", type=_number, metavar="X", help="how far the gap strays from the likeliest way")
    group.add_argument(
        "--similarity", type=_number, metavar="X", help="share of the original's notes that stay; 0 leaves it free"
    )


def _add_constraints(group: "argparse._ArgumentGroup") -> None:
    group.add_argument("--lowest", metavar="NOTE", help="lowest note, such as D4")
    group.add_argument("--highest", metavar="NOTE", help="highest note, such as B5")
    group.add_argument("--any-key", action="store_true", help="also use notes that the tune's key does not have")
    group.add_argument(
        "--lock", metavar="LIST", help="notes that stay: 7:2,8:1 for the second of measure 7 and the first of 8"
    )
    group.add_argument("--keep", choices=("rhythm", "pitches"), help="keep the rhythm, or the pitches in their order")
    group.add_argument("--first-note", metavar="NOTE", help="the first of the new notes")
    group.add_argument("--last-note", metavar="NOTE", help="the last of the new notes")
    group.add_argument("--fewest-notes", type=_whole, metavar="N", help="how many notes each measure has at least")
    group.add_argument("--most-notes", type=_whole, metavar="N", help="how many notes each measure has at most")
    group.add_argument("--longest-leap", type=_whole, metavar="N", help="widest interval between notes, in semitones")
    group.add_argument("--most-kept", type=_number, metavar="X", help="share of the original's notes that may stay")


def _add_guidance(group: "argparse._ArgumentGroup") -> None:
    group.add_argument("--like", type=Path, metavar="FILE", help="a take that --similarity is about, not the original")
    group.add_argument("--echo", metavar="1-2", help="measures whose notes and rhythm become likelier")
    group.add_argument("--echo-strength", type=_number, metavar="X", help="from 0 to 1 (default: 0.5)")
    group.add_argument("--contour", metavar="LIST", help="a line that pitches follow: D5,A5,D5 rises and falls")
    group.add_argument("--contour-strength", type=_number, metavar="X", help="from 0 to 1 (default: 0.5)")
    group.add_argument(
        "--splice",
        nargs=2,
        type=Path,
        metavar=("RHYTHM", "PITCHES"),
        help="no new takes, but the rhythm of one with the pitches of another",
    )


def _add_info(parser: ArgumentParser) -> None:
    parser.set_defaults(run=info.run)
    _add_file(parser)


def _add_bench(parser: ArgumentParser, settings: Settings) -> None:
    parser.set_defaults(run=bench.run)
    parser.add_argument("--runs", type=_whole, default=20, metavar="N", help="how often each thing is done")
    _add_model(parser, settings)


def _add_file(parser: ArgumentParser) -> None:
    parser.add_argument("file", type=Path, metavar="FILE", help="an ABC or MusicXML file")
    parser.add_argument("--tune", metavar="T", help="number (X:) or title of the tune, in a file with several")


def _add_model(parser: ArgumentParser, settings: Settings) -> None:
    parser.add_argument("--model", default=settings.model, metavar="NAME", help="a model's name or weight file")
    parser.add_argument("--device", default=settings.device, metavar="D", help=f"one of {', '.join(DEVICES)}")


def _whole(text: str) -> int:
    try:
        return int(text)
    except ValueError as error:
        message = f"'{text}' is not a whole number"
        raise argparse.ArgumentTypeError(message) from error


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError as error:
        message = f"'{text}' is not a number such as 0.9"
        raise argparse.ArgumentTypeError(message) from error
