"""Calls above a frame that has room for them."""

from resource import RUSAGE_SELF, getrusage
from threading import Thread

from config.frames import roomy

CALLS = 1000


def called(deep):
    if deep:
        return called(deep - 1)
    before = getrusage(RUSAGE_SELF).ru_minflt
    for _ in range(CALLS):
        wider_than_called()
    return getrusage(RUSAGE_SELF).ru_minflt - before


def wider_than_called(a=0, b=0, c=0, d=0, e=0, f=0, g=0, h=0):
    return a, b, c, d, e, f, g, h


@roomy
def at_every_depth(most):
    most.append(max(map(called, range(200))))


def test_a_call_asks_the_system_for_no_memory_however_deep_it_is():
    most = []
    thread = Thread(target=at_every_depth, args=[most])
    thread.start()
    thread.join()
    assert most[0] < CALLS / 10
