"""What the migrations before make of an empty schema, in one step.

Those stay for the databases that are between them.
"""

import datetime

import django.contrib.postgres.fields
import django.db.models.constraints
import django.db.models.deletion
import django.db.models.functions.datetime
import django.db.models.functions.text
import django.db.models.lookups
from django.db import migrations, models

import atender.ids
from atender.append_only import append_only, never_emptied
from atender.created_together import CreateTogether

GUARDED = ("incident_update_revisions", "incidents_auditentry", "post_mortem_revisions")


class Migration(migrations.Migration):
    initial = True
    replaces = [
        ("incidents", "0001_initial"),
        ("incidents", "0002_append_only"),
        ("incidents", "0003_alter_incidentupdate_is_transition"),
        ("incidents", "0004_post_mortems"),
        ("incidents", "0005_planned_windows"),
        ("incidents", "0006_changes"),
        ("incidents", "0007_templates"),
        ("incidents", "0008_shipped_templates"),
        ("incidents", "0009_drafts"),
        ("incidents", "0010_maintenance_series"),
        ("incidents", "0011_nudges"),
        ("incidents", "0012_imports"),
        ("incidents", "0013_drafts_without_pages"),
        ("incidents", "0014_maintenance_list"),
        ("incidents", "0015_follow_up_words"),
        ("incidents", "0016_component_tombstones"),
        ("incidents", "0017_refuse_to_empty"),
        ("incidents", "0018_post_mortem_revisions"),
        ("incidents", "0019_intervals_by_end"),
        ("incidents", "0020_page_sections"),
        ("incidents", "0021_template_pages"),
        ("incidents", "0022_updates_move_components"),
    ]
    dependencies = [
        ("tenants", "0004_custom_domains"),
        ("monitors", "0003_checks_and_verdicts"),
    ]

    operations = [
        CreateTogether(
            [
                migrations.CreateModel(
                    name="AuditEntry",
                    fields=[
                        (
                            "by_kind",
                            models.CharField(
                                choices=[
                                    ("person", "person"),
                                    ("key", "API key"),
                                    ("monitor", "monitor"),
                                    ("schedule", "schedule"),
                                    ("operator", "operator"),
                                ],
                                max_length=16,
                            ),
                        ),
                        ("by_id", models.CharField(blank=True, max_length=26)),
                        ("by_name", models.CharField(blank=True, max_length=120)),
                        (
                            "id",
                            atender.ids.RecordId(
                                db_default=atender.ids.UUIDv7(),
                                editable=False,
                                primary_key=True,
                                serialize=False,
                            ),
                        ),
                        ("action", models.CharField(max_length=60)),
                        ("subject_id", atender.ids.ULIDField(db_index=True)),
                        ("details", models.JSONField(default=dict)),
                        ("at", models.DateTimeField()),
                    ],
                    options={
                        "verbose_name_plural": "audit entries",
                        "ordering": ["-id"],
                    },
                ),
                migrations.CreateModel(
                    name="ComponentGroup",
                    fields=[
                        (
                            "id",
                            atender.ids.RecordId(
                                db_default=atender.ids.UUIDv7(),
                                editable=False,
                                primary_key=True,
                                serialize=False,
                            ),
                        ),
                        ("name", models.CharField(max_length=120, unique=True)),
                        ("position", models.PositiveIntegerField(default=0)),
                    ],
                    options={
                        "ordering": ["position", "name"],
                    },
                ),
                migrations.CreateModel(
                    name="ImportRun",
                    fields=[
                        (
                            "by_kind",
                            models.CharField(
                                choices=[
                                    ("person", "person"),
                                    ("key", "API key"),
                                    ("monitor", "monitor"),
                                    ("schedule", "schedule"),
                                    ("operator", "operator"),
                                ],
                                max_length=16,
                            ),
                        ),
                        ("by_id", models.CharField(blank=True, max_length=26)),
                        ("by_name", models.CharField(blank=True, max_length=120)),
                        (
                            "id",
                            atender.ids.RecordId(
                                db_default=atender.ids.UUIDv7(),
                                editable=False,
                                primary_key=True,
                                serialize=False,
                            ),
                        ),
                        ("address", models.CharField(max_length=500)),
                        ("includes_open", models.BooleanField(default=True)),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("reading", "Reading"),
                                    ("writing", "Bringing in"),
                                    ("done", "Done"),
                                    ("failed", "Failed"),
                                    ("stopped", "Stopped"),
                                ],
                                default="reading",
                                max_length=8,
                            ),
                        ),
                        ("next_document", models.CharField(max_length=40)),
                        ("next_part", models.PositiveIntegerField(default=1)),
                        ("waits", models.PositiveSmallIntegerField(default=0)),
                        ("held_until", models.DateTimeField(null=True)),
                        ("remarks", models.TextField(blank=True)),
                        ("totals", models.JSONField(default=dict)),
                        ("started_at", models.DateTimeField()),
                        ("finished_at", models.DateTimeField(null=True)),
                    ],
                    options={
                        "verbose_name": "import",
                        "ordering": ["-id"],
                    },
                ),
                migrations.CreateModel(
                    name="ImportSource",
                    fields=[
                        (
                            "id",
                            atender.ids.RecordId(
                                db_default=atender.ids.UUIDv7(),
                                editable=False,
                                primary_key=True,
                                serialize=False,
                            ),
                        ),
                        ("external_id", models.CharField(max_length=100, unique=True)),
                        ("name", models.CharField(blank=True, max_length=255)),
                    ],
                ),
                migrations.CreateModel(
                    name="IncidentUpdateRevision",
                    fields=[
                        (
                            "by_kind",
                            models.CharField(
                                choices=[
                                    ("person", "person"),
                                    ("key", "API key"),
                                    ("monitor", "monitor"),
                                    ("schedule", "schedule"),
                                    ("operator", "operator"),
                                ],
                                max_length=16,
                            ),
                        ),
                        ("by_id", models.CharField(blank=True, max_length=26)),
                        ("by_name", models.CharField(blank=True, max_length=120)),
                        (
                            "id",
                            atender.ids.RecordId(
                                db_default=atender.ids.UUIDv7(),
                                editable=False,
                                primary_key=True,
                                serialize=False,
                            ),
                        ),
                        ("incident_id", atender.ids.ULIDField()),
                        ("update_id", atender.ids.ULIDField(db_index=True)),
                        ("body_before", models.TextField(blank=True)),
                        ("body_after", models.TextField(blank=True)),
                        ("was_public", models.BooleanField()),
                        ("is_public", models.BooleanField()),
                        ("is_deletion", models.BooleanField(default=False)),
                        ("revised_at", models.DateTimeField()),
                    ],
                    options={
                        "db_table": "incident_update_revisions",
                        "ordering": ["id"],
                    },
                ),
                migrations.CreateModel(
                    name="Page",
                    fields=[
                        (
                            "id",
                            atender.ids.RecordId(
                                db_default=atender.ids.UUIDv7(),
                                editable=False,
                                primary_key=True,
                                serialize=False,
                            ),
                        ),
                        ("slug", models.SlugField(max_length=60, unique=True)),
                        ("name", models.CharField(max_length=120)),
                        (
                            "audience",
                            models.CharField(
                                choices=[("public", "public"), ("partner", "partners only")],
                                default="public",
                                max_length=8,
                            ),
                        ),
                        ("is_default", models.BooleanField(default=False)),
                        (
                            "is_arranged",
                            models.BooleanField(default=False, verbose_name="arranged by hand"),
                        ),
                        ("created_at", models.DateTimeField(auto_now_add=True)),
                    ],
                    options={
                        "ordering": ["-is_default", "name"],
                    },
                ),
                migrations.CreateModel(
                    name="Component",
                    fields=[
                        ("deleted_at", models.DateTimeField(editable=False, null=True)),
                        (
                            "id",
                            atender.ids.RecordId(
                                db_default=atender.ids.UUIDv7(),
                                editable=False,
                                primary_key=True,
                                serialize=False,
                            ),
                        ),
                        ("name", models.CharField(max_length=120)),
                        ("description", models.CharField(blank=True, max_length=500)),
                        ("position", models.PositiveIntegerField(default=0)),
                        (
                            "follows_monitors",
                            models.BooleanField(
                                default=False,
                                help_text="Off: only people and incidents change what the page says.",
                                verbose_name="state follows monitors",
                            ),
                        ),
                        (
                            "started_at",
                            models.DateTimeField(
                                db_default=django.db.models.functions.datetime.Now()
                            ),
                        ),
                        ("created_at", models.DateTimeField(auto_now_add=True)),
                        ("updated_at", models.DateTimeField(auto_now=True)),
                        (
                            "group",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="components",
                                to="incidents.componentgroup",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["position", "name"],
                    },
                ),
                migrations.CreateModel(
                    name="ComponentImpact",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("operational", "Operational"),
                                    ("maintenance", "Maintenance"),
                                    ("degraded", "Degraded"),
                                    ("partial_outage", "Partial outage"),
                                    ("major_outage", "Major outage"),
                                ],
                                max_length=16,
                            ),
                        ),
                        ("is_adjusted", models.BooleanField(default=False)),
                        (
                            "component",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="impacts",
                                to="incidents.component",
                            ),
                        ),
                    ],
                ),
                migrations.CreateModel(
                    name="ComponentReport",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        ("source", models.CharField(max_length=32)),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("operational", "Operational"),
                                    ("maintenance", "Maintenance"),
                                    ("degraded", "Degraded"),
                                    ("partial_outage", "Partial outage"),
                                    ("major_outage", "Major outage"),
                                ],
                                max_length=16,
                            ),
                        ),
                        ("reported_at", models.DateTimeField()),
                        (
                            "component",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="reports",
                                to="incidents.component",
                            ),
                        ),
                    ],
                ),
                migrations.CreateModel(
                    name="ImportItem",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("group", "group"),
                                    ("component", "component"),
                                    ("incident", "incident"),
                                    ("maintenance", "maintenance"),
                                ],
                                max_length=12,
                            ),
                        ),
                        ("rank", models.PositiveSmallIntegerField()),
                        ("external_id", models.CharField(max_length=100)),
                        ("text", models.TextField(blank=True)),
                        (
                            "outcome",
                            models.CharField(
                                choices=[
                                    ("waiting", "waiting"),
                                    ("made", "made"),
                                    ("updated", "updated"),
                                    ("unchanged", "unchanged"),
                                    ("skipped", "skipped"),
                                ],
                                default="waiting",
                                max_length=9,
                            ),
                        ),
                        ("remarks", models.TextField(blank=True)),
                        ("subject_id", atender.ids.ULIDField(null=True)),
                        (
                            "run",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="items",
                                to="incidents.importrun",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["rank", "id"],
                    },
                ),
                migrations.AddField(
                    model_name="importrun",
                    name="source",
                    field=models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="runs",
                        to="incidents.importsource",
                    ),
                ),
                migrations.CreateModel(
                    name="ImportedRecord",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("group", "group"),
                                    ("component", "component"),
                                    ("incident", "incident"),
                                    ("maintenance", "maintenance"),
                                ],
                                max_length=12,
                            ),
                        ),
                        ("external_id", models.CharField(max_length=100)),
                        ("subject_id", atender.ids.ULIDField()),
                        ("fingerprint", models.CharField(blank=True, max_length=64)),
                        ("written", models.JSONField(default=dict)),
                        (
                            "source",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="records",
                                to="incidents.importsource",
                            ),
                        ),
                    ],
                ),
                migrations.CreateModel(
                    name="Incident",
                    fields=[
                        (
                            "by_kind",
                            models.CharField(
                                choices=[
                                    ("person", "person"),
                                    ("key", "API key"),
                                    ("monitor", "monitor"),
                                    ("schedule", "schedule"),
                                    ("operator", "operator"),
                                ],
                                max_length=16,
                            ),
                        ),
                        ("by_id", models.CharField(blank=True, max_length=26)),
                        ("by_name", models.CharField(blank=True, max_length=120)),
                        (
                            "id",
                            atender.ids.RecordId(
                                db_default=atender.ids.UUIDv7(),
                                editable=False,
                                primary_key=True,
                                serialize=False,
                            ),
                        ),
                        (
                            "kind",
                            models.CharField(
                                choices=[("incident", "incident"), ("maintenance", "maintenance")],
                                default="incident",
                                max_length=12,
                            ),
                        ),
                        ("title", models.CharField(max_length=255)),
                        (
                            "severity",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("minor", "Minor"),
                                    ("major", "Major"),
                                    ("critical", "Critical"),
                                    ("maintenance", "Maintenance"),
                                ],
                                max_length=12,
                                null=True,
                            ),
                        ),
                        (
                            "status",
                            models.CharField(
                                choices=[
                                    ("investigating", "Investigating"),
                                    ("identified", "Identified"),
                                    ("monitoring", "Monitoring"),
                                    ("resolved", "Resolved"),
                                    ("scheduled", "Scheduled"),
                                    ("in_progress", "In progress"),
                                    ("verifying", "Verifying"),
                                    ("completed", "Completed"),
                                    ("cancelled", "Cancelled"),
                                ],
                                max_length=16,
                            ),
                        ),
                        (
                            "responder_status",
                            models.CharField(
                                choices=[
                                    ("triggered", "nobody has it"),
                                    ("acknowledged", "somebody has it"),
                                    ("resolved", "done"),
                                ],
                                default="triggered",
                                max_length=12,
                            ),
                        ),
                        ("acknowledged_at", models.DateTimeField(null=True)),
                        ("acknowledged_by_id", models.CharField(blank=True, max_length=26)),
                        ("acknowledged_by_name", models.CharField(blank=True, max_length=120)),
                        ("is_auto_created", models.BooleanField(default=False)),
                        (
                            "holds_auto_resolve",
                            models.BooleanField(default=False, verbose_name="hold auto-resolve"),
                        ),
                        ("next_update_by", models.DateTimeField(blank=True, null=True)),
                        ("scheduled_for", models.DateTimeField(blank=True, null=True)),
                        ("scheduled_until", models.DateTimeField(blank=True, null=True)),
                        ("notice_before", models.DurationField(blank=True, null=True)),
                        ("reminded_for", models.DateTimeField(null=True)),
                        ("occurs_at", models.DateTimeField(null=True)),
                        ("follows_series", models.BooleanField(default=False)),
                        ("started_at", models.DateTimeField()),
                        ("resolved_at", models.DateTimeField(null=True)),
                        ("last_public_update_at", models.DateTimeField(null=True)),
                        ("created_at", models.DateTimeField(auto_now_add=True)),
                        ("updated_at", models.DateTimeField(auto_now=True)),
                        ("submission_id", atender.ids.ULIDField(null=True, unique=True)),
                        ("version", models.PositiveIntegerField(default=1)),
                        ("deleted_at", models.DateTimeField(null=True)),
                        (
                            "components",
                            models.ManyToManyField(
                                related_name="+",
                                through="incidents.ComponentImpact",
                                to="incidents.component",
                            ),
                        ),
                        (
                            "service",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to="monitors.service",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["-id"],
                    },
                ),
                migrations.CreateModel(
                    name="Draft",
                    fields=[
                        (
                            "by_kind",
                            models.CharField(
                                choices=[
                                    ("person", "person"),
                                    ("key", "API key"),
                                    ("monitor", "monitor"),
                                    ("schedule", "schedule"),
                                    ("operator", "operator"),
                                ],
                                max_length=16,
                            ),
                        ),
                        ("by_id", models.CharField(blank=True, max_length=26)),
                        ("by_name", models.CharField(blank=True, max_length=120)),
                        (
                            "id",
                            atender.ids.RecordId(
                                db_default=atender.ids.UUIDv7(),
                                editable=False,
                                primary_key=True,
                                serialize=False,
                            ),
                        ),
                        ("title", models.CharField(blank=True, max_length=255)),
                        ("body", models.TextField(blank=True)),
                        (
                            "status",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("investigating", "Investigating"),
                                    ("identified", "Identified"),
                                    ("monitoring", "Monitoring"),
                                    ("resolved", "Resolved"),
                                    ("scheduled", "Scheduled"),
                                    ("in_progress", "In progress"),
                                    ("verifying", "Verifying"),
                                    ("completed", "Completed"),
                                    ("cancelled", "Cancelled"),
                                ],
                                max_length=16,
                            ),
                        ),
                        (
                            "severity",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("minor", "Minor"),
                                    ("major", "Major"),
                                    ("critical", "Critical"),
                                    ("maintenance", "Maintenance"),
                                    ("none", "None"),
                                ],
                                max_length=12,
                            ),
                        ),
                        ("is_public", models.BooleanField(default=True)),
                        ("notifies", models.BooleanField(null=True)),
                        ("eta", models.DateTimeField(null=True)),
                        ("next_update_by", models.DateTimeField(null=True)),
                        ("promise_min", models.PositiveSmallIntegerField(null=True)),
                        ("started_at", models.DateTimeField(null=True)),
                        ("impacts", models.JSONField(default=dict)),
                        (
                            "page_ids",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=atender.ids.ULIDField(),
                                default=list,
                                null=True,
                                size=None,
                            ),
                        ),
                        (
                            "monitor_ids",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=atender.ids.ULIDField(), default=list, size=None
                            ),
                        ),
                        ("service_id", atender.ids.ULIDField(null=True)),
                        ("seen", atender.ids.ULIDField(null=True)),
                        ("saved_at", models.DateTimeField()),
                        ("publish_at", models.DateTimeField(null=True)),
                        ("refusal", models.TextField(blank=True)),
                        ("refused_at", models.DateTimeField(null=True)),
                        ("version", models.PositiveIntegerField(default=1)),
                        (
                            "incident",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="drafts",
                                to="incidents.incident",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["-saved_at"],
                    },
                ),
                migrations.AddField(
                    model_name="componentimpact",
                    name="incident",
                    field=models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="impacts",
                        to="incidents.incident",
                    ),
                ),
                migrations.CreateModel(
                    name="Maintenance",
                    fields=[],
                    options={
                        "verbose_name_plural": "maintenance",
                        "ordering": ["-scheduled_for"],
                        "proxy": True,
                        "indexes": [],
                        "constraints": [],
                    },
                    bases=("incidents.incident",),
                ),
                migrations.CreateModel(
                    name="IncidentMonitor",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        (
                            "incident",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="monitor_tags",
                                to="incidents.incident",
                            ),
                        ),
                        (
                            "monitor",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="monitors.monitor",
                            ),
                        ),
                    ],
                ),
                migrations.AddField(
                    model_name="incident",
                    name="monitors",
                    field=models.ManyToManyField(
                        related_name="+", through="incidents.IncidentMonitor", to="monitors.monitor"
                    ),
                ),
                migrations.CreateModel(
                    name="IncidentUpdate",
                    fields=[
                        (
                            "by_kind",
                            models.CharField(
                                choices=[
                                    ("person", "person"),
                                    ("key", "API key"),
                                    ("monitor", "monitor"),
                                    ("schedule", "schedule"),
                                    ("operator", "operator"),
                                ],
                                max_length=16,
                            ),
                        ),
                        ("by_id", models.CharField(blank=True, max_length=26)),
                        ("by_name", models.CharField(blank=True, max_length=120)),
                        (
                            "id",
                            atender.ids.RecordId(
                                db_default=atender.ids.UUIDv7(),
                                editable=False,
                                primary_key=True,
                                serialize=False,
                            ),
                        ),
                        ("body", models.TextField(blank=True)),
                        ("is_public", models.BooleanField(default=True)),
                        (
                            "status",
                            models.CharField(
                                choices=[
                                    ("investigating", "Investigating"),
                                    ("identified", "Identified"),
                                    ("monitoring", "Monitoring"),
                                    ("resolved", "Resolved"),
                                    ("scheduled", "Scheduled"),
                                    ("in_progress", "In progress"),
                                    ("verifying", "Verifying"),
                                    ("completed", "Completed"),
                                    ("cancelled", "Cancelled"),
                                ],
                                max_length=16,
                            ),
                        ),
                        (
                            "severity",
                            models.CharField(
                                choices=[
                                    ("minor", "Minor"),
                                    ("major", "Major"),
                                    ("critical", "Critical"),
                                    ("maintenance", "Maintenance"),
                                ],
                                max_length=12,
                                null=True,
                            ),
                        ),
                        ("changes_status", models.BooleanField(default=False)),
                        ("changes_severity", models.BooleanField(default=False)),
                        ("scheduled_for", models.DateTimeField(null=True)),
                        ("scheduled_until", models.DateTimeField(null=True)),
                        ("changes_window", models.BooleanField(default=False)),
                        ("impacts", models.JSONField(default=dict)),
                        ("impacts_before", models.JSONField(default=dict)),
                        (
                            "is_transition",
                            models.GeneratedField(
                                db_persist=True,
                                expression=models.ExpressionWrapper(
                                    models.Q(
                                        ("changes_status", True),
                                        ("changes_severity", True),
                                        ("changes_window", True),
                                        _connector="OR",
                                    ),
                                    models.BooleanField(),
                                ),
                                output_field=models.BooleanField(),
                            ),
                        ),
                        ("is_backdated", models.BooleanField(default=False)),
                        ("eta", models.DateTimeField(null=True)),
                        ("next_update_by", models.DateTimeField(null=True)),
                        ("notifies", models.BooleanField(default=True)),
                        ("held_until", models.DateTimeField(null=True)),
                        ("submission_id", atender.ids.ULIDField(null=True, unique=True)),
                        ("posted_at", models.DateTimeField()),
                        ("created_at", models.DateTimeField(auto_now_add=True)),
                        ("edited_at", models.DateTimeField(null=True)),
                        ("deleted_at", models.DateTimeField(null=True)),
                        ("withdrawn_at", models.DateTimeField(null=True)),
                        (
                            "incident",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="updates",
                                to="incidents.incident",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["posted_at", "id"],
                    },
                ),
                migrations.CreateModel(
                    name="MaintenanceSeries",
                    fields=[
                        (
                            "by_kind",
                            models.CharField(
                                choices=[
                                    ("person", "person"),
                                    ("key", "API key"),
                                    ("monitor", "monitor"),
                                    ("schedule", "schedule"),
                                    ("operator", "operator"),
                                ],
                                max_length=16,
                            ),
                        ),
                        ("by_id", models.CharField(blank=True, max_length=26)),
                        ("by_name", models.CharField(blank=True, max_length=120)),
                        (
                            "id",
                            atender.ids.RecordId(
                                db_default=atender.ids.UUIDv7(),
                                editable=False,
                                primary_key=True,
                                serialize=False,
                            ),
                        ),
                        ("title", models.CharField(max_length=255)),
                        ("body", models.TextField(blank=True)),
                        ("rrule", models.CharField(max_length=200)),
                        ("starts_at", models.DateTimeField()),
                        ("time_zone", models.CharField(max_length=64)),
                        ("duration", models.DurationField()),
                        ("notice_before", models.DurationField(null=True)),
                        ("ended_at", models.DateTimeField(null=True)),
                        ("created_at", models.DateTimeField(auto_now_add=True)),
                        ("updated_at", models.DateTimeField(auto_now=True)),
                        ("submission_id", atender.ids.ULIDField(null=True, unique=True)),
                        ("version", models.PositiveIntegerField(default=1)),
                        (
                            "monitors",
                            models.ManyToManyField(related_name="+", to="monitors.monitor"),
                        ),
                        ("pages", models.ManyToManyField(related_name="+", to="incidents.page")),
                    ],
                    options={
                        "verbose_name_plural": "maintenance series",
                        "ordering": ["-id"],
                    },
                ),
                migrations.AddField(
                    model_name="incident",
                    name="series",
                    field=models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="occurrences",
                        to="incidents.maintenanceseries",
                    ),
                ),
                migrations.CreateModel(
                    name="MonitorLink",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        (
                            "component",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="monitor_links",
                                to="incidents.component",
                            ),
                        ),
                        (
                            "monitor",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="component_links",
                                to="monitors.monitor",
                            ),
                        ),
                    ],
                ),
                migrations.CreateModel(
                    name="Nudge",
                    fields=[
                        (
                            "id",
                            atender.ids.RecordId(
                                db_default=atender.ids.UUIDv7(),
                                editable=False,
                                primary_key=True,
                                serialize=False,
                            ),
                        ),
                        (
                            "kind",
                            models.CharField(
                                choices=[("silence", "silence"), ("promise", "promise")],
                                max_length=8,
                            ),
                        ),
                        ("about", models.DateTimeField()),
                        ("number", models.PositiveIntegerField(default=1)),
                        ("told", models.PositiveIntegerField()),
                        ("nudged_at", models.DateTimeField()),
                        (
                            "incident",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="nudges",
                                to="incidents.incident",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["-id"],
                    },
                ),
                migrations.AddField(
                    model_name="importsource",
                    name="page",
                    field=models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="import_sources",
                        to="incidents.page",
                    ),
                ),
                migrations.AddField(
                    model_name="importrun",
                    name="page",
                    field=models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="import_runs",
                        to="incidents.page",
                    ),
                ),
                migrations.CreateModel(
                    name="ComponentState",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("operational", "Operational"),
                                    ("maintenance", "Maintenance"),
                                    ("degraded", "Degraded"),
                                    ("partial_outage", "Partial outage"),
                                    ("major_outage", "Major outage"),
                                ],
                                max_length=16,
                            ),
                        ),
                        ("since", models.DateTimeField()),
                        (
                            "component",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="states",
                                to="incidents.component",
                            ),
                        ),
                        (
                            "page",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="incidents.page",
                            ),
                        ),
                    ],
                ),
                migrations.CreateModel(
                    name="PageComponent",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        ("position", models.PositiveIntegerField(default=0)),
                        (
                            "component",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="page_entries",
                                to="incidents.component",
                            ),
                        ),
                        (
                            "page",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="entries",
                                to="incidents.page",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["position", "id"],
                    },
                ),
                migrations.AddField(
                    model_name="page",
                    name="components",
                    field=models.ManyToManyField(
                        related_name="pages",
                        through="incidents.PageComponent",
                        to="incidents.component",
                    ),
                ),
                migrations.CreateModel(
                    name="PageSection",
                    fields=[
                        (
                            "id",
                            atender.ids.RecordId(
                                db_default=atender.ids.UUIDv7(),
                                editable=False,
                                primary_key=True,
                                serialize=False,
                            ),
                        ),
                        ("name", models.CharField(max_length=120)),
                        ("position", models.PositiveIntegerField(default=0)),
                        (
                            "page",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="sections",
                                to="incidents.page",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["position", "name"],
                    },
                ),
                migrations.AddField(
                    model_name="pagecomponent",
                    name="section",
                    field=models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="entries",
                        to="incidents.pagesection",
                    ),
                ),
                migrations.CreateModel(
                    name="PostMortem",
                    fields=[
                        (
                            "by_kind",
                            models.CharField(
                                choices=[
                                    ("person", "person"),
                                    ("key", "API key"),
                                    ("monitor", "monitor"),
                                    ("schedule", "schedule"),
                                    ("operator", "operator"),
                                ],
                                max_length=16,
                            ),
                        ),
                        ("by_id", models.CharField(blank=True, max_length=26)),
                        ("by_name", models.CharField(blank=True, max_length=120)),
                        (
                            "id",
                            atender.ids.RecordId(
                                db_default=atender.ids.UUIDv7(),
                                editable=False,
                                primary_key=True,
                                serialize=False,
                            ),
                        ),
                        ("body", models.TextField(blank=True)),
                        (
                            "status",
                            models.CharField(
                                choices=[("draft", "Draft"), ("published", "Published")],
                                default="draft",
                                max_length=12,
                            ),
                        ),
                        ("published_at", models.DateTimeField(null=True)),
                        ("notified_at", models.DateTimeField(null=True)),
                        ("created_at", models.DateTimeField()),
                        ("changed_at", models.DateTimeField()),
                        ("version", models.PositiveIntegerField(default=1)),
                        (
                            "incident",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="post_mortem",
                                to="incidents.incident",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "post-mortem",
                        "ordering": ["-id"],
                    },
                ),
                migrations.CreateModel(
                    name="FollowUp",
                    fields=[
                        (
                            "by_kind",
                            models.CharField(
                                choices=[
                                    ("person", "person"),
                                    ("key", "API key"),
                                    ("monitor", "monitor"),
                                    ("schedule", "schedule"),
                                    ("operator", "operator"),
                                ],
                                max_length=16,
                            ),
                        ),
                        ("by_id", models.CharField(blank=True, max_length=26)),
                        ("by_name", models.CharField(blank=True, max_length=120)),
                        (
                            "id",
                            atender.ids.RecordId(
                                db_default=atender.ids.UUIDv7(),
                                editable=False,
                                primary_key=True,
                                serialize=False,
                            ),
                        ),
                        ("title", models.CharField(max_length=255)),
                        ("owner_id", models.CharField(blank=True, max_length=26)),
                        ("owner_name", models.CharField(blank=True, max_length=120)),
                        ("due_date", models.DateField(blank=True, null=True)),
                        ("is_public", models.BooleanField(default=True)),
                        ("created_at", models.DateTimeField()),
                        ("done_at", models.DateTimeField(null=True)),
                        (
                            "post_mortem",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="follow_ups",
                                to="incidents.postmortem",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "follow-up",
                        "ordering": ["id"],
                    },
                ),
                migrations.CreateModel(
                    name="PostMortemRevision",
                    fields=[
                        (
                            "by_kind",
                            models.CharField(
                                choices=[
                                    ("person", "person"),
                                    ("key", "API key"),
                                    ("monitor", "monitor"),
                                    ("schedule", "schedule"),
                                    ("operator", "operator"),
                                ],
                                max_length=16,
                            ),
                        ),
                        ("by_id", models.CharField(blank=True, max_length=26)),
                        ("by_name", models.CharField(blank=True, max_length=120)),
                        (
                            "id",
                            atender.ids.RecordId(
                                db_default=atender.ids.UUIDv7(),
                                editable=False,
                                primary_key=True,
                                serialize=False,
                            ),
                        ),
                        ("incident_id", atender.ids.ULIDField(db_index=True)),
                        ("post_mortem_id", atender.ids.ULIDField()),
                        ("body_before", models.TextField(blank=True)),
                        ("body_after", models.TextField(blank=True)),
                        ("revised_at", models.DateTimeField()),
                    ],
                    options={
                        "db_table": "post_mortem_revisions",
                        "ordering": ["id"],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("body_before", models.F("body_after")), _negated=True
                                ),
                                name="post_mortem_revision_changes_something",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Publication",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        (
                            "by_kind",
                            models.CharField(
                                choices=[
                                    ("person", "person"),
                                    ("key", "API key"),
                                    ("monitor", "monitor"),
                                    ("schedule", "schedule"),
                                    ("operator", "operator"),
                                ],
                                max_length=16,
                            ),
                        ),
                        ("by_id", models.CharField(blank=True, max_length=26)),
                        ("by_name", models.CharField(blank=True, max_length=120)),
                        ("published_at", models.DateTimeField()),
                        (
                            "incident",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="publications",
                                to="incidents.incident",
                            ),
                        ),
                        (
                            "page",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="publications",
                                to="incidents.page",
                            ),
                        ),
                    ],
                ),
                migrations.AddField(
                    model_name="incident",
                    name="pages",
                    field=models.ManyToManyField(
                        related_name="incidents",
                        through="incidents.Publication",
                        to="incidents.page",
                    ),
                ),
                migrations.CreateModel(
                    name="SeriesImpact",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("operational", "Operational"),
                                    ("maintenance", "Maintenance"),
                                    ("degraded", "Degraded"),
                                    ("partial_outage", "Partial outage"),
                                    ("major_outage", "Major outage"),
                                ],
                                max_length=16,
                            ),
                        ),
                        (
                            "component",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="incidents.component",
                            ),
                        ),
                        (
                            "series",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="impacts",
                                to="incidents.maintenanceseries",
                            ),
                        ),
                    ],
                ),
                migrations.AddField(
                    model_name="maintenanceseries",
                    name="components",
                    field=models.ManyToManyField(
                        related_name="+", through="incidents.SeriesImpact", to="incidents.component"
                    ),
                ),
                migrations.CreateModel(
                    name="StateInterval",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("operational", "Operational"),
                                    ("maintenance", "Maintenance"),
                                    ("degraded", "Degraded"),
                                    ("partial_outage", "Partial outage"),
                                    ("major_outage", "Major outage"),
                                ],
                                max_length=16,
                            ),
                        ),
                        ("started_at", models.DateTimeField()),
                        ("ended_at", models.DateTimeField(null=True)),
                        (
                            "component",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="intervals",
                                to="incidents.component",
                            ),
                        ),
                        (
                            "page",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="incidents.page",
                            ),
                        ),
                    ],
                ),
                migrations.CreateModel(
                    name="SystemChange",
                    fields=[
                        (
                            "by_kind",
                            models.CharField(
                                choices=[
                                    ("person", "person"),
                                    ("key", "API key"),
                                    ("monitor", "monitor"),
                                    ("schedule", "schedule"),
                                    ("operator", "operator"),
                                ],
                                max_length=16,
                            ),
                        ),
                        ("by_id", models.CharField(blank=True, max_length=26)),
                        ("by_name", models.CharField(blank=True, max_length=120)),
                        (
                            "id",
                            atender.ids.RecordId(
                                db_default=atender.ids.UUIDv7(),
                                editable=False,
                                primary_key=True,
                                serialize=False,
                            ),
                        ),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("deployment", "deployment"),
                                    ("configuration", "configuration change"),
                                    ("feature_flag", "feature flag"),
                                    ("database", "database change"),
                                    ("infrastructure", "infrastructure change"),
                                    ("other", "other change"),
                                ],
                                default="deployment",
                                max_length=14,
                            ),
                        ),
                        ("summary", models.CharField(max_length=255)),
                        ("version", models.CharField(blank=True, max_length=120)),
                        ("url", models.CharField(blank=True, max_length=500, verbose_name="link")),
                        (
                            "author",
                            models.CharField(blank=True, max_length=120, verbose_name="made by"),
                        ),
                        ("happened_at", models.DateTimeField(db_index=True)),
                        ("created_at", models.DateTimeField(auto_now_add=True)),
                        (
                            "components",
                            models.ManyToManyField(
                                blank=True, related_name="+", to="incidents.component"
                            ),
                        ),
                        (
                            "service",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to="monitors.service",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "change",
                        "ordering": ["-happened_at", "-id"],
                    },
                ),
                migrations.CreateModel(
                    name="Template",
                    fields=[
                        (
                            "id",
                            atender.ids.RecordId(
                                db_default=atender.ids.UUIDv7(),
                                editable=False,
                                primary_key=True,
                                serialize=False,
                            ),
                        ),
                        (
                            "kind",
                            models.CharField(
                                choices=[("incident", "a new incident"), ("update", "an update")],
                                max_length=8,
                                verbose_name="for",
                            ),
                        ),
                        ("name", models.CharField(max_length=120)),
                        ("title", models.CharField(blank=True, max_length=255)),
                        ("body", models.TextField(blank=True, verbose_name="text")),
                        (
                            "severity",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("minor", "Minor"),
                                    ("major", "Major"),
                                    ("critical", "Critical"),
                                ],
                                max_length=12,
                                null=True,
                            ),
                        ),
                        (
                            "status",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("investigating", "Investigating"),
                                    ("identified", "Identified"),
                                    ("monitoring", "Monitoring"),
                                    ("resolved", "Resolved"),
                                ],
                                max_length=16,
                                null=True,
                            ),
                        ),
                        ("created_at", models.DateTimeField(auto_now_add=True)),
                        ("updated_at", models.DateTimeField(auto_now=True)),
                        ("version", models.PositiveIntegerField(default=1)),
                        (
                            "components",
                            models.ManyToManyField(
                                blank=True, related_name="+", to="incidents.component"
                            ),
                        ),
                        (
                            "pages",
                            models.ManyToManyField(
                                blank=True, related_name="+", to="incidents.page"
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["kind", "name"],
                    },
                ),
                migrations.AddConstraint(
                    model_name="component",
                    constraint=models.UniqueConstraint(
                        condition=models.Q(("deleted_at", None)),
                        fields=("group", "name"),
                        name="component_name_in_group",
                        nulls_distinct=False,
                    ),
                ),
                migrations.AddConstraint(
                    model_name="componentreport",
                    constraint=models.UniqueConstraint(
                        fields=("component", "source"), name="one_report_a_source"
                    ),
                ),
                migrations.AddIndex(
                    model_name="importitem",
                    index=models.Index(
                        fields=["run", "outcome", "rank", "id"], name="import_item_next"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="importitem",
                    constraint=models.UniqueConstraint(
                        fields=("run", "kind", "external_id"), name="import_item_once_a_run"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="importedrecord",
                    constraint=models.UniqueConstraint(
                        fields=("source", "kind", "external_id"), name="imported_once_a_source"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="draft",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            ("incident", None),
                            models.Q(
                                ("monitor_ids", []),
                                ("page_ids", []),
                                ("service_id", None),
                                ("started_at", None),
                                ("title", ""),
                            ),
                            _connector="OR",
                        ),
                        name="draft_of_an_update_opens_nothing",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="draft",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            ("publish_at", None), ("refused_at", None), _connector="OR"
                        ),
                        name="draft_waits_or_was_refused",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="draft",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("refusal", ""), ("refused_at", None)),
                            models.Q(
                                models.Q(("refusal", ""), _negated=True),
                                ("refused_at__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="draft_refusal_has_its_time",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="componentimpact",
                    constraint=models.UniqueConstraint(
                        fields=("incident", "component"), name="one_impact_a_component"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="incidentmonitor",
                    constraint=models.UniqueConstraint(
                        fields=("incident", "monitor"), name="one_tag_a_monitor"
                    ),
                ),
                migrations.AddIndex(
                    model_name="incidentupdate",
                    index=models.Index(
                        fields=["incident", "-posted_at"], name="update_newest_first"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="incidentupdate",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("body", ""), _negated=True),
                            ("changes_status", True),
                            ("changes_severity", True),
                            ("changes_window", True),
                            models.Q(("impacts", {}), _negated=True),
                            ("is_backdated", True),
                            ("deleted_at__isnull", False),
                            ("next_update_by__isnull", False),
                            ("eta__isnull", False),
                            _connector="OR",
                        ),
                        name="update_says_something",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="monitorlink",
                    constraint=models.UniqueConstraint(
                        fields=("component", "monitor"), name="monitor_once_linked"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="nudge",
                    constraint=models.UniqueConstraint(
                        fields=("incident", "kind", "about", "number"), name="nudged_once"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="importrun",
                    constraint=models.UniqueConstraint(
                        condition=models.Q(("state__in", ("reading", "writing"))),
                        fields=("address",),
                        name="one_run_an_address",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="importrun",
                    constraint=models.UniqueConstraint(
                        condition=models.Q(("state__in", ("reading", "writing"))),
                        fields=("source",),
                        name="one_run_a_source",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="importrun",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("finished_at", None), ("state__in", ("reading", "writing"))),
                            models.Q(
                                models.Q(("state__in", ("reading", "writing")), _negated=True),
                                ("finished_at__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="import_finished_at_a_time",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="componentstate",
                    constraint=models.UniqueConstraint(
                        fields=("component", "page"), name="one_state_a_page", nulls_distinct=False
                    ),
                ),
                migrations.AddConstraint(
                    model_name="page",
                    constraint=models.UniqueConstraint(
                        condition=models.Q(("is_default", True)),
                        fields=("is_default",),
                        name="one_default_page",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="pagesection",
                    constraint=models.UniqueConstraint(
                        deferrable=django.db.models.constraints.Deferrable["DEFERRED"],
                        fields=("page", "name"),
                        name="section_once_a_page",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="pagecomponent",
                    constraint=models.UniqueConstraint(
                        fields=("page", "component"), name="component_once_a_page"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="postmortem",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("published_at__isnull", False), ("status", "published")),
                            models.Q(("published_at", None), ("status", "draft")),
                            _connector="OR",
                        ),
                        name="post_mortem_published_at_a_time",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="postmortem",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("status", "published"), _negated=True),
                            models.Q(("body", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="post_mortem_published_has_a_text",
                    ),
                ),
                migrations.AddIndex(
                    model_name="followup",
                    index=models.Index(
                        condition=models.Q(("done_at", None)),
                        fields=["due_date"],
                        name="follow_up_by_due_date",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="followup",
                    constraint=models.CheckConstraint(
                        condition=django.db.models.lookups.GreaterThan(
                            django.db.models.functions.text.Length(
                                django.db.models.functions.text.Trim("title")
                            ),
                            0,
                        ),
                        name="follow_up_title_is_not_blank",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="publication",
                    constraint=models.UniqueConstraint(
                        fields=("incident", "page"), name="published_once_a_page"
                    ),
                ),
                migrations.AddIndex(
                    model_name="incident",
                    index=models.Index(
                        condition=models.Q(
                            ("deleted_at", None),
                            models.Q(
                                ("status__in", ["cancelled", "completed", "resolved"]),
                                _negated=True,
                            ),
                        ),
                        fields=["-started_at"],
                        name="incident_open",
                    ),
                ),
                migrations.AddIndex(
                    model_name="incident",
                    index=models.Index(
                        condition=models.Q(("deleted_at", None)),
                        fields=["-resolved_at"],
                        name="incident_by_resolution",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="incident",
                    constraint=models.UniqueConstraint(
                        fields=("series", "occurs_at"), name="occurrence_once"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="incident",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("kind", "incident"),
                                (
                                    "status__in",
                                    ["identified", "investigating", "monitoring", "resolved"],
                                ),
                            ),
                            models.Q(
                                ("kind", "maintenance"),
                                (
                                    "status__in",
                                    [
                                        "cancelled",
                                        "completed",
                                        "in_progress",
                                        "scheduled",
                                        "verifying",
                                    ],
                                ),
                            ),
                            _connector="OR",
                        ),
                        name="incident_status_fits_kind",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="incident",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            ("severity", None),
                            models.Q(
                                ("kind", "incident"),
                                ("severity__in", ("minor", "major", "critical")),
                            ),
                            models.Q(("kind", "maintenance"), ("severity__in", ("maintenance",))),
                            _connector="OR",
                        ),
                        name="incident_severity_fits_kind",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="incident",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("resolved_at__isnull", False),
                                ("status__in", ["cancelled", "completed", "resolved"]),
                            ),
                            models.Q(
                                models.Q(
                                    ("status__in", ["cancelled", "completed", "resolved"]),
                                    _negated=True,
                                ),
                                ("resolved_at", None),
                            ),
                            _connector="OR",
                        ),
                        name="incident_closed_has_resolved_at",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="incident",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("status__in", ["cancelled", "completed", "resolved"]),
                                _negated=True,
                            ),
                            ("responder_status", "resolved"),
                            _connector="OR",
                        ),
                        name="incident_closed_is_closed_for_responders",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="incident",
                    constraint=models.CheckConstraint(
                        condition=django.db.models.lookups.GreaterThan(
                            django.db.models.functions.text.Length(
                                django.db.models.functions.text.Trim("title")
                            ),
                            0,
                        ),
                        name="incident_title_is_not_blank",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="incident",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            ("notice_before", None),
                            ("notice_before__gt", datetime.timedelta(0)),
                            _connector="OR",
                        ),
                        name="incident_notice_is_before",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="incident",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            ("scheduled_until", None),
                            ("scheduled_for", None),
                            ("scheduled_until__gt", models.F("scheduled_for")),
                            _connector="OR",
                        ),
                        name="incident_window_ends_after_it_starts",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="seriesimpact",
                    constraint=models.UniqueConstraint(
                        fields=("series", "component"), name="one_impact_a_component_of_series"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="maintenanceseries",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("duration__gt", datetime.timedelta(0))),
                        name="series_lasts",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="maintenanceseries",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            ("notice_before", None),
                            ("notice_before__gt", datetime.timedelta(0)),
                            _connector="OR",
                        ),
                        name="series_notice_is_before",
                    ),
                ),
                migrations.AddIndex(
                    model_name="stateinterval",
                    index=models.Index(
                        fields=["page", "component", "started_at"], name="interval_by_page"
                    ),
                ),
                migrations.AddIndex(
                    model_name="stateinterval",
                    index=models.Index(fields=["page", "ended_at"], name="interval_by_end"),
                ),
                migrations.AddConstraint(
                    model_name="stateinterval",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            ("ended_at", None),
                            ("ended_at__gte", models.F("started_at")),
                            _connector="OR",
                        ),
                        name="interval_ends_after_it_starts",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="stateinterval",
                    constraint=models.UniqueConstraint(
                        condition=models.Q(("ended_at", None)),
                        fields=("component", "page"),
                        name="one_open_interval",
                        nulls_distinct=False,
                    ),
                ),
                migrations.AddConstraint(
                    model_name="systemchange",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            (
                                "kind__in",
                                [
                                    "deployment",
                                    "configuration",
                                    "feature_flag",
                                    "database",
                                    "infrastructure",
                                    "other",
                                ],
                            )
                        ),
                        name="change_kind_is_known",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="template",
                    constraint=models.UniqueConstraint(
                        fields=("kind", "name"), name="template_name_in_kind"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="template",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            ("kind", "incident"),
                            models.Q(("kind", "update"), ("title", "")),
                            _connector="OR",
                        ),
                        name="template_of_an_update_has_no_title",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="template",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            ("severity", None),
                            ("severity__in", ["minor", "major", "critical"]),
                            _connector="OR",
                        ),
                        name="template_severity_is_an_incidents",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="template",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            ("status", None),
                            (
                                "status__in",
                                ["investigating", "identified", "monitoring", "resolved"],
                            ),
                            _connector="OR",
                        ),
                        name="template_status_is_an_incidents",
                    ),
                ),
            ]
        ),
        *(append_only(table) for table in GUARDED),
        *(never_emptied(table) for table in GUARDED),
    ]
