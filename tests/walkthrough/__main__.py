"""`make walkthrough`: the documented night and three others, in real time, on a demo of their own.

They pass side by side, so that all take as long as the longest. PACE=10 makes every wait a tenth.
It ends with 1 where anything is not as documented.
"""

import sys
import traceback
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack

from tests.journey.conftest import running_demo
from tests.walkthrough import as_documented, otherwise
from tests.walkthrough.night import Night
from tests.web_server import WebServer, reply


def walked(walk: Callable[[Night], None], night: Night) -> int:
    """How much was not as documented."""
    try:
        walk(night)
    except Exception:  # the others go on
        traceback.print_exc()
        night.say("?", "it did not come to its end", is_right=False)
    return night.wrong


def main() -> int:
    with ExitStack() as stack:
        sms = stack.enter_context(WebServer(lambda _: reply(b"{}")))
        gateway = f"json://127.0.0.1:{sms.port}/sms/{{to}}"
        demo = stack.enter_context(running_demo(ATENDER_SMS_GATEWAY=gateway))
        walks = {
            Night("documented", demo, demo.acme, sms): as_documented.walk,
            Night("person first", demo, demo.globex, sms): otherwise.a_person_resolves_first,
            Night("nobody", demo, demo.acme, sms): otherwise.nobody_takes_it,
            Night("covered", demo, demo.globex, sms): otherwise.planned_work_covers_it,
        }
        for night in walks:
            night.begin(stack)
        with ThreadPoolExecutor(len(walks)) as pool:
            wrong = sum(pool.map(walked, walks.values(), walks))
    print("As documented." if not wrong else f"{wrong} not as documented.")
    return min(wrong, 1)


if __name__ == "__main__":
    sys.exit(main())
