"""Results drawn as Plotly figures: values in, figures out. No query, no HTML and no script.

A figure never says alone what it says: each has a caption with the finding, and a table. What a
page asks for is named here; `drawing` has the pieces that they share.
"""

from .body import places
from .comparison import comparison_rows, comparison_table
from .days import example, six_weeks
from .finding import actual_days, directions, twenty_answers
from .hours import times_of_day
from .medicines import courses
from .over_time import factor_over_time
from .tables import length_table, reach_table, region_tables

__all__ = [
    "actual_days",
    "comparison_rows",
    "comparison_table",
    "courses",
    "directions",
    "example",
    "factor_over_time",
    "length_table",
    "places",
    "reach_table",
    "region_tables",
    "six_weeks",
    "times_of_day",
    "twenty_answers",
]
