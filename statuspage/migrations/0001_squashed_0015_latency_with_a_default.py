"""What the migrations before make of an empty schema, in one step.

Those stay for the databases that are between them.
"""

import django.contrib.postgres.fields
import django.core.validators
import django.db.models.deletion
from django.db import migrations, models

import atender.ids
import statuspage.models.branding
import statuspage.models.domains
from atender.append_only import append_only, never_emptied
from atender.created_together import CreateTogether
from atender.generations.telling import tells_pages

GUARDED = ("statuspage_uptimeamendment", "statuspage_amendedpage", "statuspage_amendmentwithdrawal")
LISTED = ("incidents_pagecomponent", "component_id", "page_id")
PUBLISHED = ("incidents_publication", "incident_id", "page_id")
AMENDED = ("statuspage_amendedpage", "amendment_id", "page_id")
# How a row of each table leads to its page.
TELLING = {
    "incidents_page": ("id",),
    "incidents_pagecomponent": ("page_id",),
    "incidents_pagesection": ("page_id",),
    "incidents_publication": ("page_id",),
    "incidents_componentstate": ("page_id",),
    "incidents_stateinterval": ("page_id",),
    "incidents_incident": ("id", PUBLISHED),
    "incidents_incidentupdate": ("incident_id", PUBLISHED),
    "incidents_componentimpact": ("incident_id", PUBLISHED),
    "incidents_incidentmonitor": ("incident_id", PUBLISHED),
    "incidents_postmortem": ("incident_id", PUBLISHED),
    "incidents_followup": (
        "post_mortem_id",
        ("incidents_postmortem", "id", "incident_id"),
        PUBLISHED,
    ),
    "incidents_component": ("id", LISTED),
    "incidents_componentgroup": ("id", ("incidents_component", "group_id", "id"), LISTED),
    "incidents_monitorlink": ("component_id", LISTED),
    "statuspage_branding": ("page_id",),
    "statuspage_access": ("page_id",),
    "statuspage_wording": ("page_id",),
    "statuspage_uptimemark": ("page_id",),
    "statuspage_uptimeday": ("page_id",),
    "statuspage_amendedpage": ("page_id",),
    "statuspage_uptimeamendment": ("id", AMENDED),
    "statuspage_amendmentwithdrawal": ("amendment_id", AMENDED),
}
SET_BACK = migrations.RunSQL(
    "CREATE TRIGGER set_back AFTER INSERT OR UPDATE OR DELETE ON incidents_stateinterval "
    "FOR EACH ROW EXECUTE FUNCTION public.set_back('statuspage_uptimemark')",
    "DROP TRIGGER set_back ON incidents_stateinterval",
)


