"""A tune to begin with: a title, a key, a meter and measures of rest.

It is an ABC document like any other, opened from its own text. As it holds nothing but rests, music21
is not asked what they mean, and the window need not wait for it.
"""

from inpaint_desktop.documents.abc.document import open_abc
from inpaint_desktop.documents.abc.fields import MAX_TEMPO_BPM
from inpaint_desktop.documents.abc.located import ScannedVoice
from inpaint_desktop.documents.abc.writing import melody_to_abc
from inpaint_desktop.documents.document import ScoreDocument
from inpaint_desktop.documents.encodings import Codec
from inpaint_desktop.documents.limits import MAX_BEAT_TYPE, MAX_BEATS, MAX_FIFTHS, MAX_MEASURES
from inpaint_desktop.errors import SettingsError
from inpaint_desktop.score.key import KeySignature
from inpaint_desktop.score.melody import Measure, Melody, Note
from inpaint_desktop.score.meter import Meter

UNTITLED = "Untitled.abc"


def new_tune(
    title: str, meter: Meter, key: KeySignature, *, measures: int = 16, tempo_bpm: float | None = None, pickup: int = 0
) -> ScoreDocument:
    """Make a tune of rests that has not been saved yet.

    Args:
        title: its title; line breaks become spaces.
        meter: its meter.
        key: its key; without a mode it is major.
        measures: how many full measures it has.
        tempo_bpm: quarter notes a minute, or ``None`` for no tempo sign.
        pickup: how long the measure before the first full one lasts, in ticks; 0 for none.

    Raises:
        SettingsError: there is no such tune.
    """
    _check(1 <= measures <= MAX_MEASURES - 1, f"A tune has 1 to {MAX_MEASURES - 1:,} measures, not {measures:,}.")
    _check(_is_usual(meter), f"{meter} is not a meter for a new tune; choose one such as 4/4 or 6/8.")
    _check(abs(key.fifths) <= MAX_FIFTHS, f"A key has up to {MAX_FIFTHS} sharps or flats, not {abs(key.fifths)}.")
    _check(0 <= pickup < meter.ticks, "A pickup is shorter than a full measure; choose fewer beats.")
    is_tempo = tempo_bpm is None or 0 < tempo_bpm <= MAX_TEMPO_BPM
    _check(is_tempo, f"A tempo has to be above 0 and up to {MAX_TEMPO_BPM} quarter notes a minute.")
    lengths = [*([pickup] if pickup else []), *[meter.ticks] * measures]
    rests = (Measure((Note(0, ticks, None),), meter, key, ticks, tempo_bpm=tempo_bpm) for ticks in lengths)
    text = melody_to_abc(Melody(tuple(rests), title))
    return open_abc(text, file_name=UNTITLED, codec=Codec(), read=_read_rests)


def _check(is_possible: bool, sentence: str) -> None:
    if not is_possible:
        raise SettingsError(sentence)


def _is_usual(meter: Meter) -> bool:
    is_power_of_two = meter.beat_type > 0 and meter.beat_type & (meter.beat_type - 1) == 0
    return 1 <= meter.beats <= MAX_BEATS and is_power_of_two and meter.beat_type <= MAX_BEAT_TYPE


def _read_rests(voice: ScannedVoice) -> Melody:
    """Read a voice of rests; each measure holds a single one."""
    measures = (one.mark.measure((Note(0, one.duration, None),), one.duration) for one in voice.measures)
    return Melody(tuple(measures), voice.title)
