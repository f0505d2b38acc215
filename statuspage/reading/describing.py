"""A story for search engines. Source: schema.org/LiveBlogPosting."""

import json
from typing import Any

from django.utils.safestring import SafeString

from statuspage.language.words import word_for
from statuspage.reading.site import Site
from statuspage.reading.stories import PublicUpdate, Story

# Inside a script element nothing may look like its end tag or other markup.
ESCAPES = {ord("<"): "\\u003c", ord(">"): "\\u003e", ord("&"): "\\u0026"}


def json_ld(site: Site, story: Story) -> SafeString:
    return SafeString(json.dumps(_posting(site, story), ensure_ascii=True).translate(ESCAPES))


def _posting(site: Site, story: Story) -> dict[str, Any]:
    address = site.url + story.path
    posting = {
        "@context": "https://schema.org",
        "@type": "LiveBlogPosting",
        "headline": story.title,
        "url": address,
        "datePublished": (
            story.updates[-1].posted_at if story.updates else story.started_at
        ).isoformat(),
        "dateModified": story.updated_at.isoformat(),
        "coverageStartTime": story.begins_at.isoformat(),
        "about": [{"@type": "Service", "name": name} for name in story.affected],
        "publisher": {"@type": "Organization", "name": site.page.name, "url": f"{site.url}/"},
        "liveBlogUpdate": [_update(address, update) for update in story.updates],
    }
    if story.resolved_at:
        posting["coverageEndTime"] = story.resolved_at.isoformat()
    return posting


def _update(address: str, update: PublicUpdate) -> dict[str, str]:
    status = word_for(update.status)
    return {
        "@type": "BlogPosting",
        "headline": status,
        "url": f"{address}#u-{update.id}",
        "datePublished": update.posted_at.isoformat(),
        "articleBody": f"{status}: {update.body}" if update.body else status,
    }
