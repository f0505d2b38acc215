"""A thousand conversations a minute through the API, while an incident is open; then, the limit.

Each is opened and complains in one of ten languages, to a running server with its workers. One of
ten messages is sent twice at once, as a webhook that lost its answer does.
"""

import http.client
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from threading import Lock, local
from typing import Any

from tests.bench._database import database
from tests.bench._server import Server, serving

PER_MINUTE = 1000
PACED = int(os.environ.get("CONVERSATIONS", "1000"))
FLAT_OUT = int(os.environ.get("FLAT_OUT", "1000"))
PROGRAMS = 8
TWICE_OF = 10
HOST = "acme.localhost"
SAID = {
    "en": "My card is declined at every checkout today, payments keep failing",
    "de": "Meine Kartenzahlung schlägt heute immer fehl, die Karte wird abgelehnt",
    "fr": "Impossible de payer par carte, le paiement est refusé depuis ce matin",
    "es": "No puedo pagar con tarjeta, el pago falla todo el tiempo",
    "pt": "Não consigo pagar com cartão, o pagamento é sempre recusado",
    "it": "Il pagamento con carta non funziona, viene sempre rifiutato",
    "nl": "Betalen met mijn kaart lukt niet, de betaling mislukt steeds",
    "pl": "Nie mogę zapłacić kartą, płatność jest ciągle odrzucana",
    "ar": "لا أستطيع الدفع بالبطاقة، يتم رفض الدفع باستمرار",
    "ja": "カードで支払いができません。決済がエラーになります",
}
LANGUAGES = list(SAID)


class Rush:
    """Conversations through the API, and what was answered, by language."""

    def __init__(self, server: Server, key: str, name: str) -> None:
        self.server, self.key, self.name = server, key, name
        self.answers: dict[str, list[str]] = defaultdict(list)
        self.times: list[float] = []
        self.differed = 0
        self._own, self._lock = local(), Lock()

    def converse(self, number: int, due: float = 0.0) -> None:
        """Open one and complain; the latency counts from when it was due."""
        time.sleep(max(due - time.perf_counter(), 0))
        started = due or time.perf_counter()
        language = LANGUAGES[number % len(LANGUAGES)]
        known = f"{self.name}-{number}"
        body = {"external_id": known, "channel": "chat", "handled_by": "ai", "language": language,
                "customer_email": f"{known}@example.com", "address_proved": True}  # fmt: skip
        path = f"/api/v1/conversations/{self.ask('/api/v1/conversations', body)['id']}/messages"
        said = {"external_id": known, "author": "customer", "text": SAID[language]}
        if number % TWICE_OF:
            taken = [self.ask(path, said)]
        else:
            with ThreadPoolExecutor(2) as pool:
                taken = list(pool.map(lambda _: self.ask(path, said), range(2)))
        spent = (time.perf_counter() - started) * 1000
        with self._lock:
            self.times.append(spent)
            self.differed += any(one != taken[0] for one in taken)
            self.answers[language].append("\n\n".join(r["text"] for r in taken[0]["replies"]))

    def ask(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        if not hasattr(self._own, "line"):
            self._own.line = http.client.HTTPConnection("127.0.0.1", self.server.port, timeout=60)
        line: http.client.HTTPConnection = self._own.line
        headers = {"Host": HOST, "Authorization": f"Bearer {self.key}"}
        headers["Content-Type"] = "application/json"
        line.request("POST", path, json.dumps(body), headers)
        answer = line.getresponse()
        text = answer.read()
        if answer.status >= 300:
            raise RuntimeError(f"{path}: {answer.status} {text[:300]!r}")
        found: dict[str, Any] = json.loads(text)
        return found

    def run(self, count: int, *, per_minute: int = 0) -> float:
        """Have so many, at this pace or as fast as it goes; returns how many a minute it were."""
        began = time.perf_counter()
        gap = 60 / per_minute if per_minute else 0
        with ThreadPoolExecutor(PROGRAMS) as pool:
            dues = (began + gap * number if gap else 0.0 for number in range(count))
            list(pool.map(self.converse, range(count), dues))
        return count * 60 / (time.perf_counter() - began)

    def figures(self) -> dict[str, float]:
        """Latencies, and the share that got what most of their language got: an answer at all."""
        alike = sum(
            max(map(said.count, set(said) - {""}), default=0) for said in self.answers.values()
        )
        return {
            "p50_ms": round(statistics.median(self.times), 1),
            "p95_ms": round(statistics.quantiles(self.times, n=20)[-1], 1),
            "consistent": round(alike / len(self.times), 4),
        }


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="atender-bench-") as home:
        os.environ |= {"ATENDER_HOME": home, "ATENDER_DEMO": "1"}
        with database():
            print(json.dumps({"scenario": "conversations", **measure()}))


