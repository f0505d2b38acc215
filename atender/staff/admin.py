from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils import timezone
from django.views.decorators.http import require_POST

from atender.console.spans import since_words
from atender.console.theme import RecordAdmin, Select, display
from atender.refusals import Refused
from atender.roles import Ability, may
from atender.staff import access, invitations
from atender.staff.forms import InviteForm, role_choices
from atender.staff.models import AccessChange, Invitation, InvitationStatus, User
from atender.staff.session import actor_of


class PersonForm(forms.ModelForm[User]):
    role = forms.ChoiceField(choices=role_choices, widget=Select)

    class Meta:
        model = User
        fields = ["name", "role"]


@admin.register(User)
class UserAdmin(RecordAdmin):
    """Who has access, since when, as what; and the way in and out."""

    ability_to_change = Ability.ADMINISTER
    form = PersonForm
    counted = ("person", "people")
    list_display = ["person", "role_shown", "signed_in", "joined_at"]
    list_filter = ["role", "is_active"]
    search_fields = ["name", "email"]
    fields = ["email", "name", "role", "joined_at", "signed_in"]
    readonly_fields = ["email", "joined_at", "signed_in"]
    list_before_template = "staff/invitations.html"
    change_form_outer_after_template = "staff/access.html"

    @display(description="Person", ordering="name", header=True)
    def person(self, user: User) -> list[str]:
        return [user.get_full_name(), user.email if user.name else ""]

    @display(description="Role", ordering="role")
    def role_shown(self, user: User) -> str:
        return user.role_in_words if user.is_active else "no access"

    @display(description="Last sign-in", ordering="last_login")
    def signed_in(self, user: User) -> str:
        return since_words(user.last_login) if user.last_login else "never"

    def get_urls(self) -> list[URLPattern]:
        own = [
            path("invite/", self._own(self.invite), name="staff_invite"),
            path(
                "invitations/<ulid:pk>/revoke/",
                self._own(require_POST(self.revoke)),
                name="staff_invitation_revoke",
            ),
            path("<ulid:pk>/remove/", self._own(self.remove), name="staff_user_remove"),
            path(
                "<ulid:pk>/restore/",
                self._own(require_POST(self.restore)),
                name="staff_user_restore",
            ),
        ]
        return [*own, *super().get_urls()]

    def _own(self, view: Any) -> Any:
        def admins_only(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if not may(request.user, Ability.ADMINISTER):
                raise PermissionDenied("Only admins manage who has access.")
            response: HttpResponse = self._or_refusal(view, request, *args, **kwargs)
            return response

        return self.admin_site.admin_view(admins_only)

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> TemplateResponse:
        pending = Invitation.objects.filter(status=InvitationStatus.PENDING)
        context = {"pending": pending, "now": timezone.now(), **(extra_context or {})}
        response: TemplateResponse = super().changelist_view(request, context)
        return response

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        user = context.get("original")
        context["access_changes"] = AccessChange.objects.filter(user_id=user.pk) if user else []
        response: HttpResponse = super().render_change_form(request, context, *args, **kwargs)
        return response

    def save_model(
        self, request: HttpRequest, obj: User, form: forms.ModelForm[User], change: bool
    ) -> None:
        if "role" in form.changed_data:
            access.change_role(obj, role=form.cleaned_data["role"], by=actor_of(request))
        if "name" in form.changed_data:
            obj.save(update_fields=["name"])

    def invite(self, request: HttpRequest) -> HttpResponse:
        form = InviteForm(request.POST or None)
        if request.method == "POST" and form.is_valid():
            try:
                invitation, _ = invitations.invite(**form.cleaned_data, by=actor_of(request))
            except Refused as refusal:
                form.refuse(refusal)
            else:
                messages.success(request, f"An invitation is on its way to {invitation.email}.")
                return redirect("admin:staff_user_changelist")
        context = {**self.admin_site.each_context(request), "title": "Invite", "form": form}
        return TemplateResponse(request, "staff/invite.html", context)

    def revoke(self, request: HttpRequest, pk: str) -> HttpResponse:
        invitation = get_object_or_404(Invitation, pk=pk)
        invitations.revoke(invitation, by=actor_of(request))
        messages.success(request, f"The link sent to {invitation.email} does not work any more.")
        return redirect("admin:staff_user_changelist")

    def remove(self, request: HttpRequest, pk: str) -> HttpResponse:
        """GET asks and says what will happen; POST does it."""
        user = get_object_or_404(User, pk=pk)
        if request.method == "POST":
            access.remove_access(user, by=actor_of(request))
            messages.success(request, f"{user} has no access any more.")
            return redirect("admin:staff_user_changelist")
        title = f"Remove the access of {user}?"
        context = {**self.admin_site.each_context(request), "title": title, "person": user}
        return TemplateResponse(request, "staff/remove.html", context)

    def restore(self, request: HttpRequest, pk: str) -> HttpResponse:
        user = get_object_or_404(User, pk=pk)
        access.restore_access(user, by=actor_of(request))
        messages.success(request, f"{user} has access again.")
        return redirect("admin:staff_user_change", pk)
