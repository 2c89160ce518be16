"""Refuses every connection that leaves this machine, and writes it down, in each Python process.

Python imports a module of this name by itself when it starts and finds one. The tests put this
folder on the path of every process that they start, and import it themselves. Whoever swallows the
refusal is found all the same: each line of the file that WAY_OUT names fails the test that runs.
"""

import ipaddress
import os
import socket
import sys
from typing import Any

OUTWARD = {
    "socket.connect",
    "socket.sendto",
    "socket.sendmsg",
    "socket.getaddrinfo",
    "socket.gethostbyname",
    "socket.gethostbyaddr",
}
LOOKED_UP = {"socket.getaddrinfo", "socket.gethostbyname", "socket.gethostbyaddr"}


def is_here(host: Any) -> bool:
    """Whether a name or a number of the network is this machine's own."""
    name = host.decode(errors="replace") if isinstance(host, bytes) else host
    if name in (None, "", "localhost", socket.gethostname()):
        return True
    try:
        number = ipaddress.ip_address(str(name).partition("%")[0])
    except ValueError:
        return False
    return number.is_loopback or number.is_unspecified


def refuse(event: str, about: tuple[Any, ...]) -> None:
    """An audit hook: raises PermissionError for what would leave this machine."""
    if event not in OUTWARD:
        return
    where = about[0] if event in LOOKED_UP else about[1]
    # A path, or nothing where the socket is connected already, stays within.
    if event not in LOOKED_UP and not isinstance(where, tuple):
        return
    host = where[0] if isinstance(where, tuple) else where
    if is_here(host):
        return
    if log := os.environ.get("WAY_OUT"):
        with open(log, "a", encoding="utf-8") as file:  # noqa: PTH123 - less to import at a start
            file.write(f"{event} {host} by {' '.join(sys.argv)[:200]}\n")
    raise PermissionError(f"tests reach no other machine: {event} {host}")


def guard() -> None:
    """Refuse from now on in this process; twice is once."""
    if not getattr(sys, "_is_cut_off", False):
        sys.addaudithook(refuse)
        sys._is_cut_off = True  # type: ignore[attr-defined]


guard()
