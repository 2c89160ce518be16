"""Runs a command where there is no network but this machine's own.

unshare --net .venv/bin/python -m tests.cut_off COMMAND …
"""

import fcntl
import os
import socket
import struct
import sys

IFF_UP, SIOCGIFFLAGS, SIOCSIFFLAGS = 1, 0x8913, 0x8914


def ways_out() -> list[str]:
    """The names of the network devices beside the machine's own."""
    return [name for _, name in socket.if_nameindex() if name != "lo" and _flags(name) & IFF_UP]


def _flags(name: str) -> int:
    with socket.socket() as any_socket:
        asked = struct.pack("16sh14x", name.encode(), 0)
        answer = fcntl.ioctl(any_socket, SIOCGIFFLAGS, asked)
    return int(struct.unpack("16xh14x", answer)[0])


def main(command: list[str]) -> None:
    """Start the machine's own network, look whether there is another, and become the command."""
    with socket.socket() as any_socket:
        fcntl.ioctl(any_socket, SIOCSIFFLAGS, struct.pack("16sh14x", b"lo", IFF_UP))
    if found := ways_out():
        sys.exit(f"There is a way out: {', '.join(found)}. Put `unshare --net` before.")
    os.execvp(command[0], command)


if __name__ == "__main__":
    main(sys.argv[1:])
