"""Targets that are not URLs: a port, a certificate, a name in the DNS."""

import re

from atender.digits import whole_number
from atender.refusals import Refused
from monitors.models import MonitorKind

HOST = re.compile(r"\[[0-9a-fA-F:.]+\]|[^\s/\\@:\[\]?#]+")
BARE_IPV6 = re.compile(r"[0-9a-fA-F]*:[0-9a-fA-F:.]*:[0-9a-fA-F:.]*")
HIGHEST_PORT = 65_535
LOOKS_LIKE = {
    MonitorKind.TCP: "The address is a host and a port, as in db.example:5432.",
    MonitorKind.TLS: "The address is a host name, with a port unless it is 443, as in "
    "mail.example:465.",
    MonitorKind.DNS: "The address is the name that is looked up, as in shop.example; a server to "
    "ask stands in 'resolver'.",
}


def check_place(place: str, kind: str) -> None:
    """Raises Refused with what an address of this kind looks like."""
    host, port = _parts(place.removeprefix("//"))
    wrong = not HOST.fullmatch(host) or ".." in host
    if kind == MonitorKind.DNS:
        wrong = wrong or port is not None
    elif kind == MonitorKind.TCP:
        wrong = wrong or port is None
    if wrong:
        raise Refused(LOOKS_LIKE[MonitorKind(kind)], field="url")
    _check_port(port, field="url")


def check_server(place: str, field: str) -> None:
    """Raises Refused unless this is a server that can be asked for names."""
    host, port = _parts(place)
    if not HOST.fullmatch(host) or ".." in host:
        raise Refused(
            "A server to ask is an address or a name, with a port unless it is 53, as in "
            "192.0.2.53:5353.",
            field=field,
        )
    _check_port(port, field=field)


def _check_port(port: str | None, *, field: str) -> None:
    if port is None:
        return
    if not 1 <= (whole_number(port, digits=5) or 0) <= HIGHEST_PORT:
        raise Refused(
            f"A port is a number from 1 to {HIGHEST_PORT:,}; this one is '{port[:20]}'.",
            field=field,
        )


def _parts(place: str) -> tuple[str, str | None]:
    if BARE_IPV6.fullmatch(place):
        return f"[{place}]", None
    host, colon, port = place.rpartition(":")
    if not colon or place.endswith("]"):
        return place, None
    return host, port
