"""Fifty customers write at once, believably: most about what is open, some about anything else."""

import random

from assist.conversations.opening import Customer, open_conversation
from assist.examples.written import OTHER, Written, messages
from assist.hearing.messages import take_message
from assist.knowledge import knowledge_of, pages_named
from assist.matching import match
from assist.models import Author, HandledBy
from atender.ids import new_ulid

ABOUT_SOMETHING_ELSE = 8
CHANNELS = ("chat", "email", "whatsapp")
# Names by language, so that each customer's name fits the message.
NAMES = {
    "en": ("noah.smith", "grace.okoro", "emily.clarke"),
    "de": ("jonas.keller", "lena.brandt"),
    "fr": ("chloe.martin", "hugo.lefevre"),
    "es": ("lucia.ortega", "diego.ruiz"),
    "pt": ("maria.santos", "lucas.silva"),
    "it": ("sofia.rossi", "luca.bianchi"),
    "nl": ("liam.devries", "sanne.bakker"),
    "pl": ("anna.kowalska", "piotr.nowak"),
    "sv": ("elsa.lindberg", "axel.nilsson"),
    "da": ("emma.jensen", "mads.holm"),
    "tr": ("elif.yilmaz", "emre.demir"),
    "ja": ("hiro.tanaka", "yuki.sato"),
    "zh": ("li.wei", "zhang.min"),
    "ar": ("amira.haddad", "omar.nasser"),
}
PEOPLE = tuple(name for names in NAMES.values() for name in names)


def send_customers(count: int = 50, *, chance: random.Random | None = None) -> int:
    """Open conversations in which customers have written; returns how many.

    Two of three are handled by AI. With nothing open, some say the same new thing and the others
    are an ordinary day's mix: what staff should see as a wave.
    """
    chance = chance or random.Random()  # noqa: S311 - nothing secret depends on it
    for number, written in enumerate(_chosen(count, chance)):
        person = f"{chance.choice(NAMES.get(written.language, PEOPLE))}+{number}@example.com"
        conversation, _ = open_conversation(
            f"demo-{new_ulid()}",
            channel=chance.choice(CHANNELS),
            handled_by=HandledBy.HUMAN if number % 3 == 2 else HandledBy.AI,
            customer=Customer(person, is_proved=True),
        )
        take_message(conversation, external_id="1", author=Author.CUSTOMER, text=written.text)
    return count


def _chosen(count: int, chance: random.Random) -> list[Written]:
    index = knowledge_of(pages_named(())).index
    complaints = [one for one in messages() if one.topic != OTHER]
    known = [one for one in complaints if any(m.is_card for m in match(one.text, index).matches)]
    others = [one for one in messages() if one.topic == OTHER]
    about_it = max(count - ABOUT_SOMETHING_ELSE, 0)
    if not known:
        topic = chance.choice(sorted({one.topic for one in complaints}))
        known = [one for one in complaints if one.topic == topic]
        about_it = min(about_it, len(known))
    # Each message once before any repeats.
    spread = [known[at % len(known)] for at in range(about_it)]
    chosen = spread + chance.choices(others, k=count - about_it)
    chance.shuffle(chosen)
    return chosen
