from typing import Any

from django.dispatch import receiver

from atender.outbound.letters import post
from atender.staff.signals import letter_written


@receiver(letter_written)
def post_the_letter(to: str, subject: str, text: str, **_: Any) -> None:
    post(to, subject=subject, text=text)
