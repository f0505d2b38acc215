"""The client library at a tenant's server, with that tenant's key and this installation's guard."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Protocol

import httpx2

from assist.language_model.transport import GuardedTransport
from atender.outbound.web import WebLimits

# What to look at, in our words: the server's own may hold anything.
LOOK_AT = {
    401: "It does not take the key.",
    403: "It does not take the key, or not for this model.",
    404: "It knows no such address, or no such model.",
    429: "It is asked too often, or its quota is used up.",
}
UNREADABLE = (ValueError, TypeError, AttributeError, ArithmeticError, RecursionError)


class Server(Protocol):
    """Where a model is served: an OpenAI-compatible address and the key that opens it."""

    base_url: str
    api_key: str


class NoAnswer(Exception):
    """The model gave none that may be used; the sentence says why, without its words."""

    def __init__(self, sentence: str, *, status: int | None = None) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.status = status


@contextmanager
def connected(openai: Any, server: Server, limits: WebLimits) -> Iterator[Any]:
    """Give the library's client for one request; whatever goes wrong raises NoAnswer."""
    with httpx2.Client(transport=GuardedTransport(limits), trust_env=False) as http:
        client = openai.OpenAI(
            base_url=server.base_url.rstrip("/"),
            # Without a key the library would take the operator's own from the environment.
            api_key=server.api_key or "none",
            http_client=http,
            max_retries=0,
        )
        try:
            yield client
        except openai.APIStatusError as error:
            status = error.status_code
            said = f"The server answers with status {status}. {LOOK_AT.get(status, '')}".rstrip()
            raise NoAnswer(said, status=status) from error
        except openai.APIConnectionError as error:
            raise NoAnswer(str(error.__cause__ or "The server cannot be reached.")) from error
        # The library trusts numbers and nesting: an answer may break it in these ways too.
        except (openai.OpenAIError, *UNREADABLE) as error:
            raise NoAnswer("The server does not answer as an OpenAI-compatible one.") from error
