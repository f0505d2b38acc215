"""What was found at a domain's record, in sentences for staff."""

from statuspage.domains.dns import LIMIT_S
from statuspage.models import CustomDomain, Finding

SENTENCES = {
    Finding.UNCHECKED: "The record has not been looked for yet.",
    Finding.PROVED: "The record {record} is there and right.",
    Finding.NO_NAME: "The DNS does not know {record}. A new record may take up to an hour to be "
    "seen. Some providers add your domain to what is typed as a name: there, leave it away.",
    Finding.NO_RECORD: "{record} is known to the DNS, but holds no TXT record. "
    "Set one of type TXT there.",
    Finding.OTHER_TEXT: "{record} holds another text: {seen}. It has to hold {value} as well, "
    "or instead.",
    Finding.FAILED: "The name servers of {name} answered with an error (such as SERVFAIL). This "
    "counts neither for nor against the proof; if it lasts, ask whoever runs them.",
    Finding.TIMED_OUT: "The name servers of {name} did not answer within {limit} seconds. This "
    "counts neither for nor against the proof.",
    Finding.TAKEN: "The record is right, but another customer of this installation has proved "
    "{name} and the record for that still stands too. Remove the other “atender-proof” text at "
    "{record}; then the domain moves here at the next check.",
}


def finding_sentence(domain: CustomDomain) -> str:
    """Say what the last look found, and what would be right."""
    return SENTENCES[Finding(domain.finding)].format(
        record=domain.record_name,
        name=domain.name,
        value=domain.record_value,
        seen=", ".join(f"“{text}”" for text in domain.seen),
        limit=round(LIMIT_S),
    )
