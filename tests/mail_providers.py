"""Mail providers' interfaces, answered by a real server on 127.0.0.1, and what came to it.

The shapes are those of the providers' own documentation, as far as the product uses them.
"""

import json
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Self
from urllib.parse import parse_qs

from tests.web_server import Request, WebServer, reply


@dataclass(frozen=True)
class Came:
    """One recipient's mail, as the provider would send it."""

    to: str
    headers: Mapping[str, str]
    text: str
    html: str
    subject: str = ""


@dataclass
class MailProvider:
    """Answers as `name` does. `refuses` says a sentence for an address that it does not take."""

    name: str
    refuses: dict[str, str] = field(default_factory=dict)
    answer: bytes | None = None
    # Longer than the product waits, it has taken the mails and nobody hears of it.
    waits_s: float = 0
    came: list[Came] = field(default_factory=list)

    def __enter__(self) -> Self:
        self.server = WebServer(self._answer).__enter__()
        return self

    def __exit__(self, *args: object) -> None:
        self.server.__exit__(*args)

    @property
    def calls(self) -> int:
        return len(self.server.requests)

    @property
    def url(self) -> str:
        return self.server.base + "/api/"

    def _answer(self, request: Request) -> bytes:
        if self.answer is not None:
            return self.answer
        time.sleep(self.waits_s)
        came = list(READERS[self.name](request))
        return ANSWERS[self.name](self, request, came)

    def take(self, mails: list[Came]) -> None:
        self.came += mails


def _data(request: Request) -> Any:
    return json.loads(request.body)


def _postmark(request: Request) -> Iterator[Came]:
    data = _data(request)
    for row in data if isinstance(data, list) else [data]:
        headers = {h["Name"]: h["Value"] for h in row.get("Headers", [])}
        html = row.get("HtmlBody", "")
        yield Came(row["To"], headers, row["TextBody"], html, row["Subject"])


def _postmark_answer(provider: MailProvider, request: Request, came: list[Came]) -> bytes:
    rows = []
    for number, mail in enumerate(came):
        if words := provider.refuses.get(mail.to):
            rows.append({"ErrorCode": 406, "Message": words})
        else:
            provider.take([mail])
            rows.append({"ErrorCode": 0, "Message": "OK", "To": mail.to, "MessageID": f"m{number}"})
    return reply(json.dumps(rows if request.body.startswith(b"[") else rows[0]).encode())


def _resend(request: Request) -> Iterator[Came]:
    data = _data(request)
    for row in data if isinstance(data, list) else [data]:
        html = row.get("html", "")
        yield Came(row["to"][0], row["headers"], row["text"], html, row["subject"])


def _brevo(request: Request) -> Iterator[Came]:
    data = _data(request)
    for row in data.get("messageVersions", []):
        to = row["to"][0]["email"]
        headers = {**data.get("headers", {}), **row["headers"]}
        yield Came(to, headers, row["textContent"], row["htmlContent"], data["subject"])


def _mailtrap(request: Request) -> Iterator[Came]:
    data = _data(request)
    for row in data["requests"]:
        to = row["to"][0]["email"]
        yield Came(to, row["headers"], row["text"], row["html"], data["base"]["subject"])


def _mailjet(request: Request) -> Iterator[Came]:
    data = _data(request)
    for row in data["Messages"]:
        merged = {**data["Globals"], **row}
        to = row["To"][0]["Email"]
        yield Came(to, merged["Headers"], merged["TextPart"], merged["HTMLPart"])


def _mailgun(request: Request) -> Iterator[Came]:
    form = parse_qs(request.body.decode(), keep_blank_values=True)
    variables = json.loads(form["recipient-variables"][0])
    for to in form["to"]:

        def filled(text: str, to: str = to) -> str:
            for name, value in variables[to].items():
                text = text.replace(f"%recipient.{name}%", value)
            return text

        headers = {name[2:]: filled(v[0]) for name, v in form.items() if name.startswith("h:")}
        yield Came(to, headers, filled(form["text"][0]), filled(form["html"][0]))


def _sendgrid(request: Request) -> Iterator[Came]:
    data = _data(request)
    texts = {row["type"]: row["value"] for row in data["content"]}
    for row in data["personalizations"]:
        said = dict(texts)
        for name, value in row["substitutions"].items():
            said = {kind: text.replace(name, value) for kind, text in said.items()}
        to = row["to"][0]["email"]
        yield Came(to, row["headers"], said["text/plain"], said["text/html"])


def _sparkpost(request: Request) -> Iterator[Came]:
    data = _data(request)
    content = data["content"]
    assert data["options"]["perform_substitutions"] is False
    for row in data["recipients"]:
        to = row["address"]["email"]
        yield Came(to, content["headers"], content["text"], content["html"])


def _mandrill(request: Request) -> Iterator[Came]:
    message = _data(request)["message"]
    for row in message["to"]:
        yield Came(row["email"], message["headers"], message["text"], message["html"])


def _saying(make: Callable[[list[Came]], Any], status: int = 200) -> Callable[..., bytes]:
    def answer(provider: MailProvider, _request: Request, came: list[Came]) -> bytes:
        if words := next((provider.refuses[m.to] for m in came if m.to in provider.refuses), ""):
            return reply(json.dumps({"message": words}).encode(), 400)
        provider.take(came)
        headers = {"Content_Type": "application/json"}
        return reply(json.dumps(make(came)).encode(), status, **headers)

    return answer


READERS: dict[str, Callable[[Request], Iterator[Came]]] = {
    "postmark": _postmark,
    "resend": _resend,
    "brevo": _brevo,
    "mailtrap": _mailtrap,
    "mailjet": _mailjet,
    "mailgun": _mailgun,
    "sendgrid": _sendgrid,
    "sparkpost": _sparkpost,
    "mandrill": _mandrill,
}
ANSWERS: dict[str, Callable[[MailProvider, Request, list[Came]], bytes]] = {
    "postmark": _postmark_answer,
    "resend": _saying(lambda came: {"data": [{"id": f"m{n}"} for n, _ in enumerate(came)]}),
    "brevo": _saying(lambda came: {"messageIds": [f"m{n}" for n, _ in enumerate(came)]}, 201),
    "mailtrap": _saying(
        lambda came: {
            "success": True,
            "responses": [{"success": True, "message_ids": [f"m{n}"]} for n, _ in enumerate(came)],
        }
    ),
    "mailjet": _saying(
        lambda came: {
            "Messages": [
                {"Status": "success", "To": [{"Email": m.to, "MessageID": f"m{n}"}]}
                for n, m in enumerate(came)
            ]
        }
    ),
    "mailgun": _saying(lambda _: {"id": "<m0@acme.example>", "message": "Queued. Thank you."}),
    "sendgrid": _saying(lambda _: None, 202),
    "sparkpost": _saying(
        lambda came: {
            "results": {
                "id": "m0",
                "total_accepted_recipients": len(came),
                "total_rejected_recipients": 0,
            }
        }
    ),
    "mandrill": _saying(
        lambda came: [{"email": m.to, "status": "sent", "_id": f"m{n}"} for n, m in enumerate(came)]
    ),
}
OPTIONS = {
    "postmark": {"server_token": "sesame"},
    "mailtrap": {"api_token": "sesame"},
    "mailjet": {"api_key": "sesame", "secret_key": "open"},
}


def options_of(provider: MailProvider) -> dict[str, str]:
    return {**OPTIONS.get(provider.name, {"api_key": "sesame"}), "api_url": provider.url}
