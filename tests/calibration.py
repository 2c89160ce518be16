"""The product's own comparison behind the small interface of the calibration harness."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from insights.analysis.association import Refused, associate
from insights.analysis.outcomes import Calendar, Exposure
from insights.analysis.series import WINDOW_DAYS


def analyze(days: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Findings of one made-up diary; rows are consecutive days, NaN is not known."""
    counts = np.asarray(days["count"], dtype=float)[-WINDOW_DAYS:]
    calendar = Calendar(
        weekday=np.asarray(days["dow"], dtype=np.int64)[-WINDOW_DAYS:],
        weekend=tuple(days.get("weekend", (5, 6))),
        resting=np.zeros(counts.size, dtype=np.bool_),
    )
    exposures = [
        Exposure(key, days["unit"][key], tuple(days["lags"][key]), np.asarray(x)[-WINDOW_DAYS:])
        for key, x in days["factors"].items()
    ]
    return [row for link in associate(counts, calendar, exposures) for row in _rows(link)]


def _rows(link: Any) -> list[dict[str, Any]]:
    if isinstance(link, Refused):
        nan = float("nan")
        return [
            {
                "factor": link.factor,
                "lag": link.lag,
                "evidence": "insufficient",
                "rr": nan,
                "lo": nan,
                "hi": nan,
            }
        ]
    rows = []
    for i, cell in enumerate(link.cells):
        estimate = cell.effect.estimate(cell.outside)
        rows.append(
            {
                "factor": link.factor,
                "lag": cell.lag,
                "evidence": str(link.level) if i == link.shown else "none",
                "rr": estimate.ratio,
                "lo": estimate.low,
                "hi": estimate.high,
                "p": link.p,
            }
        )
    return rows
