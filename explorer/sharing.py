"""Whether others than the one who started the server can reach its pages; asked here and nowhere else.

A guest looks at pictures and measures, within a share of the machine. What changes the machine for all, such
as a fetch of weights, is then asked for at the machine itself, in the shell: no page can tell who sits there.
"""

import ipaddress
import os
import socket

SHARED = "EXPLORER_SHARED"  # the environment variable; "0" and "" are no, all else is yes
THIS_MACHINE = "127.0.0.1"
EVERYWHERE = "0.0.0.0"
_FOREIGN = ("192.0.2.1", 9)  # of a block that is never routed (RFC 5737); nothing is sent to it


def is_shared(address: str | None) -> bool:
    """Whether a server has guests.

    EXPLORER_SHARED says so where it is set: behind a proxy the server itself listens on this machine alone.
    Else it is told by the address.

    Args:
        address: What the server listens on; None, which is every interface, or the path of a socket, as a
            proxy reads it, are as shared as a network's address is.
    """
    said = os.environ.get(SHARED)
    if said is not None:
        return said not in ("", "0")
    if address is None:
        return True
    try:
        return not ipaddress.ip_address(address).is_loopback
    except ValueError:  # a name or a path
        return address != "localhost"


def network_address() -> str | None:
    """This machine's address in its network, by which others reach it; None where it has no network."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(_FOREIGN)  # chooses the interface
        except OSError:
            return None
        return probe.getsockname()[0]
