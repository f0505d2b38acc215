"""Why a call brought no answer, in a word for programs and a sentence for people."""

import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum

import httpcore2
import httpx2

from atender.outbound.connecting import PrivateTarget


class Reason(StrEnum):
    NAME = "name"
    PRIVATE = "private"
    CONNECTION = "connection"
    TLS = "tls"
    TIMEOUT = "timeout"
    PROTOCOL = "protocol"
    TOO_LARGE = "too_large"
    REDIRECTS = "redirects"


class Unreachable(Exception):
    """There is no answer, or none that could be taken."""

    def __init__(self, reason: Reason, sentence: str) -> None:
        super().__init__(sentence)
        self.reason = reason
        self.sentence = sentence


@contextmanager
def telling(host: str, *, total_s: float) -> Iterator[None]:
    """Turn what the network and the libraries raise into Unreachable."""
    try:
        yield
    except PrivateTarget as error:
        raise Unreachable(Reason.PRIVATE, str(error)) from error
    except TimeoutError as error:
        sentence = f"'{host}' did not answer within {round(total_s, 1):g} seconds."
        raise Unreachable(Reason.TIMEOUT, sentence) from error
    except socket.gaierror as error:
        raise Unreachable(Reason.NAME, f"The name '{host}' is not known.") from error
    except ssl.SSLCertVerificationError as error:
        sentence = f"The certificate of '{host}' cannot be trusted: {error.verify_message}."
        raise Unreachable(Reason.TLS, sentence) from error
    except ssl.SSLError as error:
        sentence = f"'{host}' does not speak TLS as it should ({error.reason})."
        raise Unreachable(Reason.TLS, sentence) from error
    except (httpcore2.ProtocolError, httpx2.DecodingError) as error:
        sentence = f"'{host}' does not answer as a web server does."
        raise Unreachable(Reason.PROTOCOL, sentence) from error
    except (OSError, httpcore2.NetworkError) as error:
        what = "refuses the connection" if _is_refusal(error) else "broke the connection off"
        raise Unreachable(Reason.CONNECTION, f"'{host}' {what}.") from error


def _is_refusal(error: Exception) -> bool:
    return isinstance(error, ConnectionRefusedError)
