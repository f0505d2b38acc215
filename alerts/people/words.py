"""Times and addresses of calls, as people say them. No ORM, no clock."""

from collections.abc import Iterable, Sequence

from alerts.models import ContactMethod, MethodKind

SHOWN_DIGITS = 2


def after_words(seconds: int) -> str:
    """`at once`, `after 2 min`, `after 90 s`, `after 1 h`."""
    return f"after {span_words(seconds)}" if seconds else "at once"


def span_words(seconds: int) -> str:
    for size, unit in ((3600, "h"), (60, "min")):
        if seconds >= size and seconds % size == 0:
            return f"{seconds // size} {unit}"
    return f"{seconds} s"


def listed(words: Iterable[str]) -> str:
    """`Alice`, `Alice and Bob`, `Alice, Bob and Eve`."""
    *most, last = [*words] or [""]
    return f"{', '.join(most)} and {last}" if most else last


def hinted(method: ContactMethod) -> str:
    """Mask an address: enough to recognise it, too little to use it."""
    if method.kind == MethodKind.EMAIL:
        local, _, domain = method.address.rpartition("@")
        return f"{local[:1]}…@{domain}"
    return f"…{method.address[-SHOWN_DIGITS:]}"


def rules_of(methods: Iterable[ContactMethod]) -> Sequence[tuple[int, ContactMethod]]:
    """When which method is used after a page, in the order of time."""
    rules = [(after_s, method) for method in methods for after_s in method.after_s]
    return sorted(rules, key=lambda rule: (rule[0], rule[1].pk))


def way_words(methods: Iterable[ContactMethod]) -> str:
    """`at once by chat, after 2 min by SMS`."""
    by_time: dict[int, list[str]] = {}
    for after_s, method in rules_of(methods):
        kinds = by_time.setdefault(after_s, [])
        if method.get_kind_display() not in kinds:
            kinds.append(method.get_kind_display())
    return ", ".join(f"{after_words(s)} by {listed(kinds)}" for s, kinds in by_time.items())
