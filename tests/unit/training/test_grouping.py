"""Groups and splits: settings of one tune stay together, on every machine alike."""

from dataclasses import replace

from inpaint_desktop.encoding.transposition import Transposition
from inpaint_desktop.score.key import KeySignature
from inpaint_desktop.score.melody import Melody
from training.corpus import Tune
from training.grouping import shape_of, with_splits
from training.sources import Found


def found(tune: Tune, title: str | None = None) -> Found:
    melody = tune.melody if title is None else replace(tune.melody, title=title)
    return Found(melody, "folder")


def changed(tune: Tune, measure: int) -> Tune:
    """The tune with one measure in place of another, so that it is not a duplicate."""
    measures = list(tune.melody.measures)
    measures[measure] = measures[0]
    return replace(tune, melody=replace(tune.melody, measures=tuple(measures)))


def test_a_tune_with_a_known_title_goes_where_that_one_is_held_out(tunes: list[Tune]) -> None:
    placed = with_splits(tunes, [found(changed(tunes[0], 5), "The Tune, 4")])
    assert (placed[-1].split, placed[-1].group) == ("valid", "group 4")


def test_a_tune_with_a_known_opening_goes_with_it(tunes: list[Tune]) -> None:
    placed = with_splits(tunes, [found(changed(tunes[5], 9), "Another Name")])
    assert (placed[-1].split, placed[-1].group) == ("test", "group 5")


def test_of_two_known_groups_the_held_out_one_counts(tunes: list[Tune]) -> None:
    placed = with_splits(tunes, [found(changed(tunes[0], 6), "Tune 5")])
    assert placed[-1].split == "test"
    assert placed[0].split == "train"


def test_a_repeated_tune_is_dropped_in_any_key(tunes: list[Tune]) -> None:
    assert len(with_splits(tunes, [found(tunes[0], "New Name")])) == len(tunes)
    assert len(with_splits([], [found(tunes[0]), found(tunes[0])])) == 1


def test_known_tunes_keep_their_places(tunes: list[Tune]) -> None:
    assert with_splits(tunes, [])[: len(tunes)] == tunes


def test_the_order_of_files_does_not_matter(tunes: list[Tune]) -> None:
    one, other = [found(tune) for tune in tunes], [found(tune) for tune in reversed(tunes)]
    places = [{tune.melody.title: (tune.group, tune.split) for tune in with_splits([], part)} for part in (one, other)]
    assert places[0] == places[1]


def test_a_new_group_is_split_by_its_hash(tunes: list[Tune]) -> None:
    splits = [
        with_splits([], [Found(Melody(measures[turn:] + measures[:turn]), "folder")])[0].split
        for measures in (tune.melody.measures for tune in tunes)
        for turn in range(len(measures))
    ]
    assert 0.75 < splits.count("train") / len(splits) < 1.0
    assert {"valid", "test"} <= set(splits)


def test_shapes_are_alike_in_every_key(tunes: list[Tune]) -> None:
    moved = [Transposition(3, KeySignature(-2)).apply(measure) for measure in tunes[0].melody.measures]
    assert shape_of(moved) == shape_of(tunes[0].melody.measures)
    assert shape_of(moved[1:]) != shape_of(tunes[0].melody.measures)
