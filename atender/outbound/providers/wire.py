"""The library's HTTP calls through our own client: guarded, timed, bounded, no redirect."""

from collections.abc import Mapping
from typing import Any

import requests
from requests.adapters import BaseAdapter
from requests.structures import CaseInsensitiveDict
from requests.utils import get_encoding_from_headers

from atender.outbound.unreachable import Reason, Unreachable
from atender.outbound.web import WebClient, WebLimits
from atender.refusals import Refused

# With one of these errors, the server received nothing.
NOT_REACHED = (Reason.NAME, Reason.PRIVATE, Reason.TLS)


class NoAnswer(requests.ConnectionError):
    """A call without an answer; `may_be_taken` where the provider may have heard it all.

    The library makes a class of its own from this one, so that it is made like its parent.
    """

    sentence = ""
    may_be_taken = False


def no_answer(sentence: str, *, may_be_taken: bool, request: Any) -> NoAnswer:
    error = NoAnswer(sentence, request=request)
    error.sentence, error.may_be_taken = sentence, may_be_taken
    return error


class WebAdapter(BaseAdapter):
    def __init__(self, *, total_s: float) -> None:
        super().__init__()
        self._client = WebClient(WebLimits(total_s=total_s))

    def send(
        self,
        request: requests.PreparedRequest,
        stream: bool = False,
        timeout: Any = None,
        verify: Any = True,
        cert: Any = None,
        proxies: Mapping[str, str] | None = None,
    ) -> requests.Response:
        headers = {str(k): _text(v) for k, v in request.headers.items() if k.lower() not in OURS}
        try:
            answer = self._client.send(
                request.method or "POST",
                request.url or "",
                headers=headers,
                body=_bytes(request.body),
            )
        except Unreachable as error:
            may_be_taken = error.reason not in NOT_REACHED and not _is_refusal(error)
            raise no_answer(error.sentence, may_be_taken=may_be_taken, request=request) from error
        except Refused as refusal:
            raise no_answer(refusal.sentence, may_be_taken=False, request=request) from refusal
        response = requests.Response()
        response.status_code = answer.status
        response.headers = CaseInsensitiveDict(dict(answer.headers))
        response._content = answer.body
        response.encoding = get_encoding_from_headers(response.headers)
        response.url, response.request = answer.url, request
        response.reason = requests.status_codes._codes.get(answer.status, ("",))[0]
        return response

    def close(self) -> None:
        self._client.__exit__()


# The client says these itself.
OURS = ("content-length", "accept-encoding", "connection")


def _is_refusal(error: Unreachable) -> bool:
    return isinstance(error.__cause__, ConnectionRefusedError)


def _text(value: str | bytes) -> str:
    return value.decode("latin-1") if isinstance(value, bytes) else value


def _bytes(body: Any) -> bytes:
    return body.encode() if isinstance(body, str) else bytes(body or b"")