def measure() -> dict[str, float]:
    from django.core.management import call_command  # noqa: PLC0415 - needs the settings

    from atender.tenants.context import in_tenant  # noqa: PLC0415

    call_command("collectstatic", interactive=False, verbosity=0)
    key = fill()
    worker = subprocess.Popen([sys.executable, "manage.py", "qcluster"], stdout=subprocess.DEVNULL)
    try:
        with serving("atender.wsgi:application", host=HOST, path="/healthz") as server:
            Rush(server, key, "warm").run(100)
            paced, rush = Rush(server, key, "paced"), Rush(server, key, "rush")
            paced_per_minute = paced.run(PACED, per_minute=PER_MINUTE)
            most = rush.run(FLAT_OUT)
    finally:
        worker.terminate()
        worker.wait(30)
    with in_tenant("acme"):
        bare = {name: bare_per_minute(act) for name, act in BARE.items()}
        kept = reckon(PACED, FLAT_OUT)
    return {
        "per_minute": round(paced_per_minute),
        **paced.figures(),
        "most_per_minute": round(most),
        **{f"most_{name}": value for name, value in rush.figures().items()},
        "differed": paced.differed + rush.differed,
        **kept,
        **{f"bare_{name}_per_minute": round(per_minute) for name, per_minute in bare.items()},
        **{f"ratio_{name}": round(most / per_minute, 3) for name, per_minute in bare.items()},
    }


def fill() -> str:
    from atender.tenants.context import in_tenant  # noqa: PLC0415 - needs the settings
    from atender.tenants.provisioning import create_tenant  # noqa: PLC0415

    create_tenant("acme", name="Acme")
    with in_tenant("acme"):
        from incidents.catalogue.components import add_component  # noqa: PLC0415
        from tests.factories import STAFF, make_incident, make_key  # noqa: PLC0415

        for name in ("Card payments", "API"):
            add_component(name, by=STAFF)
        body = "Card payments are declined at the checkout. We are looking for the cause."
        make_incident("Card payments failing", body=body, components=("Card payments",))
        make_incident("Exports delayed", body="Exports to CSV take up to an hour.")
        return make_key("assist")


def reckon(*sizes: int) -> dict[str, int]:
    """Count what is not there, and what is there too often, of messages and of answers."""
    from django.db.models import Count  # noqa: PLC0415 - needs the settings

    from assist.models import Message, Purpose  # noqa: PLC0415

    said = Message.objects.filter(conversation__external_id__regex="^(paced|rush)-")
    asked = said.filter(author="customer")
    answers = said.filter(purpose=Purpose.ANSWER)
    told = answers.values("conversation").annotate(times=Count("id"))
    return {
        "sent": sum(sizes),
        "lost": 2 * sum(sizes) - asked.values("conversation").distinct().count() - told.count(),
        "doubled": asked.count() - asked.values("conversation").distinct().count()
        + sum(one["times"] - 1 for one in told),
    }  # fmt: skip


def match_all(texts: Iterable[str]) -> None:
    from assist.knowledge import knowledge_of  # noqa: PLC0415 - needs the settings
    from assist.matching import match  # noqa: PLC0415
    from tests.factories import default_page  # noqa: PLC0415

    index = knowledge_of([default_page()]).index
    for text in texts:
        match(text, index)


def insert_all(texts: Iterable[str]) -> None:
    """A conversation, what was said and an answer: three rows, a commit for each."""
    from django.utils import timezone  # noqa: PLC0415 - needs the settings

    from assist.models import Conversation, Message  # noqa: PLC0415

    for number, text in enumerate(texts):
        now = timezone.now()
        row = Conversation.objects.create(
            external_id=f"bare-{number}", channel="chat", handled_by="ai", last_message_at=now
        )
        for author in ("customer", "agent"):
            Message.objects.create(
                conversation=row, external_id=author, author=author, text=text, created_at=now
            )


BARE: dict[str, Callable[[Iterable[str]], None]] = {"match": match_all, "insert": insert_all}


def bare_per_minute(act: Callable[[Iterable[str]], None]) -> float:
    texts = [f"{SAID[LANGUAGES[n % len(LANGUAGES)]]} {n}" for n in range(FLAT_OUT)]
    act([])
    started = time.perf_counter()
    act(texts)
    return FLAT_OUT * 60 / (time.perf_counter() - started)


if __name__ == "__main__":
    main()
