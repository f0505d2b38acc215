"""Reads that repeat what the client has already: 304 without a body (RFC 9110)."""

import json
import zlib
from http import HTTPStatus

from django.utils.http import parse_etags
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.encoders import JSONEncoder


def version_in(tag: str) -> str:
    """The part of a tag that `If-Match` is about."""
    return tag.partition("-")[0].rstrip('"') + '"'


def tag_document(response: Response) -> None:
    """Let the tag differ with the document, too.

    A document says more than its record's version counts: another person's mail address, a page
    that was deleted. Such news must not be answered with "not modified".
    """
    text = json.dumps(response.data, cls=JSONEncoder, sort_keys=True)
    version = response["ETag"].rstrip('"')
    response["ETag"] = f'{version}-{zlib.crc32(text.encode()):08x}"'


def leave_out_known(request: Request, response: Response) -> None:
    """Drop the document where `If-None-Match` names it; weak tags count as strong ones do."""
    asked = request.headers.get("If-None-Match")
    if asked is None or response.status_code != HTTPStatus.OK:
        return
    known = [tag.removeprefix("W/") for tag in parse_etags(asked)]
    if known == ["*"] or response["ETag"] in known:
        response.status_code = HTTPStatus.NOT_MODIFIED
        response.data = None
