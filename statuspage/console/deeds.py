"""What is done about pages, as the audit log says it."""

from incidents.console.deeds import say

say(
    {
        "access.changed": "said who may read the page",
        "access.link_made": "made a link to the private page",
        "branding.changed": "changed look and words of the page",
        "domain.added": "added the domain",
        "domain.made_primary": "made it the domain of links",
        "domain.removed": "removed the domain",
        "domain.verified": "verified the domain",
        "domain.withdrawn": "withdrew the domain",
        "page.uses_own_host": "let links use the page's own host",
        "wording.changed": "changed a wording of the page",
        "wording.reset": "went back to a standard wording of the page",
        "uptime.amended": "amended the uptime",
        "uptime.amendment_withdrawn": "withdrew an amendment of uptime",
    }
)
