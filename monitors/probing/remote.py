"""A prober far from the database: it asks the API of one tenant for work and reports there."""

from collections.abc import Sequence
from typing import Any

import httpx2

from monitors.kinds.jobs import Job
from monitors.probing.sources import Result

CLAIM, REPORT = "/api/v1/checks/claim", "/api/v1/checks"
# What one body holds; the API takes no more.
MOST = 200


class Refusal(Exception):
    """The API said no; the sentence is its own."""


class Api:
    def __init__(self, base: str, *, key: str, region: str, wait_s: float = 10.0) -> None:
        self.region = region
        self._client = httpx2.Client(
            base_url=base.rstrip("/"),
            headers={"authorization": f"Bearer {key}"},
            timeout=wait_s,
        )

    def claim(self, limit: int) -> Sequence[Job]:
        answer = self._post(CLAIM, {"region": self.region, "limit": min(limit, MOST)})
        return [
            Job(
                monitor_id=one["monitor_id"],
                kind=one["kind"],
                url=one["url"],
                timeout_s=one["timeout_s"],
                retries=one["retries"],
                config=one["config"],
                region=one["region"],
                interval_s=one["interval_s"],
            )
            for one in answer["data"]
        ]

    def report(self, results: Sequence[Result]) -> None:
        for start in range(0, len(results), MOST):
            part = results[start : start + MOST]
            self._post(REPORT, {"region": self.region, "results": [_told(one) for one in part]})

    def _post(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        response = self._client.post(path, json=body)
        if not response.is_success:
            raise Refusal(f"{path} answers {response.status_code}: {_sentence(response)}")
        answer: dict[str, Any] = response.json()
        return answer


def _told(one: Result) -> dict[str, Any]:
    return {
        "monitor_id": one.job.monitor_id,
        "verdict": str(one.finding.verdict),
        "error_code": one.finding.error_code,
        "latency_ms": one.finding.latency_ms,
        "age_ms": max(0, round(one.age_s * 1000)),
    }


def _sentence(response: httpx2.Response) -> str:
    try:
        return str(response.json()["detail"])
    except (ValueError, KeyError, TypeError):
        return response.text[:200]
