"""The signs that lead from one place of a tune to another: D.C., D.S., Fine, segno and coda."""

from enum import StrEnum


class FormSign(StrEnum):
    """What stands at a measure: a place to go to at its beginning, or an order that holds after it.

    ``TO_CODA_HERE`` is the one order that holds before its measure.
    """

    SEGNO = "segno"
    CODA = "coda"
    TO_CODA_HERE = "to coda here"
    TO_CODA = "to coda"
    FINE = "fine"
    DA_CAPO = "da capo"
    DAL_SEGNO = "dal segno"


FormSigns = frozenset[FormSign]
AT_BEGINNING: FormSigns = frozenset({FormSign.SEGNO, FormSign.CODA, FormSign.TO_CODA_HERE})
NO_SIGNS: FormSigns = frozenset()
