"""Guards of the screens of a post-mortem and its follow-ups."""

from django.http import Http404, HttpResponse
from django.shortcuts import redirect

from atender.roles import Ability
from atender.tenants.links import page_url
from incidents.models import Incident, PostMortem


def post_mortem_or_404(incident: Incident) -> PostMortem:
    post_mortem = PostMortem.objects.filter(incident=incident).first()
    if post_mortem is None:
        raise Http404("This incident has no post-mortem yet.")
    post_mortem.incident = incident
    return post_mortem


def to_post_mortem(incident: Incident, path: str = "") -> HttpResponse:
    answer = redirect("admin:incidents_incident_post_mortem", incident.pk)
    answer["Location"] += path
    return answer


def ability_to_write(post_mortem: PostMortem) -> Ability:
    """Return the ability needed: whoever posts may write drafts, only editors a published one."""
    return Ability.EDIT if post_mortem.is_published else Ability.DRAFT


def pages_of(incident: Incident) -> list[tuple[str, str]]:
    """Names and addresses of the places where it shows once it is published."""
    path = f"/incidents/{incident.pk}#post-mortem"
    return [(page.name, page_url(page.pk, path)) for page in incident.pages.all()]
