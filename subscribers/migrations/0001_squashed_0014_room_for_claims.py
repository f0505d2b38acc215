"""What the migrations before make of an empty schema, in one step.

Those stay for the databases that are between them.
"""

import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.expressions
import django.db.models.functions.comparison
import django.db.models.functions.datetime
import django.db.models.functions.text
from django.db import migrations, models

import atender.ids
import atender.outbound.secrets
from atender.created_together import CreateTogether


class Migration(migrations.Migration):
    initial = True
    replaces = [
        ("subscribers", "0001_initial"),
        ("subscribers", "0002_reminders"),
        ("subscribers", "0003_post_mortem_notices"),
        ("subscribers", "0004_buckets_moved"),
        ("subscribers", "0005_address_domains"),
        ("subscribers", "0006_contact_imports"),
        ("subscribers", "0007_delivery_log"),
        ("subscribers", "0008_unchecked_deliveries"),
        ("subscribers", "0009_suppression"),
        ("subscribers", "0010_endpoints"),
        ("subscribers", "0011_forgotten_deliveries"),
        ("subscribers", "0012_open_deliveries"),
        ("subscribers", "0013_states_of_components"),
        ("subscribers", "0014_room_for_claims"),
    ]
    dependencies = [
        ("incidents", "0001_squashed_0022_updates_move_components"),
    ]

    operations = [
        CreateTogether(
            [
                migrations.CreateModel(
                    name="ContactImport",
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
                            "state",
                            models.CharField(
                                choices=[
                                    ("waiting", "waiting"),
                                    ("running", "running"),
                                    ("done", "done"),
                                ],
                                default="waiting",
                                max_length=8,
                            ),
                        ),
                        ("total", models.PositiveIntegerField()),
                        ("imported", models.PositiveIntegerField(default=0)),
                        ("skipped", models.PositiveIntegerField(default=0)),
                        ("left", models.PositiveIntegerField(default=0)),
                        ("refused", models.PositiveIntegerField(default=0)),
                        ("created_at", models.DateTimeField()),
                        ("finished_at", models.DateTimeField(null=True)),
                        (
                            "page",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="contact_imports",
                                to="incidents.page",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["-id"],
                    },
                ),
                migrations.CreateModel(
                    name="Subscriber",
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
                            "channel",
                            models.CharField(
                                choices=[
                                    ("email", "e-mail"),
                                    ("webhook", "webhook"),
                                    ("slack", "Slack"),
                                    ("teams", "Microsoft Teams"),
                                    ("discord", "Discord"),
                                    ("sms", "text message"),
                                ],
                                default="email",
                                max_length=12,
                            ),
                        ),
                        ("address", models.CharField(max_length=254)),
                        ("language", models.CharField(default="en", max_length=12)),
                        (
                            "kinds",
                            models.CharField(
                                choices=[
                                    ("incidents", "incidents"),
                                    ("maintenance", "maintenance"),
                                    ("both", "incidents and maintenance"),
                                ],
                                default="both",
                                max_length=12,
                            ),
                        ),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("pending", "not verified"),
                                    ("active", "active"),
                                    ("unsubscribed", "unsubscribed"),
                                    ("suppressed", "suppressed"),
                                    ("disabled", "disabled"),
                                ],
                                default="pending",
                                max_length=12,
                            ),
                        ),
                        ("version", models.PositiveSmallIntegerField(default=1)),
                        ("created_at", models.DateTimeField(auto_now_add=True)),
                        ("verified_at", models.DateTimeField(null=True)),
                        ("unsubscribed_at", models.DateTimeField(null=True)),
                        ("wants_only_latest", models.BooleanField(db_default=False, default=False)),
                        (
                            "suppression",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("bounced", "there is no such mailbox"),
                                    ("complained", "called it spam"),
                                ],
                                db_default="",
                                max_length=12,
                            ),
                        ),
                        ("suppressed_at", models.DateTimeField(null=True)),
                        (
                            "suppression_note",
                            models.CharField(blank=True, db_default="", max_length=300),
                        ),
                        (
                            "came_with",
                            models.ForeignKey(
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to="subscribers.contactimport",
                            ),
                        ),
                        (
                            "page",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="subscribers",
                                to="incidents.page",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["-id"],
                    },
                ),
                migrations.CreateModel(
                    name="MailReport",
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
                        ("digest", models.CharField(max_length=64, unique=True)),
                        ("created_at", models.DateTimeField(db_index=True)),
                    ],
                ),
                migrations.CreateModel(
                    name="ContactFile",
                    fields=[
                        (
                            "contact_import",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.CASCADE,
                                primary_key=True,
                                related_name="file",
                                serialize=False,
                                to="subscribers.contactimport",
                            ),
                        ),
                        ("text", models.TextField()),
                    ],
                ),
                migrations.CreateModel(
                    name="ContactProblem",
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
                        ("line", models.PositiveIntegerField()),
                        ("remark", models.CharField(max_length=300)),
                        (
                            "contact_import",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="problems",
                                to="subscribers.contactimport",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["line"],
                    },
                ),
                migrations.CreateModel(
                    name="Endpoint",
                    fields=[
                        (
                            "subscriber",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.CASCADE,
                                primary_key=True,
                                related_name="endpoint",
                                serialize=False,
                                to="subscribers.subscriber",
                            ),
                        ),
                        ("url", atender.outbound.secrets.EncryptedTextField()),
                        (
                            "format",
                            models.CharField(
                                choices=[
                                    ("standard", "Standard Webhooks"),
                                    ("hosted_page", "as hosted status pages send it"),
                                ],
                                default="standard",
                                max_length=12,
                            ),
                        ),
                        ("owner_email", models.CharField(blank=True, max_length=254)),
                        ("secret", atender.outbound.secrets.EncryptedTextField(blank=True)),
                        (
                            "previous_secret",
                            atender.outbound.secrets.EncryptedTextField(blank=True),
                        ),
                        ("previous_until", models.DateTimeField(null=True)),
                        ("last_success_at", models.DateTimeField(null=True)),
                        ("failing_since", models.DateTimeField(null=True)),
                        ("failures", models.PositiveIntegerField(default=0)),
                        ("last_answer", models.CharField(blank=True, max_length=300)),
                        ("answered_at", models.DateTimeField(null=True)),
                        ("is_slow", models.BooleanField(default=False)),
                        ("rests_until", models.DateTimeField(null=True)),
                        ("disabled_at", models.DateTimeField(null=True)),
                        ("disabled_why", models.CharField(blank=True, max_length=300)),
                    ],
                ),
                migrations.CreateModel(
                    name="Notice",
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
                                    ("update", "update"),
                                    ("publication", "publication on a page"),
                                    ("post_mortem", "post-mortem"),
                                    ("reminder", "reminder of a maintenance"),
                                    ("component", "state of a component"),
                                ],
                                max_length=12,
                            ),
                        ),
                        ("was", models.CharField(blank=True, db_default="", max_length=16)),
                        ("became", models.CharField(blank=True, db_default="", max_length=16)),
                        ("scheduled_for", models.DateTimeField(null=True)),
                        (
                            "page_ids",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=atender.ids.ULIDField(), size=None
                            ),
                        ),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("waiting", "waiting"),
                                    ("sending", "sending"),
                                    ("sent", "sent"),
                                    ("cancelled", "taken back"),
                                ],
                                default="waiting",
                                max_length=12,
                            ),
                        ),
                        ("due_at", models.DateTimeField()),
                        ("created_at", models.DateTimeField(auto_now_add=True)),
                        ("sent_at", models.DateTimeField(null=True)),
                        ("trouble", models.CharField(blank=True, max_length=500)),
                        ("failures", models.PositiveSmallIntegerField(default=0)),
                        (
                            "past",
                            models.JSONField(
                                db_default=models.Value({}, models.JSONField()), default=dict
                            ),
                        ),
                        ("forgotten_at", models.DateTimeField(null=True)),
                        (
                            "component",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="notices",
                                to="incidents.component",
                            ),
                        ),
                        (
                            "incident",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="notices",
                                to="incidents.incident",
                            ),
                        ),
                        (
                            "update",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="notices",
                                to="incidents.incidentupdate",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["-id"],
                    },
                ),
                migrations.CreateModel(
                    name="Delivery",
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
                            "channel",
                            models.CharField(
                                choices=[
                                    ("email", "e-mail"),
                                    ("webhook", "webhook"),
                                    ("slack", "Slack"),
                                    ("teams", "Microsoft Teams"),
                                    ("discord", "Discord"),
                                    ("sms", "text message"),
                                ],
                                db_default="email",
                                max_length=12,
                            ),
                        ),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("waiting", "waiting"),
                                    ("sending", "sending"),
                                    ("sent", "sent"),
                                    ("failed", "failed"),
                                    ("skipped", "not wanted any more"),
                                ],
                                db_default="waiting",
                                max_length=12,
                            ),
                        ),
                        (
                            "is_open",
                            models.GeneratedField(
                                db_persist=True,
                                expression=models.ExpressionWrapper(
                                    models.Q(("state__in", ("waiting", "sending"))),
                                    models.BooleanField(),
                                ),
                                output_field=models.BooleanField(),
                            ),
                        ),
                        (
                            "due_at",
                            models.DateTimeField(
                                db_default=django.db.models.functions.datetime.Now()
                            ),
                        ),
                        ("lease_until", models.DateTimeField(null=True)),
                        ("claimed_by", models.CharField(blank=True, db_default="", max_length=100)),
                        ("attempts", models.PositiveSmallIntegerField(db_default=0)),
                        ("message_id", models.CharField(blank=True, db_default="", max_length=200)),
                        ("answer", models.CharField(blank=True, db_default="", max_length=500)),
                        ("log", models.JSONField(db_default=models.Value([], models.JSONField()))),
                        (
                            "arrival",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("delivered", "arrived"),
                                    ("bounced", "came back"),
                                    ("rejected", "not sent on by the provider"),
                                    ("complained", "called spam"),
                                ],
                                db_default="",
                                max_length=12,
                            ),
                        ),
                        (
                            "created_at",
                            models.DateTimeField(
                                db_default=django.db.models.functions.datetime.Now()
                            ),
                        ),
                        ("sent_at", models.DateTimeField(null=True)),
                        (
                            "update",
                            models.ForeignKey(
                                db_constraint=False,
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="incidents.incidentupdate",
                            ),
                        ),
                        (
                            "subscriber",
                            models.ForeignKey(
                                db_constraint=False,
                                db_index=False,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="deliveries",
                                to="subscribers.subscriber",
                            ),
                        ),
                        (
                            "notice",
                            models.ForeignKey(
                                db_constraint=False,
                                db_index=False,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="deliveries",
                                to="subscribers.notice",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name_plural": "deliveries",
                        "ordering": ["-id"],
                    },
                ),
                migrations.CreateModel(
                    name="Scope",
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
                        ("created_at", models.DateTimeField(auto_now_add=True)),
                        (
                            "component",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="incidents.component",
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
                            "subscriber",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="scopes",
                                to="subscribers.subscriber",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["id"],
                    },
                ),
                migrations.CreateModel(
                    name="Verification",
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
                        ("digest", models.CharField(max_length=64, null=True, unique=True)),
                        ("asked", models.JSONField(default=dict)),
                        ("created_at", models.DateTimeField(auto_now_add=True)),
                        ("expires_at", models.DateTimeField()),
                        ("used_at", models.DateTimeField(null=True)),
                        (
                            "subscriber",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="verifications",
                                to="subscribers.subscriber",
                            ),
                        ),
                    ],
                ),
                migrations.AddConstraint(
                    model_name="contactimport",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("state__in", ["waiting", "running", "done"])),
                        name="contact_import_state_is_known",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="contactimport",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            (
                                "total__gte",
                                django.db.models.expressions.CombinedExpression(
                                    django.db.models.expressions.CombinedExpression(
                                        models.F("imported"), "+", models.F("skipped")
                                    ),
                                    "+",
                                    models.F("refused"),
                                ),
                            )
                        ),
                        name="contact_import_counts_each_line_once",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="contactimport",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "done"), _negated=True),
                            models.Q(
                                ("finished_at__isnull", False),
                                (
                                    "total",
                                    django.db.models.expressions.CombinedExpression(
                                        django.db.models.expressions.CombinedExpression(
                                            models.F("imported"), "+", models.F("skipped")
                                        ),
                                        "+",
                                        models.F("refused"),
                                    ),
                                ),
                            ),
                            _connector="OR",
                        ),
                        name="contact_import_done_is_whole",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="endpoint",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("format__in", ["standard", "hosted_page"])),
                        name="endpoint_format_is_known",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="endpoint",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("failing_since", None), ("failures", 0)),
                            models.Q(("failing_since__isnull", False), ("failures__gt", 0)),
                            _connector="OR",
                        ),
                        name="endpoint_fails_since_a_time",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="endpoint",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("disabled_at", None), ("disabled_why", "")),
                            models.Q(
                                ("disabled_at__isnull", False),
                                models.Q(("disabled_why", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="endpoint_disabled_for_a_reason",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="endpoint",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            ("previous_secret", ""),
                            ("previous_until__isnull", False),
                            _connector="OR",
                        ),
                        name="endpoint_previous_secret_ends",
                    ),
                ),
                migrations.AddIndex(
                    model_name="subscriber",
                    index=models.Index(
                        condition=models.Q(("state", "active")),
                        fields=["page"],
                        name="subscriber_active",
                    ),
                ),
                migrations.AddIndex(
                    model_name="subscriber",
                    index=models.Index(
                        models.F("page"),
                        models.Func(
                            models.F("address"),
                            models.Value("@"),
                            models.Value(2),
                            function="split_part",
                        ),
                        models.F("state"),
                        name="subscriber_domain",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="subscriber",
                    constraint=models.UniqueConstraint(
                        models.F("page"),
                        models.F("channel"),
                        django.db.models.functions.text.Lower("address"),
                        name="one_subscriber_an_address",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="subscriber",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            (
                                "state__in",
                                ["pending", "active", "unsubscribed", "suppressed", "disabled"],
                            )
                        ),
                        name="subscriber_state_is_known",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="subscriber",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("kinds__in", ["incidents", "maintenance", "both"])),
                        name="subscriber_kinds_are_known",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="subscriber",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "active"), _negated=True),
                            ("verified_at__isnull", False),
                            _connector="OR",
                        ),
                        name="subscriber_active_is_verified",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="subscriber",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            ("suppression", ""),
                            ("suppression__in", ["bounced", "complained"]),
                            _connector="OR",
                        ),
                        name="subscriber_suppression_is_known",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="subscriber",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "unsubscribed"), ("unsubscribed_at__isnull", False)),
                            models.Q(
                                models.Q(("state", "unsubscribed"), _negated=True),
                                ("unsubscribed_at", None),
                            ),
                            _connector="OR",
                        ),
                        name="subscriber_left_at_a_time",
                    ),
                ),
                migrations.AddIndex(
                    model_name="notice",
                    index=models.Index(
                        django.db.models.functions.comparison.Coalesce("sent_at", "due_at"),
                        condition=models.Q(
                            ("forgotten_at", None), ("state__in", ("sent", "cancelled"))
                        ),
                        name="notice_to_forget",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="notice",
                    constraint=models.UniqueConstraint(
                        condition=models.Q(("kind", "update")),
                        fields=("update",),
                        name="notice_once_an_update",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="notice",
                    constraint=models.UniqueConstraint(
                        condition=models.Q(("kind", "reminder")),
                        fields=("incident", "scheduled_for"),
                        name="reminder_once_a_start",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="notice",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("kind", "update"), ("update__isnull", False)),
                            ("kind", "publication"),
                            models.Q(
                                ("kind", "reminder"),
                                ("scheduled_for__isnull", False),
                                ("update", None),
                            ),
                            models.Q(("kind__in", ["post_mortem", "component"]), ("update", None)),
                            _connector="OR",
                        ),
                        name="notice_names_what_it_tells",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="notice",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("became", ""),
                                ("component", None),
                                ("incident__isnull", False),
                                ("was", ""),
                                models.Q(("kind", "component"), _negated=True),
                            ),
                            models.Q(
                                ("component__isnull", False),
                                ("incident", None),
                                ("kind", "component"),
                                (
                                    "became__in",
                                    [
                                        "operational",
                                        "maintenance",
                                        "degraded",
                                        "partial_outage",
                                        "major_outage",
                                    ],
                                ),
                                (
                                    "was__in",
                                    [
                                        "operational",
                                        "maintenance",
                                        "degraded",
                                        "partial_outage",
                                        "major_outage",
                                    ],
                                ),
                                models.Q(("was", models.F("became")), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="notice_is_of_one_thing",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="notice",
                    constraint=models.UniqueConstraint(
                        condition=models.Q(("kind", "post_mortem")),
                        fields=("incident",),
                        name="notice_once_a_post_mortem",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="notice",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("page_ids__len__gt", 0)), name="notice_is_for_a_page"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="notice",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            ("state__in", ["waiting", "sending", "sent", "cancelled"])
                        ),
                        name="notice_state_is_known",
                    ),
                ),
                migrations.AddIndex(
                    model_name="delivery",
                    index=models.Index(
                        condition=models.Q(("is_open", True)),
                        fields=["notice", "channel", "due_at", "id"],
                        name="delivery_open",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="delivery",
                    constraint=models.UniqueConstraint(
                        fields=("notice", "subscriber"), name="delivery_once_a_notice"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="delivery",
                    constraint=models.UniqueConstraint(
                        fields=("subscriber", "update"), name="delivery_once_an_update"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="delivery",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            ("state__in", ["waiting", "sending", "sent", "failed", "skipped"])
                        ),
                        name="delivery_state_is_known",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="delivery",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("sent_at__isnull", False), ("state", "sent")),
                            models.Q(models.Q(("state", "sent"), _negated=True), ("sent_at", None)),
                            _connector="OR",
                        ),
                        name="delivery_sent_at_a_time",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="delivery",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "sending"), _negated=True),
                            ("lease_until__isnull", False),
                            _connector="OR",
                        ),
                        name="delivery_sending_is_leased",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="scope",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            ("component", None), ("incident", None), _connector="OR"
                        ),
                        name="scope_is_one_thing",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="scope",
                    constraint=models.UniqueConstraint(
                        condition=models.Q(("component", None), ("incident", None)),
                        fields=("subscriber",),
                        name="scope_everything_once",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="scope",
                    constraint=models.UniqueConstraint(
                        condition=models.Q(("component__isnull", False)),
                        fields=("subscriber", "component"),
                        name="scope_component_once",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="scope",
                    constraint=models.UniqueConstraint(
                        condition=models.Q(("incident__isnull", False)),
                        fields=("subscriber", "incident"),
                        name="scope_incident_once",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="verification",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("expires_at__gt", models.F("created_at"))),
                        name="verification_expires_later",
                    ),
                ),
            ]
        ),
        # Room beside each row for its changes, of which every delivery has several.
        migrations.RunSQL(
            "ALTER TABLE subscribers_delivery SET (fillfactor = 40)",
            "ALTER TABLE subscribers_delivery RESET (fillfactor)",
        ),
    ]
