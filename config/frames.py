"""Room for the frames of calls, taken from the system once and not with every call at an edge.

CPython keeps the frames of a thread in pieces of 16 kB. It asks the system for the next piece when
a call no longer fits, and gives it back when that call returns: a loop that happens to stand at
such an edge does so thousands of times, which took up to a third of a page. A frame that says that
it may need more than a piece gets one as large as is wanted, and what it calls finds room there.
"""

from collections.abc import Callable
from types import FunctionType

SLOTS = 40_000  # of eight bytes: the piece has 512 kB, of which so many stay untouched


def roomy[**Given, Made](function: Callable[Given, Made]) -> Callable[Given, Made]:
    """Let all that this function calls find room for its frames."""
    assert isinstance(function, FunctionType)
    function.__code__ = function.__code__.replace(co_stacksize=SLOTS)
    return function
