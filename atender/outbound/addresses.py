"""Which network addresses are public, and which are private or reserved.

The tables are those of IANA's special-purpose registries (RFC 6890 and its updates), written out
because Python's own answer changed between its releases, and leaves out some of them.
"""

import ipaddress

Address = ipaddress.IPv4Address | ipaddress.IPv6Address

CLOSED_V4 = tuple(
    ipaddress.IPv4Network(network)
    for network in (
        "0.0.0.0/8",  # this network
        "10.0.0.0/8",
        "100.64.0.0/10",  # between a provider and its customers; one cloud's metadata
        "127.0.0.0/8",
        "168.63.129.16/32",  # another cloud's agent, inside every machine there
        "169.254.0.0/16",  # link-local, where most clouds serve metadata
        "172.16.0.0/12",
        "192.0.0.0/24",
        "192.0.2.0/24",
        "192.88.99.0/24",
        "192.168.0.0/16",
        "198.18.0.0/15",
        "198.51.100.0/24",
        "203.0.113.0/24",
        "224.0.0.0/4",  # multicast
        "240.0.0.0/4",
    )
)
# The only public range of IPv6; special ranges within it are listed below.
OPEN_V6 = ipaddress.IPv6Network("2000::/3")
CLOSED_V6 = tuple(
    ipaddress.IPv6Network(network)
    for network in (
        "2001::/23",  # Teredo, ORCHID and other protocols
        "2001:db8::/32",
        "2002::/16",  # 6to4 carries any IPv4 address
        "3fff::/20",
    )
)
NAT64 = ipaddress.IPv6Network("64:ff9b::/96")


def is_public(address: str) -> bool:
    """Whether anybody may reach it; an IPv6 address that stands for IPv4 is judged as that."""
    ip = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(ip, ipaddress.IPv6Address):
        ip = _behind(ip)
    if isinstance(ip, ipaddress.IPv4Address):
        return not any(ip in network for network in CLOSED_V4)
    return ip in OPEN_V6 and not any(ip in network for network in CLOSED_V6)


def _behind(ip: ipaddress.IPv6Address) -> Address:
    """The IPv4 address to which packets for a mapped or translated address go."""
    if ip in NAT64:
        return ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
    return ip.ipv4_mapped or ip
