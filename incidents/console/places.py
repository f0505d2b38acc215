"""Where incidents stand in the console: the first screen and the side bar."""

from atender.console import navigation, panels
from atender.console.navigation import Entry, Shortcut
from atender.roles import Ability
from incidents.console import afterwards, drafts_shown, guides, now, suspects, waiting
from incidents.console.planned import card

panels.register("now", now.render_now, order=10)
panels.register("now", drafts_shown.render_now, order=20)
panels.register("incident.above", drafts_shown.render_of_incident, order=10)
panels.register("now", afterwards.render_now, order=40)
panels.register("now.side", now.render_components, order=10)
panels.register("incident.above", card.render_window, order=5)
panels.register("incident.head", waiting.render_waiting, order=10)
panels.register("incident.below", afterwards.render_card, order=10)
panels.register("incident.post_mortem", suspects.render_suspects, order=10)
panels.register("incident.side", waiting.render_promises, order=15)
panels.register("incident.side", guides.render_guides, order=25)
panels.register("incident.side", suspects.render_suspects, order=22)
panels.register("incident.opening.top", suspects.render_latest, order=10)

ENTRIES = (
    Entry(
        "Incidents",
        "Incidents",
        "admin:incidents_incident_changelist",
        "notifications_active",
        order=10,
        badge=now.count_open,
    ),
    Entry(
        "Incidents",
        "Drafts",
        "admin:incidents_incident_drafts",
        "edit_note",
        order=11,
        badge=drafts_shown.count,
    ),
    Entry(
        "Incidents",
        "Maintenance",
        "admin:incidents_maintenance_changelist",
        "construction",
        order=11,
        badge=now.count_running,
    ),
    Entry("Incidents", "Templates", "admin:incidents_template_changelist", "draft", order=14),
    Entry("Incidents", "Components", "admin:incidents_component_changelist", "widgets", order=12),
    Entry("Incidents", "Groups", "admin:incidents_componentgroup_changelist", "folder", order=13),
    Entry(
        "Incidents",
        "Follow-ups",
        "admin:incidents_followup_changelist",
        "checklist",
        order=15,
        badge=afterwards.count_overdue,
    ),
    Entry("Incidents", "Changes", "admin:incidents_systemchange_changelist", "commit", order=16),
    Entry(
        "Incidents", "What was done", "admin:incidents_auditentry_changelist", "history", order=19
    ),
    Entry("Status pages", "Pages", "admin:incidents_page_changelist", "web", order=20),
    Entry(
        "Status pages",
        "Import",
        "admin:incidents_importrun_changelist",
        "move_to_inbox",
        order=29,
        ability=Ability.MANAGE_PAGES,
    ),
)
for entry in ENTRIES:
    navigation.register(entry)
for shortcut in (
    Shortcut("n", "open a new incident", "admin:incidents_incident_add", Ability.DRAFT),
    Shortcut("l", "go to the list of incidents", "admin:incidents_incident_changelist"),
):
    navigation.register_shortcut(shortcut)
