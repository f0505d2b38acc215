"""The parts of each kind's configuration, and what each is about."""

from dataclasses import dataclass
from typing import Any

from monitors.configs import cleaning
from monitors.models.catalogue import MonitorKind

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
RECORDS = ("A", "AAAA", "CNAME", "MX", "NS", "TXT", "SOA", "SRV", "CAA", "PTR")
MATCHES = ("contains", "regex", "similarity")


@dataclass(frozen=True, slots=True)
class Key:
    """`default` is what holds where the configuration does not say it."""

    clean: cleaning.Clean
    about: str
    default: Any = None


LATENCY = Key(
    cleaning.number(1, 120_000, " ms"), "Slower than this, in ms, counts as degraded; none: never."
)
HEADERS = Key(cleaning.headers, "Sent along; their values are kept encrypted.")

KEYS: dict[str, dict[str, Key]] = {
    MonitorKind.HTTP: {
        "method": Key(cleaning.one_of(*METHODS), "How it is asked.", "GET"),
        "headers": HEADERS,
        "body": Key(cleaning.text(10_000), "Sent as the request's body."),
        "expected_status": Key(
            cleaning.statuses, "Statuses that count as well, such as 200-299, 401.", "200-299"
        ),
        "keyword": Key(cleaning.text(500), "Words that the answer has to hold."),
        "json_path": Key(cleaning.text(200), "Where in a JSON answer to look: status.db[0].ok."),
        "json_value": Key(cleaning.text(500), "What has to stand there; none: anything."),
        "latency_limit_ms": LATENCY,
        "redirects": Key(cleaning.number(0, 10), "How many redirects are followed.", 5),
    },
    MonitorKind.AGENT: {
        "token": Key(cleaning.token, "Sent as bearer token; kept encrypted."),
        "headers": HEADERS,
        "model": Key(cleaning.text(200), "The model that is named in the request."),
        "system": Key(cleaning.text(4000), "What stands before the prompt, as system message."),
        "prompt": Key(cleaning.text(4000), "The gold prompt: a question of known answer.", "Hello"),
        "expected": Key(cleaning.text(4000), "The known answer; none: any answer will do."),
        "match": Key(cleaning.one_of(*MATCHES), "How the answer is compared.", "contains"),
        "similarity": Key(cleaning.share, "How alike, from 0 to 1, for match=similarity.", 0.6),
        "latency_limit_ms": LATENCY,
        "max_tokens": Key(cleaning.number(1, 100_000), "An answer of more counts as degraded."),
    },
    MonitorKind.HEARTBEAT: {
        "cron": Key(cleaning.cron, "When it calls, as cron expression; none: each interval."),
        "time_zone": Key(cleaning.zone, "The zone of the cron expression.", "UTC"),
        "grace_s": Key(cleaning.number(0, 86_400, " s"), "How late it may be, in s.", 60),
    },
    MonitorKind.TCP: {
        "expect": Key(cleaning.text(200), "What the server has to say first; none: nothing."),
        "latency_limit_ms": LATENCY,
    },
    MonitorKind.DNS: {
        "record": Key(cleaning.one_of(*RECORDS), "The type of the record.", "A"),
        "expected": Key(cleaning.texts(20, 500), "Values that have to be among the records."),
        "resolver": Key(cleaning.server, "Which server is asked, as address:port."),
        "latency_limit_ms": LATENCY,
    },
    MonitorKind.TLS: {
        "days": Key(cleaning.number(1, 365), "Days before its end that count as degraded.", 14),
    },
    MonitorKind.UPSTREAM: {
        "component": Key(
            cleaning.text(200), "The vendor's component, by name or id; none: the whole page."
        ),
    },
}
