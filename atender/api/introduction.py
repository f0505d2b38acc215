"""What a newcomer reads above the API's reference."""

INTRODUCTION = """\
Post an incident once; the page, the subscribers and the agents all know.

**Key.** Send `Authorization: Bearer KEY` with a key made in the console under *API keys*. A key has
scopes; each operation below names the one it needs. `read` suffices for reading everything, `admin`
includes every other. Deleting wants a scope of its own, `incidents.delete`: prefer *resolved*.

**Ids and times.** Ids are 26 letters and digits and sort by age. Times are ISO 8601 with their
zone, `2026-04-24T17:42:00Z`; answers are in UTC.

**Lists** answer `{"data": […], "next_cursor": …}`, newest first, 50 rows unless `limit` (1 to 200)
says otherwise. Pass `next_cursor` on as `cursor` until it is null; rows that are added meanwhile
neither shift nor repeat what you read.

**Errors** are `application/problem+json` (RFC 9457): `detail` is a sentence that says what is wrong
and what would be right, `errors` names the fields. 400: the shape of the request. 422: well formed,
but not allowed, or naming what is not there. 404: no such address or id. A parameter that is not
listed here is refused, never ignored.

**Twice is once.** Send an `Idempotency-Key` (a UUID, say) with a POST, and repeat the request
without fear when the line breaks: the first answer comes again, for a day. Another body under the
same key is a 422; while the first request runs, the second gets a 409.

**Two at once.** An incident is answered with an `ETag`. Send it back as `If-Match` with your
change, and what somebody else changed meanwhile is a 412 instead of being overwritten. Send it as
`If-None-Match` with a GET, and what has not changed is a 304 without a body.

**How often.** 6,000 requests a minute for each key unless the operator says otherwise. `RateLimit`
says what is left (`r`) and for how many seconds (`t`); beyond it comes 429 with `Retry-After`.
"""
