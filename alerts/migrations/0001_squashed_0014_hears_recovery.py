"""What the migrations before make of an empty schema, in one step.

Those stay for the databases that are between them.
"""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import alerts.models.people
import alerts.models.routing
import atender.ids
import atender.outbound.secrets
from atender.append_only import append_only
from atender.created_together import CreateTogether


class Migration(migrations.Migration):
    initial = True
    replaces = [
        ("alerts", "0001_alerts"),
        ("alerts", "0002_append_only"),
        ("alerts", "0003_inbound"),
        ("alerts", "0004_routing"),
        ("alerts", "0005_people"),
        ("alerts", "0006_channels"),
        ("alerts", "0007_verification"),
        ("alerts", "0008_slack"),
        ("alerts", "0009_summons"),
        ("alerts", "0010_fallback"),
        ("alerts", "0011_channel_events"),
        ("alerts", "0012_slack_seen"),
        ("alerts", "0013_slack_seen_defaults"),
        ("alerts", "0014_hears_recovery"),
    ]
    dependencies = [
        ("tenants", "0004_custom_domains"),
        ("incidents", "0001_squashed_0022_updates_move_components"),
        ("monitors", "0003_checks_and_verdicts"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        CreateTogether(
            [
                migrations.CreateModel(
                    name="Escalation",
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
                            "state",
                            models.CharField(
                                choices=[
                                    ("running", "calling"),
                                    ("stopped", "somebody has it, or it is over"),
                                    ("exhausted", "everybody was called"),
                                ],
                                default="running",
                                max_length=9,
                            ),
                        ),
                        ("step", models.PositiveSmallIntegerField(default=0)),
                        ("round", models.PositiveSmallIntegerField(default=0)),
                        ("next_at", models.DateTimeField(null=True)),
                        ("began_at", models.DateTimeField()),
                    ],
                    options={
                        "ordering": ["-id"],
                    },
                ),
                migrations.CreateModel(
                    name="EscalationPolicy",
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
                        ("repeats", models.PositiveSmallIntegerField(default=0)),
                        ("is_fallback", models.BooleanField(default=False)),
                        ("created_at", models.DateTimeField(auto_now_add=True)),
                    ],
                    options={
                        "verbose_name_plural": "escalation policies",
                        "ordering": ["name"],
                    },
                ),
                migrations.CreateModel(
                    name="Schedule",
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
                        ("time_zone", models.CharField(default="UTC", max_length=64)),
                        ("starts_on", models.DateField()),
                        ("handover_at", models.TimeField()),
                        ("created_at", models.DateTimeField(auto_now_add=True)),
                    ],
                    options={
                        "ordering": ["name"],
                    },
                ),
                migrations.CreateModel(
                    name="SlackAnswer",
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
                        ("command", models.CharField(max_length=64, unique=True)),
                        ("text", models.TextField(blank=True)),
                        ("at", models.DateTimeField(db_index=True)),
                    ],
                    options={
                        "ordering": ["id"],
                    },
                ),
                migrations.CreateModel(
                    name="Alert",
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
                        ("summary", models.CharField(max_length=255)),
                        (
                            "severity",
                            models.CharField(
                                choices=[
                                    ("critical", "Critical"),
                                    ("error", "Error"),
                                    ("warning", "Warning"),
                                    ("info", "Info"),
                                ],
                                default="error",
                                max_length=8,
                            ),
                        ),
                        (
                            "status",
                            models.CharField(
                                choices=[
                                    ("triggered", "Triggered"),
                                    ("acknowledged", "Acknowledged"),
                                    ("resolved", "Resolved"),
                                ],
                                default="triggered",
                                max_length=12,
                            ),
                        ),
                        (
                            "source",
                            models.CharField(
                                choices=[
                                    ("monitor", "a monitor"),
                                    ("alertmanager", "Alertmanager"),
                                    ("grafana", "Grafana"),
                                    ("generic", "a webhook"),
                                    ("api", "the API"),
                                    ("person", "a person"),
                                ],
                                max_length=12,
                            ),
                        ),
                        ("origin_id", atender.ids.ULIDField(null=True)),
                        ("dedup_key", models.CharField(max_length=255)),
                        ("occurrence", models.CharField(blank=True, max_length=64)),
                        ("url", models.CharField(blank=True, max_length=2000)),
                        ("details", models.JSONField(default=dict)),
                        ("wants_page", models.BooleanField(default=True)),
                        ("triggered_at", models.DateTimeField()),
                        ("acknowledged_at", models.DateTimeField(null=True)),
                        ("acknowledged_by_id", models.CharField(blank=True, max_length=26)),
                        ("acknowledged_by_name", models.CharField(blank=True, max_length=120)),
                        ("snoozed_until", models.DateTimeField(null=True)),
                        ("resolved_at", models.DateTimeField(null=True)),
                        ("created_at", models.DateTimeField(auto_now_add=True)),
                        (
                            "incident",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="alerts",
                                to="incidents.incident",
                            ),
                        ),
                        (
                            "monitor",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="alerts",
                                to="monitors.monitor",
                            ),
                        ),
                        (
                            "service",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="alerts",
                                to="monitors.service",
                            ),
                        ),
                        (
                            "escalation",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="alerts",
                                to="alerts.escalation",
                            ),
                        ),
                        (
                            "target_policy",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to="alerts.escalationpolicy",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["-id"],
                    },
                ),
                migrations.CreateModel(
                    name="AlertChannel",
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
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("pagerduty", "PagerDuty"),
                                    ("slack", "Slack"),
                                    ("teams", "Microsoft Teams"),
                                    ("discord", "Discord"),
                                    ("webhook", "signed webhook"),
                                    ("email", "e-mail"),
                                ],
                                max_length=9,
                            ),
                        ),
                        ("address", atender.outbound.secrets.EncryptedTextField()),
                        ("secret", atender.outbound.secrets.EncryptedTextField(blank=True)),
                        (
                            "severities",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.CharField(
                                    choices=[
                                        ("critical", "Critical"),
                                        ("error", "Error"),
                                        ("warning", "Warning"),
                                        ("info", "Info"),
                                    ],
                                    max_length=8,
                                ),
                                blank=True,
                                default=list,
                                size=None,
                            ),
                        ),
                        ("is_on", models.BooleanField(default=True)),
                        ("hears_incidents", models.BooleanField(default=False)),
                        ("hears_private", models.BooleanField(default=False)),
                        ("created_at", models.DateTimeField(auto_now_add=True)),
                    ],
                    options={
                        "ordering": ["name"],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    (
                                        "kind__in",
                                        [
                                            "pagerduty",
                                            "slack",
                                            "teams",
                                            "discord",
                                            "webhook",
                                            "email",
                                        ],
                                    )
                                ),
                                name="alert_channel_kind_is_known",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="AlertEntry",
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
                                    ("triggered", "triggered"),
                                    ("acknowledged", "acknowledged"),
                                    ("resolved", "resolved"),
                                    ("snoozed", "snoozed"),
                                    ("woke", "awake again"),
                                    ("note", "note"),
                                    ("incident", "incident"),
                                    ("paged", "paged"),
                                    ("escalated", "escalated"),
                                    ("exhausted", "nobody left"),
                                    ("told", "told"),
                                ],
                                max_length=12,
                            ),
                        ),
                        ("text", models.TextField(blank=True)),
                        ("incident_id", atender.ids.ULIDField(null=True)),
                        ("at", models.DateTimeField()),
                        (
                            "alert",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="entries",
                                to="alerts.alert",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name_plural": "alert entries",
                        "db_table": "alert_entries",
                        "ordering": ["at", "id"],
                    },
                ),
                migrations.CreateModel(
                    name="ContactMethod",
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
                                choices=[
                                    ("email", "e-mail"),
                                    ("sms", "SMS"),
                                    ("push", "push message"),
                                    ("chat", "chat"),
                                ],
                                max_length=5,
                            ),
                        ),
                        ("address", models.CharField(max_length=254)),
                        (
                            "after_s",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.PositiveIntegerField(),
                                default=alerts.models.people.at_once,
                                size=None,
                            ),
                        ),
                        ("hears_recovery", models.BooleanField(db_default=True, default=True)),
                        ("verified_at", models.DateTimeField(null=True)),
                        ("created_at", models.DateTimeField(auto_now_add=True)),
                        (
                            "person",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="contact_methods",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["person", "id"],
                    },
                ),
                migrations.CreateModel(
                    name="ChannelMessage",
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
                            "event",
                            models.CharField(
                                choices=[
                                    ("trigger", "triggered"),
                                    ("update", "updated"),
                                    ("acknowledge", "acknowledged"),
                                    ("resolve", "resolved"),
                                    ("test", "test"),
                                ],
                                max_length=11,
                            ),
                        ),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("waiting", "waiting"),
                                    ("sent", "sent"),
                                    ("failed", "failed"),
                                    ("dropped", "not needed any more"),
                                ],
                                default="waiting",
                                max_length=7,
                            ),
                        ),
                        ("attempts", models.PositiveSmallIntegerField(default=0)),
                        ("answer", models.CharField(blank=True, max_length=300)),
                        ("happened_at", models.DateTimeField()),
                        ("sent_at", models.DateTimeField(null=True)),
                        (
                            "channel",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="messages",
                                to="alerts.alertchannel",
                            ),
                        ),
                        (
                            "incident",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="incidents.incident",
                            ),
                        ),
                        (
                            "update",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="incidents.incidentupdate",
                            ),
                        ),
                        (
                            "escalation",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="messages",
                                to="alerts.escalation",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["id"],
                    },
                ),
                migrations.CreateModel(
                    name="Call",
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
                        ("place", models.CharField(max_length=20)),
                        ("after_s", models.PositiveIntegerField(default=0)),
                        ("due_at", models.DateTimeField()),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("waiting", "waiting"),
                                    ("sent", "sent"),
                                    ("failed", "failed"),
                                    ("dropped", "not needed any more"),
                                ],
                                default="waiting",
                                max_length=7,
                            ),
                        ),
                        ("attempts", models.PositiveSmallIntegerField(default=0)),
                        ("answer", models.CharField(blank=True, max_length=300)),
                        ("sent_at", models.DateTimeField(null=True)),
                        (
                            "person",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "method",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to="alerts.contactmethod",
                            ),
                        ),
                        (
                            "escalation",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="calls",
                                to="alerts.escalation",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["due_at", "id"],
                    },
                ),
                migrations.AddField(
                    model_name="escalation",
                    name="policy",
                    field=models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="alerts.escalationpolicy",
                    ),
                ),
                migrations.CreateModel(
                    name="InboundSource",
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
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("alertmanager", "Prometheus Alertmanager"),
                                    ("grafana", "Grafana"),
                                    ("generic", "any JSON webhook"),
                                    ("uptimerobot", "UptimeRobot"),
                                    ("pagerduty", "PagerDuty's own webhook"),
                                ],
                                max_length=12,
                            ),
                        ),
                        ("mapping", models.JSONField(blank=True, default=dict)),
                        ("token", atender.outbound.secrets.EncryptedTextField()),
                        ("digest", models.CharField(max_length=64, unique=True)),
                        ("created_at", models.DateTimeField(auto_now_add=True)),
                        ("last_used_at", models.DateTimeField(null=True)),
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
                        "ordering": ["name", "id"],
                    },
                ),
                migrations.CreateModel(
                    name="MethodMessage",
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
                            "purpose",
                            models.CharField(
                                choices=[("code", "code"), ("test", "test page")], max_length=4
                            ),
                        ),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("waiting", "waiting"),
                                    ("sent", "sent"),
                                    ("failed", "failed"),
                                    ("dropped", "not needed any more"),
                                ],
                                default="waiting",
                                max_length=7,
                            ),
                        ),
                        ("attempts", models.PositiveSmallIntegerField(default=0)),
                        ("answer", models.CharField(blank=True, max_length=300)),
                        ("guesses", models.PositiveSmallIntegerField(default=0)),
                        ("asked_at", models.DateTimeField()),
                        ("sent_at", models.DateTimeField(null=True)),
                        ("used_at", models.DateTimeField(null=True)),
                        (
                            "method",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="messages",
                                to="alerts.contactmethod",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["id"],
                    },
                ),
                migrations.CreateModel(
                    name="NotificationGroup",
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
                        ("created_at", models.DateTimeField(auto_now_add=True)),
                        (
                            "channels",
                            models.ManyToManyField(
                                blank=True, related_name="+", to="alerts.alertchannel"
                            ),
                        ),
                        (
                            "people",
                            models.ManyToManyField(
                                blank=True, related_name="+", to=settings.AUTH_USER_MODEL
                            ),
                        ),
                        (
                            "schedules",
                            models.ManyToManyField(
                                blank=True, related_name="+", to="alerts.schedule"
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["name"],
                    },
                ),
                migrations.AddField(
                    model_name="escalationpolicy",
                    name="last_resort",
                    field=models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="alerts.notificationgroup",
                    ),
                ),
                migrations.AddField(
                    model_name="escalation",
                    name="group",
                    field=models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="alerts.notificationgroup",
                    ),
                ),
                migrations.AddField(
                    model_name="alert",
                    name="target_group",
                    field=models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="alerts.notificationgroup",
                    ),
                ),
                migrations.CreateModel(
                    name="Routing",
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
                            "auto_incident",
                            models.CharField(
                                choices=[
                                    ("off", "off: an alert only"),
                                    ("draft", "draft: an internal incident, which staff publish"),
                                    ("on", "on: published at once"),
                                ],
                                default="off",
                                max_length=5,
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
                                ],
                                max_length=8,
                                null=True,
                            ),
                        ),
                        (
                            "alert_on",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.CharField(
                                    choices=[
                                        ("down", "when it goes down"),
                                        ("recovery", "when it recovers"),
                                        ("degraded", "when it is degraded"),
                                    ],
                                    max_length=8,
                                ),
                                blank=True,
                                default=alerts.models.routing.tells_unless_asked,
                                size=None,
                            ),
                        ),
                        (
                            "escalation_policy",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to="alerts.escalationpolicy",
                            ),
                        ),
                        (
                            "monitor",
                            models.OneToOneField(
                                null=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="routing",
                                to="monitors.monitor",
                            ),
                        ),
                        (
                            "notification_group",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to="alerts.notificationgroup",
                            ),
                        ),
                        (
                            "pages",
                            models.ManyToManyField(
                                blank=True, related_name="+", to="incidents.page"
                            ),
                        ),
                        (
                            "service",
                            models.OneToOneField(
                                null=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="routing",
                                to="monitors.service",
                            ),
                        ),
                    ],
                ),
                migrations.CreateModel(
                    name="Override",
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
                        ("starts_at", models.DateTimeField()),
                        ("ends_at", models.DateTimeField()),
                        (
                            "person",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "schedule",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="overrides",
                                to="alerts.schedule",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["starts_at", "id"],
                    },
                ),
                migrations.CreateModel(
                    name="EscalationStep",
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
                        ("position", models.PositiveSmallIntegerField()),
                        ("wait_s", models.PositiveIntegerField()),
                        (
                            "people",
                            models.ManyToManyField(
                                blank=True, related_name="+", to=settings.AUTH_USER_MODEL
                            ),
                        ),
                        (
                            "policy",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="steps",
                                to="alerts.escalationpolicy",
                            ),
                        ),
                        (
                            "groups",
                            models.ManyToManyField(
                                blank=True, related_name="+", to="alerts.notificationgroup"
                            ),
                        ),
                        (
                            "schedules",
                            models.ManyToManyField(
                                blank=True, related_name="+", to="alerts.schedule"
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["position"],
                    },
                ),
                migrations.CreateModel(
                    name="ScheduleMember",
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
                        ("position", models.PositiveSmallIntegerField()),
                        (
                            "person",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "schedule",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="members",
                                to="alerts.schedule",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["position"],
                    },
                ),
                migrations.AddField(
                    model_name="schedule",
                    name="people",
                    field=models.ManyToManyField(
                        related_name="+",
                        through="alerts.ScheduleMember",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                migrations.CreateModel(
                    name="SlackApp",
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
                            "is_the_one",
                            models.BooleanField(default=True, editable=False, unique=True),
                        ),
                        ("signing_secret", atender.outbound.secrets.EncryptedTextField()),
                        ("created_at", models.DateTimeField(auto_now_add=True)),
                        ("last_used_at", models.DateTimeField(null=True)),
                        ("refused_at", models.DateTimeField(null=True)),
                        ("stranger_id", models.CharField(blank=True, db_default="", max_length=32)),
                        (
                            "stranger_name",
                            models.CharField(blank=True, db_default="", max_length=80),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("is_the_one", True)), name="slack_app_is_one"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="SlackPerson",
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
                        ("slack_user_id", models.CharField(max_length=32, unique=True)),
                        (
                            "person",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["slack_user_id"],
                    },
                ),
                migrations.CreateModel(
                    name="VerdictNote",
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
                            "before",
                            models.CharField(
                                choices=[
                                    ("up", "Up"),
                                    ("degraded", "Degraded"),
                                    ("down", "Down"),
                                    ("unknown", "Unknown"),
                                ],
                                max_length=8,
                            ),
                        ),
                        (
                            "after",
                            models.CharField(
                                choices=[
                                    ("up", "Up"),
                                    ("degraded", "Degraded"),
                                    ("down", "Down"),
                                    ("unknown", "Unknown"),
                                ],
                                max_length=8,
                            ),
                        ),
                        ("error_code", models.CharField(blank=True, max_length=40)),
                        ("cause", models.CharField(blank=True, max_length=500)),
                        (
                            "regions",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.CharField(max_length=40), default=list, size=None
                            ),
                        ),
                        ("at", models.DateTimeField()),
                        (
                            "monitor",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="monitors.monitor",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["id"],
                    },
                ),
                migrations.AddConstraint(
                    model_name="contactmethod",
                    constraint=models.UniqueConstraint(
                        fields=("person", "kind", "address"), name="contact_method_once"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="contactmethod",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("kind__in", ["email", "sms", "push", "chat"])),
                        name="contact_method_kind_is_known",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="channelmessage",
                    constraint=models.UniqueConstraint(
                        fields=("channel", "escalation", "event"), name="channel_told_once"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="channelmessage",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("state__in", ["waiting", "sent", "failed", "dropped"])),
                        name="channel_message_state_is_known",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="channelmessage",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("escalation__isnull", False), ("incident", None)),
                            models.Q(("escalation", None), ("incident__isnull", False)),
                            models.Q(("escalation", None), ("event", "test"), ("incident", None)),
                            _connector="OR",
                        ),
                        name="channel_message_is_of_one",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="call",
                    constraint=models.UniqueConstraint(
                        fields=("escalation", "place", "method", "after_s"), name="call_once"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="call",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("state__in", ["waiting", "sent", "failed", "dropped"])),
                        name="call_state_is_known",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="inboundsource",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            (
                                "kind__in",
                                ["alertmanager", "grafana", "generic", "uptimerobot", "pagerduty"],
                            )
                        ),
                        name="inbound_kind_is_known",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="methodmessage",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("purpose__in", ["code", "test"])),
                        name="method_message_purpose_is_known",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="methodmessage",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("state__in", ["waiting", "sent", "failed", "dropped"])),
                        name="method_message_state_is_known",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="methodmessage",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("guesses__lte", 5)),
                        name="method_message_guesses_are_few",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="escalationpolicy",
                    constraint=models.UniqueConstraint(
                        condition=models.Q(("is_fallback", True)),
                        fields=("is_fallback",),
                        name="escalation_policy_one_fallback",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="escalation",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("state__in", ["running", "stopped", "exhausted"])),
                        name="escalation_state_is_known",
                    ),
                ),
                migrations.AddIndex(
                    model_name="alert",
                    index=models.Index(
                        condition=models.Q(("status", "resolved"), _negated=True),
                        fields=["-triggered_at"],
                        name="alert_open",
                    ),
                ),
                migrations.AddIndex(
                    model_name="alert",
                    index=models.Index(
                        condition=models.Q(
                            ("wants_page", True), models.Q(("status", "resolved"), _negated=True)
                        ),
                        fields=["id"],
                        name="alert_to_page",
                    ),
                ),
                migrations.AddIndex(
                    model_name="alert",
                    index=models.Index(fields=["dedup_key", "-triggered_at"], name="alert_by_key"),
                ),
                migrations.AddConstraint(
                    model_name="alert",
                    constraint=models.UniqueConstraint(
                        condition=models.Q(("status", "resolved"), _negated=True),
                        fields=("origin_id", "dedup_key"),
                        name="alert_open_once",
                        nulls_distinct=False,
                    ),
                ),
                migrations.AddConstraint(
                    model_name="alert",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            ("status__in", ["triggered", "acknowledged", "resolved"])
                        ),
                        name="alert_status_is_known",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="alert",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            ("severity__in", ["critical", "error", "warning", "info"])
                        ),
                        name="alert_severity_is_known",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="alert",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("resolved_at__isnull", False), ("status", "resolved")),
                            models.Q(
                                models.Q(("status", "resolved"), _negated=True),
                                ("resolved_at", None),
                            ),
                            _connector="OR",
                        ),
                        name="alert_resolved_has_resolved_at",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="alert",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("status", "acknowledged"), _negated=True),
                            ("acknowledged_at__isnull", False),
                            _connector="OR",
                        ),
                        name="alert_acknowledged_has_acknowledged_at",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="routing",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("monitor", None), ("service__isnull", False)),
                            models.Q(("monitor__isnull", False), ("service", None)),
                            _connector="OR",
                        ),
                        name="routing_is_of_one",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="routing",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("auto_incident__in", ["off", "draft", "on"])),
                        name="routing_auto_incident_is_known",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="routing",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            ("severity", None),
                            ("severity__in", ["minor", "major", "critical"]),
                            _connector="OR",
                        ),
                        name="routing_severity_is_known",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="override",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("ends_at__gt", models.F("starts_at"))),
                        name="override_ends_after_it_starts",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="escalationstep",
                    constraint=models.UniqueConstraint(
                        fields=("policy", "position"), name="one_step_a_position"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="schedulemember",
                    constraint=models.UniqueConstraint(
                        fields=("schedule", "position"), name="one_turn_a_position"
                    ),
                ),
            ]
        ),
        append_only("alert_entries"),
    ]
