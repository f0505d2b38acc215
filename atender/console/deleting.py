"""Records that may be deleted: the console asks once and says what will happen to whom."""

from typing import Any

from django.contrib import messages
from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.safestring import SafeString

from atender.console import panels
from atender.console.doors import require
from atender.console.theme import RecordAdmin
from atender.roles import Ability


class DeletableRecord(RecordAdmin):
    """`delete_model` calls the verb; apps above add sentences at the place `<model>.deletion`."""

    ability_to_delete: Ability = Ability.DELETE

    def consequences(self, request: HttpRequest, obj: Any) -> list[str]:
        """What follows from deleting it, a sentence each."""
        return []

    def delete_view(
        self, request: HttpRequest, object_id: str, extra_context: Any = None
    ) -> HttpResponse:
        return self._or_refusal(self._ask_or_delete, request, object_id)

    def _ask_or_delete(self, request: HttpRequest, object_id: str) -> HttpResponse:
        obj = self.get_object(request, object_id)
        if obj is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        require(request, self.ability_to_delete)
        if request.method == "POST":
            self.delete_model(request, obj)
            messages.success(request, f"“{obj}” is deleted.")
            return redirect(self._address("changelist"))
        return self._question(request, obj)

    def _question(self, request: HttpRequest, obj: Model) -> TemplateResponse:
        noun = self.opts.verbose_name
        context = {
            "title": f"Delete this {noun}?",
            "noun": noun,
            "record": obj,
            "keep": self._address("change", obj.pk),
            "consequences": [*self.consequences(request, obj), *self._from_above(request, obj)],
        }
        everywhere = self.admin_site.each_context(request)
        return TemplateResponse(request, "console/delete.html", {**everywhere, **context})

    def _from_above(self, request: HttpRequest, obj: Model) -> list[SafeString]:
        return panels.render(f"{self.opts.model_name}.deletion", request, obj)

    def _address(self, view: str, *args: str) -> str:
        return reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_{view}", args=args)
