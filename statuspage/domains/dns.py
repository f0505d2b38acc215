"""What the DNS says of a domain's proof: one question for one TXT record."""

from dataclasses import dataclass
from urllib.parse import urlsplit

import dns.exception
import dns.resolver
from django.conf import settings

from atender.texts import is_seen
from statuspage.models.domains import PROOF_KEY, Finding, proof_of

# For the whole question, however many name servers are asked.
LIMIT_S = 5.0
MOST_SEEN, LONGEST_SEEN = 5, 80


@dataclass(frozen=True, slots=True)
class Answer:
    """What was found, and the texts of the TXT records there."""

    finding: Finding
    texts: tuple[str, ...] = ()

    @property
    def is_certain(self) -> bool:
        """Whether the name's own servers answered; their silence proves nothing."""
        return self.finding not in (Finding.FAILED, Finding.TIMED_OUT)

    def proves(self, token: str) -> bool:
        return proof_of(token) in self.texts

    @property
    def seen(self) -> list[str]:
        """The texts as staff may be shown them, cut and without what would hide or turn others."""
        return [
            "".join(c if is_seen(c) or c == " " else "\ufffd" for c in text[:LONGEST_SEEN])
            for text in sorted(self.texts, key=_is_of_others)[:MOST_SEEN]
        ]


def ask(record_name: str) -> Answer:
    """Return what stands at a name; takes `LIMIT_S` at most and raises nothing.

    Chains of CNAMEs are followed. A record of several strings is one text (RFC 7208, 3.3).
    """
    try:
        found = _resolver().resolve(record_name, "TXT", lifetime=LIMIT_S, search=False)
    except dns.resolver.NXDOMAIN:
        return Answer(Finding.NO_NAME)
    except dns.resolver.NoAnswer:
        return Answer(Finding.NO_RECORD)
    except dns.exception.Timeout:
        return Answer(Finding.TIMED_OUT)
    except (dns.exception.DNSException, OSError):
        return Answer(Finding.FAILED)
    texts = [b"".join(record.strings).decode("utf-8", "replace").strip() for record in found]
    return Answer(Finding.OTHER_TEXT, tuple(sorted(texts)))


def _is_of_others(text: str) -> bool:
    return not text.startswith(PROOF_KEY)


def _resolver() -> dns.resolver.Resolver:
    """The system's resolver, or those of the setting: `address` or `address:port`."""
    if not settings.DNS_RESOLVERS:
        return dns.resolver.Resolver()
    resolver = dns.resolver.Resolver(configure=False)
    servers = [urlsplit(f"//{entry}") for entry in settings.DNS_RESOLVERS]
    resolver.nameservers = [str(server.hostname) for server in servers]
    resolver.nameserver_ports = {str(s.hostname): s.port for s in servers if s.port}
    return resolver
