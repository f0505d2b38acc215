"""Letters to staff when mails stop going out, or when too many of them did not arrive."""

from atender.outbound import letters
from atender.staff.models import User
from atender.tenants.links import console_url
from subscribers.models import CALLED, DeliveryState, Notice

# After the fourth failure in a row, which is 80 s at least; the letter itself waits for the server.
STALLS_AT = 4
# Single dead addresses are everyday; a twentieth of all is not.
TOO_MANY = 0.05


def warn_of_stall(notice: Notice, trouble: str) -> None:
    """Tell the admins that a notice's mails are not going out, once per stall."""
    _write(
        notice,
        subject="Mails are not going out",
        text=f"The mails about “{notice.about}” have stood still for over a minute. "
        f"The reason given is:\n\n{trouble}\n\n"
        "They are tried again by themselves, every five minutes; nothing is lost.",
    )


def warn_of_failures(notice: Notice) -> None:
    """Tell the admins that a finished notice did not reach many of its recipients."""
    # Who owns an endpoint is told when it is switched off.
    told = notice.deliveries.exclude(channel__in=CALLED)
    total = told.count()
    failed = told.filter(state=DeliveryState.FAILED).count()
    if failed <= total * TOO_MANY:
        return
    _write(
        notice,
        subject=f"{failed:,} of {total:,} mails failed",
        text=f"Of {total:,} mails about “{notice.about}”, {failed:,} were refused for "
        "good. The incident's page in the console lists them with each answer, and sends them "
        "again.",
    )


def _write(notice: Notice, *, subject: str, text: str) -> None:
    path = "/admin/subscribers/delivery/"
    if notice.incident_id:
        path = f"/admin/incidents/incident/{notice.incident_id}/change/"
    where = console_url(path)
    for person in User.objects.admins():
        letters.post(person.email, subject=subject, text=f"{text}\n\n{where}\n")
