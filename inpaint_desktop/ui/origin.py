"""What takes are asked for: measures of a score and how they shall be, as a value and in the engine's words."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from inpaint_desktop.documents.document import ScoreDocument
from inpaint_desktop.score.melody import Measure, Melody, Span
from inpaint_desktop.score.places import NotePlace
from inpaint_desktop.ui.editor import Editor
from inpaint_desktop.ui.fill_settings import USUAL_VARIETY, FillSettings
from inpaint_desktop.ui.wishes import USUAL_STRENGTH, Contour

if TYPE_CHECKING:
    from inpaint_desktop.encoding.grammar import Constraints
    from inpaint_desktop.engine.request import FillRequest, Variety

_BOLDEST_TEMPERATURE = 1.6


@dataclass(frozen=True, slots=True)
class Origin:
    """What takes were asked for: measures of a part of a score, and how they shall be.

    ``locked`` are the notes and rests of the measures that stay, ``contour`` is the line that pitches shall follow.
    """

    document: ScoreDocument
    part: int
    span: Span
    settings: FillSettings
    locked: frozenset[NotePlace] = frozenset()
    contour: Contour = ()
    contour_strength: float = USUAL_STRENGTH

    @property
    def melody(self) -> Melody:
        """The melody that the takes are for."""
        return self.document.melody(self.part)

    @property
    def measures(self) -> tuple[Measure, ...]:
        """The measures as they were."""
        return self.melody.measures[self.span.start : self.span.stop]

    def is_of(self, editor: Editor) -> bool:
        """Whether this is still the score, and the part, that is worked on."""
        return self.document is editor.document and self.part == editor.part

    def is_about(self, other: "Origin") -> bool:
        """Whether both are about the same measures of the same score."""
        return self.document is other.document and (self.part, self.span) == (other.part, other.span)


def temperature_of(variety: float) -> float:
    """The decoder's temperature for a variety from 0 to 1; 1.0 in the middle."""
    return float(_BOLDEST_TEMPERATURE ** (2 * variety - 1))


def variety_of(variety: float) -> "Variety":
    """Where takes get a variety from 0 to 1 from; the engine's own defaults in the middle."""
    from inpaint_desktop.engine.request import Variety  # numpy comes with it, so not before something is asked for

    usual, share = Variety(), variety / USUAL_VARIETY
    return Variety(
        context_noise=usual.context_noise * share,
        gap_noise=usual.gap_noise * share,
        temperature=usual.temperature * temperature_of(variety),
        top_p=usual.top_p + (1 - usual.top_p) * (share - 1),
    )


def request_for(origin: Origin) -> "FillRequest":
    """Put what is wanted into the words of the engine.

    Raises:
        InpaintDesktopError: it cannot be; the sentence says why.
    """
    from inpaint_desktop.engine.request import ContourPoint, FillRequest, Guidance

    wanted = origin.settings
    return FillRequest(
        origin.melody,
        origin.span,
        takes=wanted.takes,
        seed=wanted.seed,
        variety=variety_of(wanted.variety),
        constraints=_constraints_of(origin),
        stay_in_key=wanted.stay_in_key,
        similarity=wanted.similarity,
        like=wanted.example.measures if wanted.example else None,
        guidance=Guidance(
            echo=wanted.echo,
            echo_strength=wanted.echo_strength,
            contour=tuple(ContourPoint(point.measure, point.onset, point.midi) for point in origin.contour),
            contour_strength=origin.contour_strength,
        ),
    )


def _constraints_of(origin: Origin) -> "Constraints":
    """What every take has to meet exactly.

    Raises:
        InpaintDesktopError: it cannot be met at all.
    """
    from inpaint_desktop.encoding.grammar import Constraints

    wanted = origin.settings
    return Constraints(
        lowest=wanted.lowest,
        highest=wanted.highest,
        locked=origin.locked,
        keep_rhythm=wanted.keep == "rhythm",
        keep_pitches=wanted.keep == "pitches",
        first_note=wanted.first_note,
        last_note=wanted.last_note,
        fewest_onsets=wanted.fewest_notes,
        most_onsets=wanted.most_notes,
        longest_leap=wanted.longest_leap,
        most_kept=wanted.most_kept,
    )
