"""What somebody does with a way of being called: add, verify, try, time, remove."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from alerts.console.oncall.doors import require_arranging
from alerts.models import ContactMethod
from alerts.people.reachable import add_method, change_method, delete_method
from alerts.people.verifying import ask_code, ask_test, confirm_method
from atender.console.doors import found, tried
from atender.digits import whole_number
from atender.refusals import Refused
from atender.staff.models import User
from atender.staff.session import actor_of

Deed = Callable[[HttpRequest, ContactMethod], str]


@require_POST
def add(request: HttpRequest, pk: str) -> HttpResponse:
    """Add a method; its code is on its way before anybody asks for it."""
    person = found(User.objects.active(), pk)
    require_arranging(request, person)
    sent, by = request.POST, actor_of(request)
    made: list[ContactMethod] = []

    def make() -> None:
        kind, address = sent.get("kind", ""), sent.get("address", "")
        made.append(add_method(person, kind, address, by=by, after_s=[seconds_in(request)]))

    if tried(request, make):
        (method,) = made
        if method.verified_at is None:
            tried(request, lambda: ask_code(method, by=by), SENT)
    return redirect("on_call_person", person.pk)


SENT = "A code is on its way there. Enter it below within 15 minutes."


def send_code(request: HttpRequest, method: ContactMethod) -> str:
    ask_code(method, by=actor_of(request))
    return SENT


def verify(request: HttpRequest, method: ContactMethod) -> str:
    confirm_method(method, request.POST.get("code", ""), by=actor_of(request))
    return "Verified: pages go there from now on."


def test(request: HttpRequest, method: ContactMethod) -> str:
    ask_test(method, by=actor_of(request))
    return "A test page is on its way. What became of it stands below; reload to see."


def use_again(request: HttpRequest, method: ContactMethod) -> str:
    """Use the method at one more time after a page."""
    times = [*method.after_s, seconds_in(request)]
    change_method(method, by=actor_of(request), after_s=times)
    return ""


def use_no_more(request: HttpRequest, method: ContactMethod) -> str:
    left = [seconds for seconds in method.after_s if seconds != seconds_in(request)]
    if not left:
        raise Refused("That is the only time at which it is used; remove the way itself instead.")
    change_method(method, by=actor_of(request), after_s=left)
    return ""


def say_it_is_over(request: HttpRequest, method: ContactMethod) -> str:
    hears = request.POST.get("hears_recovery") == "on"
    change_method(method, by=actor_of(request), hears_recovery=hears)
    return "It is also said there when it is over." if hears else "It is said there no more."


def remove(request: HttpRequest, method: ContactMethod) -> str:
    delete_method(method, by=actor_of(request))
    return "Removed: no page goes there any more."


def seconds_in(request: HttpRequest) -> int:
    if "after_min" in request.POST:
        minutes = whole_number(request.POST["after_min"].strip(), digits=5)
        if minutes is None:
            raise Refused("Say after how many minutes it is used, such as 7.", field="after_s")
        return minutes * 60
    seconds = whole_number(request.POST.get("after_s", "0"), digits=5)
    if seconds is None:
        raise Refused("Choose after how long it is used.", field="after_s")
    return seconds


DEEDS: dict[str, Deed] = {
    "code": send_code,
    "verify": verify,
    "test": test,
    "use": use_again,
    "drop": use_no_more,
    "over": say_it_is_over,
    "remove": remove,
}


def door(deed: Deed) -> Callable[..., HttpResponse]:
    """Wrap an action's view: 405, then 404 for an unknown id, then 403; shows a refusal."""

    def entered(request: HttpRequest, pk: str, method_id: str) -> HttpResponse:
        person = found(User.objects.active(), pk)
        method = found(ContactMethod.objects.filter(person=person), method_id)
        require_arranging(request, person)
        said: list[str] = []
        tried(request, lambda: said.append(deed(request, method)))
        if said and said[0]:
            tried(request, lambda: None, said[0])
        return redirect("on_call_person", person.pk)

    return require_POST(entered)
