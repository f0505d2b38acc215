from django.urls import path

from statuspage.api.domains import DomainCheck, DomainDetail, DomainList
from statuspage.api.uptime import ComponentUptime

DOMAINS = "status-pages/<ulid:page_id>/domains"

urlpatterns = [
    path("components/<ulid:component_id>/uptime", ComponentUptime.as_view()),
    path(DOMAINS, DomainList.as_view()),
    path(f"{DOMAINS}/<ulid:domain_id>", DomainDetail.as_view()),
    path(f"{DOMAINS}/<ulid:domain_id>/check", DomainCheck.as_view()),
]
