"""What people do before they are signed in: accept an invitation, ask for a new password."""

from typing import Any

from django.contrib.auth import login
from django.contrib.auth import views as auth_views
from django.contrib.auth.forms import PasswordResetForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse_lazy
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from atender.console.plain import plain_context, plain_page
from atender.limits.clients import client_ip
from atender.limits.counting import TooOften, count_use
from atender.refusals import Refused
from atender.staff import invitations
from atender.staff.forms import AcceptForm, AskForResetForm, NewPasswordForm

UNKNOWN = "This invitation is not valid. Open the whole link of the mail, or ask for a new one."


@never_cache
@sensitive_post_parameters("password", "repeated")
@require_http_methods(["GET", "HEAD", "POST"])
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """GET shows a form and changes nothing; POST lets the person in."""
    try:
        found = invitations.find(token)
    except invitations.InvitationOver as over:
        return _over(request, over.sentence, status=410)
    if found is None:
        return _over(request, UNKNOWN, status=404)
    form = AcceptForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            user = invitations.accept(found, name=given["name"], password=given["password"])
        except invitations.InvitationOver as over:
            return _over(request, over.sentence, status=410)
        except Refused as refusal:
            form.refuse(refusal)
        else:
            login(request, user)
            return redirect("admin:index")
    title = "Choose a password"
    return plain_page(request, "staff/invitation.html", title=title, form=form, invitation=found)


def _over(request: HttpRequest, sentence: str, *, status: int) -> HttpResponse:
    return plain_page(
        request, "staff/sentence.html", title="Invitation", sentence=sentence, status=status
    )


class _PlainPage:
    request: HttpRequest
    title = ""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)  # type: ignore[misc]
        return {**context, **plain_context(self.request, title=self.title)}


@method_decorator(never_cache, name="dispatch")
class AskForReset(_PlainPage, auth_views.PasswordResetView):
    """Answers the same whether or not the address is anybody's."""

    title = "A new password"
    form_class = AskForResetForm
    template_name = "staff/password_reset.html"
    success_url = reverse_lazy("password_reset_done")

    def form_valid(self, form: PasswordResetForm) -> HttpResponse:
        address = f"reset {form.cleaned_data['email']}"
        try:
            count_use(address=address, network=client_ip(self.request))
        except TooOften as refusal:
            form.add_error(None, refusal.sentence)
            response = self.form_invalid(form)
            response.status_code = 429
            response["Retry-After"] = str(refusal.wait_s)
            return response
        return super().form_valid(form)


class ResetAsked(_PlainPage, auth_views.PasswordResetDoneView):
    title = "Look into your mail"
    template_name = "staff/password_reset_done.html"


class ResetPassword(_PlainPage, auth_views.PasswordResetConfirmView):
    """Every other session of the person ends with the old password."""

    title = "Choose a new password"
    form_class = NewPasswordForm
    template_name = "staff/password_reset_confirm.html"
    success_url = reverse_lazy("password_reset_complete")


class ResetDone(_PlainPage, auth_views.PasswordResetCompleteView):
    title = "Your new password is set"
    template_name = "staff/password_reset_complete.html"
