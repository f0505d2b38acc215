from typing import Any

from django.contrib.admin import ModelAdmin
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse

from atender.console import panels
from atender.console.theme import RecordAdmin, SignInForm, ThemedSite


class ConsoleSite(ThemedSite):
    """The console: *Now* first, then the records."""

    index_title = "Now"
    index_template = "console/now.html"
    login_template = "console/login.html"
    login_form = SignInForm
    enable_nav_sidebar = True

    def __init__(self, name: str = "admin") -> None:
        super().__init__(name)
        # It deletes rows past every verb.
        self.disable_action("delete_selected")

    def register(
        self,
        model_or_iterable: Any,
        admin_class: "type[ModelAdmin[Any]] | None" = None,
        **options: Any,
    ) -> None:
        """Register records; what libraries bring (queue, groups) is the operator's, not staff's."""
        if admin_class is not None and issubclass(admin_class, RecordAdmin):
            super().register(model_or_iterable, admin_class, **options)

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> list[Any]:
        """List an app for its own screen; all of them no screen shows, since the side bar does."""
        return super().get_app_list(request, app_label) if app_label else []

    def login(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        response: HttpResponse = super().login(request, extra_context)
        form = (getattr(response, "context_data", None) or {}).get("form")
        if isinstance(form, SignInForm) and form.wait_s is not None:
            response.status_code = 429
            response["Retry-After"] = str(form.wait_s)
        return response

    def index(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> TemplateResponse:
        shown = {
            "panels": panels.render("now", request),
            "side": panels.render("now.side", request),
        }
        response: TemplateResponse = super().index(request, {**shown, **(extra_context or {})})
        return response
