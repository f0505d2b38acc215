"""The library's requests through this installation's own guarded client."""

import httpx2

from atender.outbound.unreachable import Unreachable
from atender.outbound.web import WebClient, WebLimits
from atender.refusals import Refused

# The library adds what it finds in the environment; the operator's accounts are not the tenant's.
SENT = ("authorization", "content-type", "accept")


class GuardedTransport(httpx2.BaseTransport):
    """One connection to where the operator allows it, within the limits; no redirects."""

    def __init__(self, limits: WebLimits) -> None:
        self._client = WebClient(limits)

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        headers = {name: request.headers[name] for name in SENT if name in request.headers}
        try:
            answer = self._client.send(
                request.method, str(request.url), headers=headers, body=request.read()
            )
        except Unreachable as error:
            raise httpx2.ConnectError(error.sentence) from error
        except Refused as error:
            raise httpx2.UnsupportedProtocol(error.sentence) from error
        kind = answer.headers.get("content-type", "")
        return httpx2.Response(answer.status, headers={"content-type": kind}, content=answer.body)

    def close(self) -> None:
        self._client.__exit__()
