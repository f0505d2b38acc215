"""DNS names: whether the records exist, and the expected ones are among them."""

from time import monotonic

import dns.asyncresolver
import dns.exception
import dns.nameserver
import dns.resolver
from django.conf import settings

from atender.outbound.addresses import is_public
from atender.outbound.async_connecting import addresses_of
from atender.outbound.private import may_be_private
from monitors.kinds.jobs import Finding, Job, down, milliseconds, up
from monitors.kinds.tcp import place_of


class NoServer(Exception):
    """The name server that the monitor names is not allowed, or was not found."""


async def check(job: Job) -> Finding:
    started = monotonic()
    try:
        resolver = await _resolver(job)
        answer = await resolver.resolve(
            job.url, job.says("record"), lifetime=job.timeout_s, search=False
        )
    except (dns.resolver.NXDOMAIN, dns.resolver.NoAnswer):
        return down("dns_no_answer", milliseconds(monotonic() - started))
    except dns.exception.Timeout:
        return down("timeout")
    except NoServer as error:
        return down(str(error))
    except (dns.exception.DNSException, OSError, ValueError):
        return down("dns_failed")
    latency_ms = milliseconds(monotonic() - started)
    found = {_plain(record.to_text()) for record in answer}
    wanted = {_plain(value) for value in job.says("expected") or ()}
    if not wanted <= found:
        return down("dns_mismatch", latency_ms)
    return up(latency_ms, limit_ms=job.says("latency_limit_ms"))


async def _resolver(job: Job) -> dns.asyncresolver.Resolver:
    if named := job.says("resolver"):
        host, port = place_of(named, 53)
        return await _asking(host, port)
    if settings.DNS_RESOLVERS:
        resolver = dns.asyncresolver.Resolver(configure=False)
        places = [place_of(server, 53) for server in settings.DNS_RESOLVERS]
        resolver.nameservers = [dns.nameserver.Do53Nameserver(*place) for place in places]
        return resolver
    return dns.asyncresolver.Resolver()


async def _asking(host: str, port: int) -> dns.asyncresolver.Resolver:
    """Ask one server that a tenant names, judged like any other target."""
    try:
        found = await addresses_of(host)
    except OSError:
        raise NoServer("name") from None
    allowed = [a for a in found if may_be_private() or is_public(a)]
    if not allowed:
        raise NoServer("private_target")
    resolver = dns.asyncresolver.Resolver(configure=False)
    resolver.nameservers = [dns.nameserver.Do53Nameserver(allowed[0], port)]
    return resolver


def _plain(value: str) -> str:
    return value.strip('"').rstrip(".").lower()