class Migration(migrations.Migration):
    initial = True
    replaces = [
        ("statuspage", "0001_initial"),
        ("statuspage", "0002_tell_pages"),
        ("statuspage", "0003_pictures"),
        ("statuspage", "0004_access"),
        ("statuspage", "0005_tell_pages_of_links"),
        ("statuspage", "0006_subscriptions_and_uptime"),
        ("statuspage", "0007_languages"),
        ("statuspage", "0008_wordings"),
        ("statuspage", "0009_uptime_kept"),
        ("statuspage", "0010_custom_domains"),
        ("statuspage", "0011_tell_pages_of_sections"),
        ("statuspage", "0012_page_views"),
        ("statuspage", "0013_questions"),
        ("statuspage", "0014_latency_shown"),
        ("statuspage", "0015_latency_with_a_default"),
    ]
    dependencies = [
        ("tenants", "0004_custom_domains"),
        ("generations", "0002_set_back"),
        ("incidents", "0001_squashed_0022_updates_move_components"),
    ]

    operations = [
        CreateTogether(
            [
                migrations.CreateModel(
                    name="Picture",
                    fields=[
                        (
                            "digest",
                            models.CharField(max_length=32, primary_key=True, serialize=False),
                        ),
                        ("content", models.BinaryField()),
                        ("width", models.PositiveSmallIntegerField()),
                        ("height", models.PositiveSmallIntegerField()),
                        ("created_at", models.DateTimeField(auto_now_add=True)),
                    ],
                ),
                migrations.CreateModel(
                    name="Access",
                    fields=[
                        (
                            "page",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.CASCADE,
                                primary_key=True,
                                related_name="access",
                                serialize=False,
                                to="incidents.page",
                            ),
                        ),
                        (
                            "visibility",
                            models.CharField(
                                choices=[
                                    ("open", "everybody"),
                                    ("email", "people on a list, by a link in a mail"),
                                    ("password", "everybody who has the password"),
                                ],
                                default="open",
                                max_length=8,
                            ),
                        ),
                        ("password", models.CharField(blank=True, max_length=128)),
                        ("version", models.PositiveIntegerField(default=1)),
                    ],
                    options={
                        "verbose_name": "readers of a page",
                        "verbose_name_plural": "readers of pages",
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("visibility", "password"), _negated=True),
                                    models.Q(("password", ""), _negated=True),
                                    _connector="OR",
                                ),
                                name="access_by_password_has_one",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="UptimeAmendment",
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
                                    ("operational", "Operational"),
                                    ("maintenance", "Maintenance"),
                                    ("degraded", "Degraded"),
                                    ("partial_outage", "Partial outage"),
                                    ("major_outage", "Major outage"),
                                ],
                                max_length=16,
                                null=True,
                            ),
                        ),
                        ("started_at", models.DateTimeField()),
                        ("ended_at", models.DateTimeField()),
                        ("replaces_from_at", models.DateTimeField()),
                        ("replaces_until_at", models.DateTimeField()),
                        ("reason", models.CharField(max_length=500)),
                        ("made_at", models.DateTimeField()),
                        ("submission_id", atender.ids.ULIDField(null=True, unique=True)),
                        (
                            "component",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="amendments",
                                to="incidents.component",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["-id"],
                    },
                ),
                migrations.CreateModel(
                    name="AmendmentWithdrawal",
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
                        ("withdrawn_at", models.DateTimeField()),
                        (
                            "amendment",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="withdrawal",
                                to="statuspage.uptimeamendment",
                            ),
                        ),
                    ],
                    options={
                        "abstract": False,
                    },
                ),
                migrations.CreateModel(
                    name="AmendedPage",
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
                            "page",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="incidents.page",
                            ),
                        ),
                        (
                            "amendment",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="on_pages",
                                to="statuspage.uptimeamendment",
                            ),
                        ),
                    ],
                ),
                migrations.CreateModel(
                    name="UptimeDay",
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
                        ("date", models.DateField()),
                        ("seconds", models.JSONField()),
                        (
                            "component",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="incidents.component",
                            ),
                        ),
                        (
                            "page",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="incidents.page",
                            ),
                        ),
                    ],
                ),
                migrations.CreateModel(
                    name="UptimeMark",
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
                        ("rolled_until", models.DateTimeField()),
                        ("time_zone", models.CharField(blank=True, max_length=64)),
                        ("since", models.DateTimeField(null=True)),
                        (
                            "component",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="incidents.component",
                            ),
                        ),
                        (
                            "page",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="incidents.page",
                            ),
                        ),
                    ],
                ),
                migrations.CreateModel(
                    name="Wording",
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
                        ("language", models.CharField(max_length=12)),
                        ("key", models.CharField(max_length=1000)),
                        ("form", models.PositiveSmallIntegerField(default=0)),
                        ("text", models.CharField(max_length=1000)),
                        ("changed_at", models.DateTimeField(auto_now=True)),
                        (
                            "page",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="wordings",
                                to="incidents.page",
                            ),
                        ),
                    ],
                ),
                migrations.CreateModel(
                    name="AllowedAddress",
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
                        ("pattern", models.CharField(max_length=254)),
                        (
                            "page",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="allowed_addresses",
                                to="incidents.page",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["pattern"],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("page", "pattern"), name="allowed_once_a_page"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="CustomDomain",
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
                        ("name", models.CharField(max_length=253, unique=True)),
                        (
                            "token",
                            models.CharField(
                                default=statuspage.models.domains.new_token,
                                editable=False,
                                max_length=64,
                            ),
                        ),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("waiting", "waiting for its proof"),
                                    ("verified", "verified"),
                                    ("withdrawn", "withdrawn"),
                                ],
                                default="waiting",
                                max_length=9,
                            ),
                        ),
                        (
                            "finding",
                            models.CharField(
                                choices=[
                                    ("unchecked", "not looked at yet"),
                                    ("proved", "the record is there"),
                                    ("no_name", "the name is unknown"),
                                    ("no_record", "no TXT record"),
                                    ("other_text", "another text"),
                                    ("failed", "the name servers fail"),
                                    ("timed_out", "no answer"),
                                    ("taken", "proved by another customer"),
                                ],
                                default="unchecked",
                                max_length=10,
                            ),
                        ),
                        ("seen", models.JSONField(default=list)),
                        ("checked_at", models.DateTimeField(null=True)),
                        ("missing_since", models.DateTimeField(null=True)),
                        ("misses", models.PositiveIntegerField(default=0)),
                        ("verified_at", models.DateTimeField(null=True)),
                        ("withdrawn_at", models.DateTimeField(null=True)),
                        ("created_at", models.DateTimeField(auto_now_add=True)),
                        (
                            "page",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="custom_domains",
                                to="incidents.page",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["-id"],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("state", "verified"), _negated=True),
                                    ("verified_at__isnull", False),
                                    _connector="OR",
                                ),
                                name="domain_that_is_verified_says_since_when",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("state", "withdrawn"), _negated=True),
                                    ("withdrawn_at__isnull", False),
                                    _connector="OR",
                                ),
                                name="domain_that_is_withdrawn_says_since_when",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("misses", 0), ("missing_since", None)),
                                    models.Q(
                                        ("misses__gt", 0),
                                        ("missing_since__isnull", False),
                                        ("state", "verified"),
                                    ),
                                    _connector="OR",
                                ),
                                name="domain_misses_its_proof_since_a_time",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="PageViews",
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
                        ("hour", models.DateTimeField()),
                        ("views", models.PositiveBigIntegerField(default=0)),
                        ("programs", models.PositiveBigIntegerField(default=0)),
                        ("heads", models.PositiveBigIntegerField(default=0)),
                        (
                            "page",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="incidents.page",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name_plural": "page views",
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("page", "hour"), name="views_once_an_hour"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Branding",
                    fields=[
                        (
                            "page",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.CASCADE,
                                primary_key=True,
                                related_name="branding",
                                serialize=False,
                                to="incidents.page",
                            ),
                        ),
                        (
                            "title",
                            models.CharField(
                                blank=True,
                                help_text="Empty: the page's name, followed by 'status'.",
                                max_length=120,
                            ),
                        ),
                        ("description", models.CharField(blank=True, max_length=500)),
                        (
                            "primary_colour",
                            models.CharField(
                                default="#1d37d8",
                                max_length=7,
                                validators=[
                                    django.core.validators.RegexValidator(
                                        "^#[0-9a-f]{6}\\Z",
                                        "A colour is # and six digits, as in #1d37d8.",
                                    )
                                ],
                            ),
                        ),
                        (
                            "time_zone",
                            models.CharField(
                                default="UTC",
                                max_length=64,
                                validators=[statuspage.models.branding.check_time_zone],
                            ),
                        ),
                        (
                            "language",
                            models.CharField(
                                default="en",
                                max_length=12,
                                validators=[statuspage.models.branding.check_language],
                            ),
                        ),
                        (
                            "further_languages",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.CharField(
                                    max_length=12,
                                    validators=[statuspage.models.branding.check_language],
                                ),
                                blank=True,
                                default=list,
                                size=None,
                            ),
                        ),
                        (
                            "recency_days",
                            models.PositiveSmallIntegerField(
                                default=7,
                                help_text="For how many days resolved incidents stay on the front page.",
                                verbose_name="recent incidents",
                            ),
                        ),
                        (
                            "history_days",
                            models.PositiveSmallIntegerField(
                                default=365,
                                help_text="For how many days incidents stay in the history.",
                                verbose_name="history",
                            ),
                        ),
                        ("support_url", models.URLField(blank=True, verbose_name="support")),
                        ("imprint_url", models.URLField(blank=True, verbose_name="imprint")),
                        ("privacy_url", models.URLField(blank=True, verbose_name="privacy")),
                        (
                            "takes_subscribers",
                            models.BooleanField(
                                default=True,
                                help_text="Off: no form and no button; whoever is subscribed already keeps getting mails, and the links in them.",
                                verbose_name="new subscribers",
                            ),
                        ),
                        (
                            "takes_questions",
                            models.BooleanField(
                                default=True,
                                help_text="A form that tells visitors which open incident fits what they see; what fits none may become a wave. Off: no link, and no form.",
                                verbose_name="“is it just me?”",
                            ),
                        ),
                        (
                            "counts_maintenance_as_up",
                            models.BooleanField(
                                default=True,
                                help_text="Off: time under maintenance lowers the uptime figures as a major outage does.",
                                verbose_name="planned maintenance counts as up",
                            ),
                        ),
                        (
                            "latency_of",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.CharField(max_length=26),
                                blank=True,
                                db_default=[],
                                default=list,
                                size=None,
                            ),
                        ),
                        (
                            "shows_powered_by",
                            models.BooleanField(
                                default=True,
                                help_text="One quiet line at the end of the page.",
                                verbose_name="say what the page runs on",
                            ),
                        ),
                        ("feed_host", models.CharField(blank=True, editable=False, max_length=253)),
                        ("updated_at", models.DateTimeField(auto_now=True)),
                        (
                            "favicon",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to="statuspage.picture",
                            ),
                        ),
                        (
                            "logo",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to="statuspage.picture",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name_plural": "brandings",
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("primary_colour__regex", "^#[0-9a-f]{6}$")),
                                name="branding_colour_is_a_colour",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("history_days__gte", models.F("recency_days")),
                                    ("history_days__gte", 1),
                                ),
                                name="branding_history_outlasts_recency",
                            ),
                        ],
                    },
                ),
                migrations.AddIndex(
                    model_name="uptimeamendment",
                    index=models.Index(
                        fields=["component", "replaces_until_at"], name="amendment_by_component"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="uptimeamendment",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            ("started_at__lt", models.F("ended_at")),
                            ("replaces_from_at__lte", models.F("started_at")),
                            ("replaces_until_at__gte", models.F("ended_at")),
                        ),
                        name="amendment_replaces_its_stretch",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="amendedpage",
                    constraint=models.UniqueConstraint(
                        fields=("amendment", "page"), name="amended_once_a_page"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="uptimeday",
                    constraint=models.UniqueConstraint(
                        fields=("page", "component", "date"), name="one_uptime_day"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="uptimemark",
                    constraint=models.UniqueConstraint(
                        fields=("page", "component"), name="one_uptime_mark"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="wording",
                    constraint=models.UniqueConstraint(
                        fields=("page", "language", "key", "form"), name="one_wording_a_text"
                    ),
                ),
            ]
        ),
        *(tells_pages(table, *way) for table, way in TELLING.items()),
        SET_BACK,
        *(append_only(table) for table in GUARDED),
        *(never_emptied(table) for table in GUARDED),
    ]
