"""Where conversations and reports stand in the console: the side bar."""

from django.conf import settings

from atender.console import navigation
from atender.console.navigation import Entry
from atender.roles import Ability

ENTRIES = (
    Entry("Incidents", "Reports", "assist_reports", "bar_chart", order=18),
    Entry("Assist", "Sidekick", "sidekick", "support_agent", order=59),
    Entry("Assist", "Try a message", "assist_try_a_message", "psychology_alt", order=60),
    Entry("Assist", "Conversation sources", "assist_sources", "cable", order=62),
    Entry("Assist", "Fire drill", "assist_drills", "local_fire_department", order=66),
    Entry(
        "Assist",
        "Customer chat",
        "assist_demo_chat",
        "forum",
        order=69,
        is_shown=lambda: bool(settings.DEMO),
    ),
    Entry(
        "Settings",
        "Language model",
        "admin:assist_languagemodel_changelist",
        "neurology",
        ability=Ability.ADMINISTER,
        order=94,
    ),
    Entry(
        "Settings",
        "Embedding model",
        "admin:assist_embeddingmodel_changelist",
        "scatter_plot",
        ability=Ability.ADMINISTER,
        order=95,
    ),
)
for entry in ENTRIES:
    navigation.register(entry)
