"""The admin theme under our own names: no other module imports django-unfold."""

from typing import Any

from django.contrib import messages
from django.contrib.admin.forms import AdminAuthenticationForm
from django.contrib.admin.widgets import RelatedFieldWidgetWrapper
from django.core.exceptions import ValidationError
from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.templatetags.static import static
from django.utils.safestring import mark_safe
from django.utils.text import capfirst
from unfold import admin as unfold_admin
from unfold import forms as unfold_forms
from unfold import widgets
from unfold.decorators import action, display
from unfold.sites import UnfoldAdminSite as ThemedSite

from atender.console.adding import AddedOnce, nothing_added
from atender.console.refusing import ShowsRefusals
from atender.console.seen import CarriesSeen
from atender.limits.clients import client_ip
from atender.limits.counting import TooOften
from atender.limits.guessing import one_guess
from atender.refusals import Refused
from atender.roles import Ability, may
from atender.tenants.middleware import address_of

__all__ = [
    "NOTHING",
    "Checkbox",
    "Checkboxes",
    "EmailInput",
    "NumberInput",
    "PasswordInput",
    "RecordAdmin",
    "Select",
    "SignInForm",
    "StackedRecords",
    "TabularRecords",
    "TextArea",
    "TextInput",
    "ThemedSite",
    "action",
    "display",
    "mark",
    "stylesheet",
    "tenant_name",
]

Checkbox = widgets.UnfoldBooleanWidget
Checkboxes = widgets.UnfoldAdminCheckboxSelectMultipleWidget
EmailInput = widgets.UnfoldAdminEmailInputWidget
NumberInput = widgets.UnfoldAdminIntegerFieldWidget
PasswordInput = widgets.UnfoldAdminPasswordWidget
Select = widgets.UnfoldAdminSelectWidget
TextArea = widgets.UnfoldAdminTextareaWidget
TextInput = widgets.UnfoldAdminTextInputWidget

# A cell that has nothing to say; where cells stand below one another it is left out.
NOTHING = mark_safe('<span class="nothing">–</span>')


def stylesheet(_request: HttpRequest) -> str:
    return static("console/console.css")


def mark(_request: HttpRequest) -> str:
    return static("console/mark.svg")


def tenant_name(request: HttpRequest) -> str:
    return address_of(request).tenant_name


class AbilityPermissions:
    """The admin's four questions, answered from the one table of permissions; None: nobody may."""

    ability_to_view: Ability = Ability.READ
    ability_to_add: Ability | None = None
    ability_to_change: Ability | None = None
    ability_to_delete: Ability | None = None

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return may(request.user, self.ability_to_view)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.ability_to_add is not None and may(request.user, self.ability_to_add)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.ability_to_change is not None and may(request.user, self.ability_to_change)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.ability_to_delete is not None and may(request.user, self.ability_to_delete)

    def has_module_permission(self, request: HttpRequest) -> bool:
        return may(request.user, self.ability_to_view)


class RecordAdmin(
    AbilityPermissions, AddedOnce, CarriesSeen, ShowsRefusals, unfold_admin.ModelAdmin
):
    """A record's screens. What changes data calls a verb; its refusal is shown as it is said."""

    actions_on_top = True
    list_filter_submit = False
    list_per_page = 50
    warn_unsaved_form = True
    empty_value_display = NOTHING
    # Words of the list: its heading, what one of its rows and several are called if not as the
    # model's, its button, and what it says while it is empty.
    list_title = ""
    counted = ("", "")
    add_words = ""
    empty_words = ""
    unanswered_words = "Other words may find it; so may no words at all."

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> Any:
        if "%00" in request.META["QUERY_STRING"]:
            # The database takes no such character, and no filter of ours holds one.
            return HttpResponseRedirect(request.path)
        # The browser's tab says what the heading does, not "Select incident to view".
        heading = self.list_title or capfirst(str(self.opts.verbose_name_plural))
        return super().changelist_view(request, {"title": heading, **(extra_context or {})})

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        # A field that completes what is typed asks without the list's own address.
        found: tuple[QuerySet[Any], bool] = super().get_search_results(
            request, queryset, search_term.replace("\0", "")
        )
        return found

    def formfield_for_dbfield(self, *args: Any, **kwargs: Any) -> Any:
        field = super().formfield_for_dbfield(*args, **kwargs)
        # The menu that is put beside a choice opens by mouse alone; what it leads to, to add or
        # to change one, has a screen of its own.
        if field is not None and isinstance(field.widget, RelatedFieldWidgetWrapper):
            field.widget = field.widget.widget
        return field

    def delete_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self._or_refusal(super().delete_view, request, *args, **kwargs)

    def _or_refusal(
        self, view: Any, request: HttpRequest, *args: Any, **kwargs: Any
    ) -> HttpResponse:
        try:
            response: HttpResponse = view(request, *args, **kwargs)
        except Refused as refusal:
            nothing_added(request)
            messages.error(request, refusal.sentence)
            return HttpResponseRedirect(request.get_full_path())
        return response

    def _get_obj_does_not_exist_redirect(
        self, request: HttpRequest, opts: Any, object_id: str
    ) -> HttpResponse:
        raise Http404(f"There is no {opts.verbose_name} with this id; it may be gone.")

    # Every change is recorded by the verb that makes it, in the app's own append-only table.
    def log_addition(self, request: HttpRequest, obj: Model, message: Any) -> None:
        return None

    def log_change(self, request: HttpRequest, obj: Model, message: Any) -> None:
        return None

    def log_deletions(self, request: HttpRequest, queryset: Any) -> None:
        return None


class TabularRecords(AbilityPermissions, unfold_admin.TabularInline):
    extra = 0


class StackedRecords(AbilityPermissions, unfold_admin.StackedInline):
    extra = 0


class SignInForm(unfold_forms.AuthenticationForm):
    error_messages = {
        **AdminAuthenticationForm.error_messages,
        "invalid_login": (
            "This e-mail address and password do not belong together here. "
            "Check both, or reset the password."
        ),
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.wait_s: int | None = None
        self.fields["username"].label = "E-mail"
        self.fields["username"].widget.attrs.update({"type": "email", "autocomplete": "email"})

    def clean(self) -> Any:
        address = self.cleaned_data.get("username")
        if not address or not self.cleaned_data.get("password") or self.request is None:
            return super().clean()
        try:
            with one_guess(address, client_ip(self.request)):
                return super().clean()
        except TooOften as refusal:
            self.wait_s = refusal.wait_s
            raise ValidationError(refusal.sentence) from refusal
