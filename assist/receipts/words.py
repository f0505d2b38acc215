"""A receipt in words, in the language that is being read: what each figure is, and the formula."""

from datetime import timedelta
from typing import NamedTuple

from django.utils.translation import gettext as _

from assist.receipts.figures import Figures
from atender.languages.rules import number
from statuspage.language.moments import lasting


class Line(NamedTuple):
    """A figure, what it is, and what it is to be compared with, if anything."""

    name: str
    figure: str
    beside: str = ""


def lines_of(figures: Figures) -> list[Line]:
    linked = figures.linked
    return [
        Line(_("Lasted"), lasting(timedelta(seconds=figures.lasted_s))),
        Line(_("Page views"), number(figures.views), _usual(figures.usual_views)),
        Line(_("Mails sent"), number(figures.mails)),
        Line(_("Answered automatically"), number(figures.answers)),
        *([] if linked is None else [Line(_("Conversations linked to it"), number(linked))]),
        Line(
            _("All conversations of these hours"),
            number(figures.conversations),
            _usual(figures.usual_conversations),
        ),
        Line(_("Questions avoided, as an estimate"), number(figures.avoided)),
    ]


def formula_of(figures: Figures) -> str:
    """How the estimate comes about, with its inputs."""
    return _(
        "%(avoided)s = %(answers)s answered automatically + %(share)s %% of %(beyond)s page views "
        "beyond the usual number. At %(minutes)s minutes each that is %(hours)s hours."
    ) % {
        "avoided": number(figures.avoided),
        "answers": number(figures.answers),
        "share": number(figures.share_percent),
        "beyond": number(figures.views_beyond),
        "minutes": number(figures.minutes),
        "hours": number(figures.hours),
    }


def _usual(usual: float | None) -> str:
    if usual is None:
        return _("what is usual in these hours is not known")
    return _("%(count)s are usual in these hours") % {"count": number(round(usual))}
