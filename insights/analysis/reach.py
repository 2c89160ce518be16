"""What a diary can see: how large an effect must be to show, and when a moderate one would."""

from datetime import date, timedelta
from math import ceil, exp, log

from scipy.special import ndtri

from .association import Cell, Link
from .evidence import TEST_ALLOWANCE, WEAK
from .results import Reach
from .series import WINDOW_DAYS

POWER = 0.8
MODERATE_RATIO = 1.5  # between two days that lie one usual spread of the factor apart
LARGEST_SHOWN = 100.0


def reach(link: Link, family: int, window_days: int, last: date) -> Reach:
    """The smallest ratio this diary would call a hint in four of five cases, and a date.

    The date is `last` when a moderate effect would show already, and None when a year of days kept
    as often as now would not be enough. `family` is the number of factors compared.
    """
    cell = link.cell
    detectable = _detectable(cell, len(link.cells), family)
    moderate = log(MODERATE_RATIO) * link.unit / cell.spread
    needed = cell.days_used * (detectable / moderate) ** 2  # information grows with the days
    pace = cell.days_used / window_days
    more = max(0, ceil((needed - cell.days_used) / pace))
    return Reach(
        smallest_ratio=exp(detectable) if detectable < log(LARGEST_SHOWN) else None,
        moderate_effect_on=last + timedelta(days=more) if needed <= pace * WINDOW_DAYS else None,
    )


def _detectable(cell: Cell, lags: int, family: int) -> float:
    """The log ratio per unit that passes the test of the family in four of five diaries."""
    passes = -float(ndtri(WEAK / (2 * family * lags)))
    return (passes * TEST_ALLOWANCE + float(ndtri(POWER))) * cell.alone.spread
