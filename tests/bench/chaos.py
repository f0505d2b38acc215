"""Twenty times `kill -9` of the workers during 20,000 mails: what was lost, what came twice."""

import json
import os
import random
import tempfile

from tests.bench._database import database

RECIPIENTS = int(os.environ.get("RECIPIENTS", "20000"))
KILLS = int(os.environ.get("KILLS", "20"))


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="atender-bench-") as home:
        os.environ |= {"ATENDER_HOME": home, "ATENDER_DEMO": "1"}
        with database() as url:
            print(json.dumps({"scenario": "chaos", **measure(url)}))


def measure(url: str) -> dict[str, int]:
    from atender.tenants.context import in_tenant  # noqa: PLC0415 - needs the settings
    from atender.tenants.provisioning import create_tenant  # noqa: PLC0415
    from tests.smtp_sink import SmtpSink  # noqa: PLC0415
    from tests.subscribers.chaos import add_people, reckon, rush  # noqa: PLC0415

    create_tenant("acme", name="Acme")
    with in_tenant("acme"):
        from incidents.catalogue.components import add_component  # noqa: PLC0415
        from tests.factories import STAFF, make_incident  # noqa: PLC0415

        add_component("API", by=STAFF)
        add_people(RECIPIENTS)
        make_incident("Zahlungen über PayPal schlagen fehl")
    # The server that takes several mails at once, of which most may be in doubt.
    with SmtpSink(takes_chunks=True) as sink:
        rush(url, sink, kills=KILLS, chance=random.Random(1))
        with in_tenant("acme"):
            found = reckon(sink)
    return {
        "recipients": RECIPIENTS,
        "kills": found.kills,
        "lost": len(found.lost),
        "doubled": len(found.doubled),
        "most_doubled_by_a_kill": found.most_doubles_of_a_kill,
        "sent_again_though_recorded": len(found.recorded_and_sent_again),
        "doubled_and_not_logged": len(found.doubled - found.said_to_be_lost),
    }


if __name__ == "__main__":
    main()
