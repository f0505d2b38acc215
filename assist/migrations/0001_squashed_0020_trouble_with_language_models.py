"""What the migrations before make of an empty schema, in one step.

Those stay for the databases that are between them.
"""

import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.contrib.postgres.search
import django.db.models.deletion
import django.db.models.expressions
import django.db.models.functions.text
from django.db import migrations, models

import assist.models.embeddings
import assist.models.lexemes
import atender.ids
import atender.outbound.secrets
from atender.created_together import CreateTogether


class Migration(migrations.Migration):
    initial = True
    replaces = [
        ("assist", "0001_conversations"),
        ("assist", "0002_language_model"),
        ("assist", "0003_the_stack"),
        ("assist", "0004_the_desk"),
        ("assist", "0005_tallies"),
        ("assist", "0006_receipts"),
        ("assist", "0007_drills"),
        ("assist", "0008_words_of_answers"),
        ("assist", "0009_waves"),
        ("assist", "0010_sources"),
        ("assist", "0011_outgoing_places"),
        ("assist", "0012_words_of_conversations"),
        ("assist", "0013_words_asked_again"),
        ("assist", "0014_waves_explained"),
        ("assist", "0015_sources_with_defaults"),
        ("assist", "0016_embeddings"),
        ("assist", "0017_cards_by_meaning"),
        ("assist", "0018_who_waits_longest"),
        ("assist", "0019_customers_by_address"),
        ("assist", "0020_trouble_with_language_models"),
    ]
    dependencies = [
        ("incidents", "0001_squashed_0022_updates_move_components"),
        ("subscribers", "0001_squashed_0014_room_for_claims"),
    ]

    operations = [
        CreateTogether(
            [
                migrations.CreateModel(
                    name="OutgoingCount",
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
                            "page_ids",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.CharField(max_length=26),
                                default=list,
                                size=None,
                                unique=True,
                            ),
                        ),
                        ("last_no", models.PositiveBigIntegerField(default=0)),
                    ],
                ),
                migrations.CreateModel(
                    name="AssistSettings",
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
                        ("only", models.BooleanField(default=True, unique=True)),
                        ("conversations_kept_days", models.PositiveSmallIntegerField(default=180)),
                        ("ticket_share_percent", models.PositiveSmallIntegerField(default=5)),
                        ("ticket_minutes", models.PositiveSmallIntegerField(default=10)),
                    ],
                    options={
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("only", True)), name="assist_settings_once"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("conversations_kept_days__range", (1, 3650))),
                                name="assist_conversations_kept_some_days",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("ticket_minutes__range", (1, 480)),
                                    ("ticket_share_percent__lte", 100),
                                ),
                                name="assist_tickets_are_estimated_within_reason",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Conversation",
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
                        ("external_id", models.CharField(max_length=200)),
                        (
                            "page_ids",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.CharField(max_length=26), default=list, size=None
                            ),
                        ),
                        ("channel", models.CharField(max_length=40)),
                        ("customer_address", models.CharField(blank=True, max_length=254)),
                        ("address_proved", models.BooleanField(default=False)),
                        ("language", models.CharField(blank=True, max_length=12)),
                        ("spoken", models.CharField(blank=True, max_length=12)),
                        (
                            "handled_by",
                            models.CharField(
                                choices=[("ai", "AI"), ("human", "a person")], max_length=8
                            ),
                        ),
                        ("is_open", models.BooleanField(default=True)),
                        ("created_at", models.DateTimeField(auto_now_add=True)),
                        ("last_message_at", models.DateTimeField()),
                        ("last_customer_at", models.DateTimeField(null=True)),
                        ("waiting_since", models.DateTimeField(null=True)),
                        ("seen_at", models.DateTimeField(null=True)),
                        ("version", models.PositiveIntegerField(default=1)),
                    ],
                    options={
                        "ordering": ["-id"],
                        "indexes": [
                            models.Index(fields=["last_message_at"], name="conversation_by_quiet"),
                            models.Index(
                                condition=models.Q(("is_open", True)),
                                fields=["-last_message_at", "-id"],
                                name="conversation_open_newest",
                            ),
                            django.contrib.postgres.indexes.GinIndex(
                                assist.models.lexemes.Lexemes("customer_address", "external_id"),
                                name="conversation_by_name",
                            ),
                            models.Index(
                                django.db.models.functions.text.Lower("customer_address"),
                                name="conversation_by_customer",
                            ),
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("external_id", "page_ids"),
                                name="conversation_external_id_once",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("handled_by__in", ["ai", "human"])),
                                name="conversation_handled_by_is_known",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("address_proved", False),
                                    models.Q(("customer_address", ""), _negated=True),
                                    _connector="OR",
                                ),
                                name="conversation_proved_has_address",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ConversationSource",
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
                        ("secret", atender.outbound.secrets.EncryptedTextField()),
                        (
                            "previous_secret",
                            atender.outbound.secrets.EncryptedTextField(blank=True, db_default=""),
                        ),
                        ("previous_until", models.DateTimeField(null=True)),
                        ("is_paused", models.BooleanField(db_default=False, default=False)),
                        ("language", models.CharField(blank=True, db_default="", max_length=12)),
                        (
                            "vouching",
                            models.CharField(
                                choices=[
                                    ("said", "as each conversation says"),
                                    ("always", "always: its customers are signed in"),
                                    ("never", "never: customers are asked by mail"),
                                ],
                                db_default="said",
                                default="said",
                                max_length=8,
                            ),
                        ),
                        ("last_taken_at", models.DateTimeField(null=True)),
                        ("last_refused_at", models.DateTimeField(null=True)),
                        (
                            "last_refusal",
                            models.CharField(blank=True, db_default="", max_length=200),
                        ),
                        (
                            "page_ids",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.CharField(max_length=26),
                                blank=True,
                                default=list,
                                size=None,
                            ),
                        ),
                        (
                            "frame_origins",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.CharField(max_length=200),
                                blank=True,
                                default=list,
                                size=None,
                            ),
                        ),
                        ("created_at", models.DateTimeField(auto_now_add=True)),
                    ],
                    options={
                        "ordering": ["-id"],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("vouching__in", ["said", "always", "never"])),
                                name="conversation_source_vouching_is_known",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Drill",
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
                        ("scenario", models.CharField(max_length=40)),
                        ("started_at", models.DateTimeField()),
                        ("clock_s", models.FloatField(default=0)),
                        ("going_since", models.DateTimeField(null=True)),
                        ("seen_at", models.DateTimeField()),
                        ("is_open", models.BooleanField(default=True, null=True)),
                        ("ended_at", models.DateTimeField(null=True)),
                        ("scorecard", models.JSONField(null=True)),
                    ],
                    options={
                        "ordering": ["-id"],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("is_open",), name="one_drill_at_a_time"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("ended_at", None), ("is_open", True)),
                                    models.Q(
                                        ("ended_at__isnull", False), ("is_open__isnull", True)
                                    ),
                                    _connector="OR",
                                ),
                                name="drill_is_open_until_it_ends",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="DrillUpdate",
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
                        ("at_s", models.FloatField()),
                        ("title", models.CharField(blank=True, max_length=255)),
                        ("body", models.TextField(blank=True)),
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
                        ("promised_s", models.FloatField(null=True)),
                        (
                            "drill",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="updates",
                                to="assist.drill",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["at_s", "id"],
                    },
                ),
                migrations.CreateModel(
                    name="EmbeddingModel",
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
                            "base_url",
                            models.CharField(
                                help_text="Of an OpenAI-compatible server, for example https://llm.example.com/v1.",
                                max_length=500,
                                verbose_name="address",
                            ),
                        ),
                        (
                            "model",
                            models.CharField(
                                help_text="Its name there, as the server spells it.", max_length=200
                            ),
                        ),
                        (
                            "api_key",
                            atender.outbound.secrets.EncryptedTextField(
                                blank=True, verbose_name="API key"
                            ),
                        ),
                        (
                            "languages",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.CharField(
                                    choices=[
                                        ("en", "English"),
                                        ("de", "German"),
                                        ("fr", "French"),
                                        ("es", "Spanish"),
                                        ("pt", "Portuguese"),
                                        ("it", "Italian"),
                                        ("nl", "Dutch"),
                                        ("pl", "Polish"),
                                        ("sv", "Swedish"),
                                        ("da", "Danish"),
                                        ("tr", "Turkish"),
                                        ("ja", "Japanese"),
                                        ("zh", "Chinese"),
                                        ("ar", "Arabic"),
                                        ("ru", "Russian"),
                                    ],
                                    max_length=2,
                                ),
                                default=assist.models.embeddings.every_language,
                                help_text="Messages in other languages are matched without it.",
                                size=None,
                            ),
                        ),
                        (
                            "is_active",
                            models.BooleanField(
                                default=True,
                                help_text="One model can be in use at a time.",
                                verbose_name="in use",
                            ),
                        ),
                        ("dimensions", models.PositiveIntegerField(null=True)),
                        ("failures", models.PositiveIntegerField(default=0)),
                        ("trouble", models.TextField(blank=True)),
                        ("rests_until", models.DateTimeField(null=True)),
                    ],
                    options={
                        "verbose_name": "embedding model",
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("is_active", True)),
                                fields=("is_active",),
                                name="embedding_model_one_in_use",
                                violation_error_message="Another model is in use; switch that one off first.",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="LanguageModel",
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
                            "base_url",
                            models.CharField(
                                help_text="Of an OpenAI-compatible server, for example https://llm.example.com/v1.",
                                max_length=500,
                                verbose_name="address",
                            ),
                        ),
                        (
                            "model",
                            models.CharField(
                                help_text="Its name there, as the server spells it.", max_length=200
                            ),
                        ),
                        (
                            "api_key",
                            atender.outbound.secrets.EncryptedTextField(
                                blank=True, verbose_name="API key"
                            ),
                        ),
                        (
                            "is_active",
                            models.BooleanField(
                                default=True,
                                help_text="One model can be in use at a time.",
                                verbose_name="in use",
                            ),
                        ),
                        (
                            "phrases_answers",
                            models.BooleanField(
                                default=False,
                                help_text="It may put courteous words between the facts, which stay the stack's own.",
                                verbose_name="phrases the stack's answers",
                            ),
                        ),
                        ("trouble", models.TextField(blank=True, db_default="")),
                        ("failed_at", models.DateTimeField(null=True)),
                    ],
                    options={
                        "verbose_name": "language model",
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("is_active", True)),
                                fields=("is_active",),
                                name="language_model_one_in_use",
                                violation_error_message="Another model is in use; switch that one off first.",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Message",
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
                        ("external_id", models.CharField(max_length=200, null=True)),
                        (
                            "author",
                            models.CharField(
                                choices=[("customer", "customer"), ("agent", "agent")], max_length=8
                            ),
                        ),
                        ("text", models.TextField(blank=True)),
                        ("language", models.CharField(blank=True, max_length=12)),
                        ("found", models.JSONField(default=list)),
                        ("created_at", models.DateTimeField()),
                        (
                            "words",
                            models.GeneratedField(
                                db_persist=True,
                                expression=assist.models.lexemes.Lexemes("text"),
                                output_field=django.contrib.postgres.search.SearchVectorField(),
                            ),
                        ),
                        (
                            "purpose",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("answer", "says what is known and offers updates"),
                                    ("question", "asks once more, since the reply was unclear"),
                                    ("enrolled", "says that updates will come"),
                                    ("declined", "says that none will"),
                                    ("resolved", "says that it is over"),
                                    ("reply", "a person's own words"),
                                ],
                                max_length=8,
                            ),
                        ),
                        ("update_id", atender.ids.ULIDField(null=True)),
                        ("outgoing_no", models.PositiveBigIntegerField(null=True)),
                        ("delivered_at", models.DateTimeField(null=True)),
                        ("written_by_id", models.CharField(blank=True, max_length=26)),
                        ("written_by_name", models.CharField(blank=True, max_length=120)),
                        (
                            "conversation",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="messages",
                                to="assist.conversation",
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
                            "replies_to",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="replies",
                                to="assist.message",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["created_at", "id"],
                    },
                ),
                migrations.CreateModel(
                    name="Card",
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
                        ("confidence", models.FloatField()),
                        (
                            "reasons",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.CharField(max_length=60), default=list, size=None
                            ),
                        ),
                        ("by_meaning", models.BooleanField(db_default=False, default=False)),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("shown", "shown"),
                                    ("confirmed", "confirmed"),
                                    ("dismissed", "dismissed"),
                                ],
                                default="shown",
                                max_length=10,
                            ),
                        ),
                        ("shown_at", models.DateTimeField()),
                        ("decided_at", models.DateTimeField(null=True)),
                        (
                            "incident",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="cards",
                                to="incidents.incident",
                            ),
                        ),
                        (
                            "conversation",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="cards",
                                to="assist.conversation",
                            ),
                        ),
                        (
                            "message",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to="assist.message",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["-confidence", "id"],
                    },
                ),
                migrations.CreateModel(
                    name="MessageVector",
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
                        ("vector", models.BinaryField(null=True)),
                        ("wanted_at", models.DateTimeField(null=True)),
                        ("written_at", models.DateTimeField()),
                        (
                            "message",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="assist.message",
                            ),
                        ),
                        (
                            "model",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="messages",
                                to="assist.embeddingmodel",
                            ),
                        ),
                    ],
                ),
                migrations.CreateModel(
                    name="OrdinaryVectors",
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
                        ("language", models.CharField(max_length=2)),
                        ("vectors", models.BinaryField()),
                        (
                            "model",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="ordinary",
                                to="assist.embeddingmodel",
                            ),
                        ),
                    ],
                ),
                migrations.CreateModel(
                    name="Receipt",
                    fields=[
                        (
                            "incident",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.CASCADE,
                                primary_key=True,
                                related_name="receipt",
                                serialize=False,
                                to="incidents.incident",
                            ),
                        ),
                        ("figures", models.JSONField(null=True)),
                        ("drawn_at", models.DateTimeField(null=True)),
                        ("is_shared", models.BooleanField(default=False)),
                        ("version", models.PositiveIntegerField(default=1)),
                    ],
                    options={
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("drawn_at", None), ("figures", None)),
                                    models.Q(
                                        ("drawn_at__isnull", False), ("figures__isnull", False)
                                    ),
                                    _connector="OR",
                                ),
                                name="receipt_is_drawn_at_a_time",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="StackWords",
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
                        ("language", models.CharField(max_length=8)),
                        ("text", models.TextField(blank=True)),
                        ("refusal", models.TextField(blank=True)),
                        ("ask_again_at", models.DateTimeField(null=True)),
                        ("created_at", models.DateTimeField(auto_now_add=True)),
                        (
                            "model",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="words",
                                to="assist.languagemodel",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["language"],
                    },
                ),
                migrations.CreateModel(
                    name="Tally",
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
                        ("day", models.DateField()),
                        ("band", models.PositiveSmallIntegerField(default=0)),
                        ("linked", models.PositiveIntegerField(default=0)),
                        ("gained", models.PositiveIntegerField(default=0)),
                        ("answered", models.PositiveIntegerField(default=0)),
                        ("shown", models.PositiveIntegerField(default=0)),
                        ("confirmed", models.PositiveIntegerField(default=0)),
                        ("dismissed", models.PositiveIntegerField(default=0)),
                        (
                            "incident",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="tallies",
                                to="incidents.incident",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name_plural": "tallies",
                    },
                ),
                migrations.CreateModel(
                    name="Wave",
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
                            "subjects",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.CharField(max_length=40), size=None
                            ),
                        ),
                        (
                            "symptoms",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.CharField(max_length=40), size=None
                            ),
                        ),
                        ("began_at", models.DateTimeField()),
                        ("last_at", models.DateTimeField()),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("open", "open"),
                                    ("dismissed", "dismissed"),
                                    ("opened", "an incident was opened from it"),
                                    (
                                        "explained",
                                        "an incident that was opened otherwise is what it is about",
                                    ),
                                ],
                                default="open",
                                max_length=10,
                            ),
                        ),
                        ("decided_at", models.DateTimeField(null=True)),
                        ("is_unexplained", models.BooleanField(db_default=False, default=False)),
                        (
                            "incident",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="waves",
                                to="incidents.incident",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["-id"],
                    },
                ),
                migrations.CreateModel(
                    name="Complaint",
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
                        ("text", models.CharField(blank=True, max_length=500)),
                        ("person", models.CharField(max_length=64)),
                        ("language", models.CharField(max_length=12)),
                        (
                            "subjects",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.CharField(max_length=40), size=None
                            ),
                        ),
                        (
                            "symptoms",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.CharField(max_length=40), size=None
                            ),
                        ),
                        ("heard_at", models.DateTimeField()),
                        ("is_new", models.BooleanField(default=True)),
                        (
                            "page",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="incidents.page",
                            ),
                        ),
                        (
                            "message",
                            models.OneToOneField(
                                null=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="complaint",
                                to="assist.message",
                            ),
                        ),
                        (
                            "wave",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="complaints",
                                to="assist.wave",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["id"],
                    },
                ),
                migrations.CreateModel(
                    name="ConversationLink",
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
                        ("linked_at", models.DateTimeField()),
                        (
                            "proof",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("sent", "asked by mail"),
                                    ("not_needed", "proved by the channel"),
                                ],
                                max_length=12,
                            ),
                        ),
                        ("question_id", models.CharField(blank=True, max_length=26)),
                        ("state_before", models.CharField(blank=True, max_length=12)),
                        ("added_scope", models.BooleanField(default=False)),
                        (
                            "conversation",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="links",
                                to="assist.conversation",
                            ),
                        ),
                        (
                            "incident",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="conversations",
                                to="incidents.incident",
                            ),
                        ),
                        (
                            "subscriber",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to="subscribers.subscriber",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["id"],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("conversation", "incident"),
                                name="linked_once_to_an_incident",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="DrillDecision",
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
                        ("number", models.PositiveSmallIntegerField()),
                        ("is_linked", models.BooleanField()),
                        ("at_s", models.FloatField()),
                        (
                            "drill",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="decisions",
                                to="assist.drill",
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("drill", "number"), name="decided_once_a_message"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="IncidentVector",
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
                        ("digest", models.CharField(max_length=64)),
                        ("vector", models.BinaryField()),
                        (
                            "incident",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="incidents.incident",
                            ),
                        ),
                        (
                            "model",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="incidents",
                                to="assist.embeddingmodel",
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("model", "incident"), name="incident_vector_once"
                            )
                        ],
                    },
                ),
                migrations.AddIndex(
                    model_name="message",
                    index=django.contrib.postgres.indexes.GinIndex(
                        fields=["words"], name="message_by_words"
                    ),
                ),
                migrations.AddIndex(
                    model_name="message",
                    index=models.Index(
                        condition=models.Q(
                            ("delivered_at", None), ("purpose__in", ["reply", "resolved"])
                        ),
                        fields=["id"],
                        name="message_to_be_delivered",
                    ),
                ),
                migrations.AddIndex(
                    model_name="message",
                    index=models.Index(
                        condition=models.Q(
                            ("delivered_at", None), ("purpose__in", ["reply", "resolved"])
                        ),
                        fields=["outgoing_no"],
                        name="message_by_place_to_go_out",
                    ),
                ),
                migrations.AddIndex(
                    model_name="message",
                    index=models.Index(
                        condition=models.Q(
                            ("delivered_at", None),
                            ("outgoing_no", None),
                            ("purpose__in", ["reply", "resolved"]),
                        ),
                        fields=["created_at", "id"],
                        name="message_without_a_place",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="message",
                    constraint=models.UniqueConstraint(
                        condition=models.Q(("external_id__isnull", False)),
                        fields=("conversation", "external_id"),
                        name="message_external_id_once",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="message",
                    constraint=models.UniqueConstraint(
                        condition=models.Q(("purpose", "resolved")),
                        fields=("conversation", "update_id"),
                        name="message_of_the_end_once_a_resolution",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="message",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("author__in", ["customer", "agent"])),
                        name="message_author_is_known",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="message",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("external_id__isnull", False),
                                ("purpose", ""),
                                ("replies_to", None),
                            ),
                            models.Q(
                                ("author", "agent"),
                                (
                                    "purpose__in",
                                    [
                                        "answer",
                                        "question",
                                        "enrolled",
                                        "declined",
                                        "resolved",
                                        "reply",
                                    ],
                                ),
                            ),
                            _connector="OR",
                        ),
                        name="message_written_here_has_a_purpose",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="card",
                    constraint=models.UniqueConstraint(
                        fields=("conversation", "incident"), name="card_once_a_conversation"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="card",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("decided_at", None), ("state", "shown")),
                            models.Q(
                                ("decided_at__isnull", False),
                                ("state__in", ["confirmed", "dismissed"]),
                            ),
                            _connector="OR",
                        ),
                        name="card_is_decided_at_a_time",
                    ),
                ),
                migrations.AddIndex(
                    model_name="messagevector",
                    index=models.Index(
                        condition=models.Q(("wanted_at__isnull", False)),
                        fields=["wanted_at"],
                        name="message_vector_wanted",
                    ),
                ),
                migrations.AddIndex(
                    model_name="messagevector",
                    index=models.Index(fields=["written_at"], name="message_vector_by_age"),
                ),
                migrations.AddConstraint(
                    model_name="ordinaryvectors",
                    constraint=models.UniqueConstraint(
                        fields=("model", "language"), name="ordinary_vectors_once"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="stackwords",
                    constraint=models.UniqueConstraint(
                        fields=("model", "language"), name="stack_words_once"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="stackwords",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("text", ""), ("refusal", ""), _connector="XOR"),
                        name="stack_words_or_refusal",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="tally",
                    constraint=models.UniqueConstraint(
                        fields=("incident", "day", "band"), name="tally_once_a_day_and_band"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="tally",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            (
                                "shown__gte",
                                django.db.models.expressions.CombinedExpression(
                                    models.F("confirmed"), "+", models.F("dismissed")
                                ),
                            )
                        ),
                        name="tally_decides_about_what_was_shown",
                    ),
                ),
                migrations.AddIndex(
                    model_name="wave",
                    index=models.Index(fields=["last_at"], name="wave_by_last_complaint"),
                ),
                migrations.AddConstraint(
                    model_name="wave",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("decided_at", None), ("state", "open")),
                            models.Q(
                                ("decided_at__isnull", False),
                                ("state__in", ["dismissed", "opened", "explained"]),
                            ),
                            _connector="OR",
                        ),
                        name="wave_is_decided_at_a_time",
                    ),
                ),
                migrations.AddIndex(
                    model_name="complaint",
                    index=models.Index(fields=["heard_at"], name="complaint_by_time"),
                ),
                migrations.AddIndex(
                    model_name="complaint",
                    index=models.Index(
                        condition=models.Q(("is_new", True)), fields=["id"], name="complaint_new"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="complaint",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("message__isnull", False), ("page", None), ("text", "")),
                            models.Q(("message", None), ("page__isnull", False)),
                            _connector="OR",
                        ),
                        name="complaint_has_words_of_one_kind",
                    ),
                ),
            ]
        ),
    ]
