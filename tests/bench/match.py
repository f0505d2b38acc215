"""Match customers' messages with 50 incidents active: milliseconds a message, messages a second."""

import json
import statistics
import time

from assist.matching import ActiveIncident, build_index, match

SUBJECTS = ("Card payments", "Logins", "Webhooks", "Exports", "Parcels", "Refunds", "Search",
            "Video calls", "Bank transfers", "Push notifications")  # fmt: skip
FAULTS = ("failing", "delayed", "slow", "returning errors", "unavailable")
MESSAGES = (
    "I can't log in since this morning, it just sends me back to the login page",
    "how do I change my avatar",
    "Meine Karte wurde heute im Supermarkt abgelehnt, was ist los?",
    "لا أستطيع تسجيل الدخول إلى حسابي",
    "支払いがエラーになって決済できない",
    (
        "Hi team,\n\nour webhooks are arriving forty minutes late and some never come. Our own"
        " systems are fine, we checked twice.\n\nBest regards,\nMaria Schmidt\nHead of Platform"
    ),
    "my top up ha failed and the oney is not in myaccount",
)
ROUNDS = 300


def main() -> None:
    index = build_index(
        [
            ActiveIncident(
                id=f"{subject}-{fault}",
                title=f"{subject} {fault}",
                body=f"We are investigating reports of {subject.lower()} {fault}.",
                components=(subject,),
            )
            for subject in SUBJECTS
            for fault in FAULTS
        ]
    )
    match(MESSAGES[0], index)
    times = []
    for turn in range(ROUNDS):
        for message in MESSAGES:
            # A number that differs each time, as customers' order numbers do, defeats no cache
            # that production would not have.
            text = f"{message} {turn * 7919}"
            started = time.perf_counter()
            match(text, index)
            times.append((time.perf_counter() - started) * 1000)
    figures = {
        "scenario": "match",
        "p50_ms": round(statistics.median(times), 3),
        "p95_ms": round(statistics.quantiles(times, n=20)[-1], 3),
        "per_s": round(1000 * len(times) / sum(times)),
    }
    print(json.dumps(figures))


if __name__ == "__main__":
    main()
