from django.urls import path

from assist.mcp.views import METADATA, mcp, protected_resource

urlpatterns = [
    path("mcp", mcp),
    path(METADATA.lstrip("/"), protected_resource),
]
