"""The providers that a tenant may choose: what each asks for, and what one call of it can carry.

Pure. The names of what is asked are those of django-anymail's backends. Amazon SES is used over its
SMTP interface: its other one needs a library of its own.
"""

from dataclasses import dataclass

SMTP = "smtp"


@dataclass(frozen=True, slots=True)
class Ask:
    """A field of a provider's form."""

    name: str
    label: str
    is_secret: bool = False
    is_needed: bool = True
    help: str = ""


@dataclass(frozen=True, slots=True)
class Own:
    """Where a call keeps each recipient's own mail: the list, and the names of its two texts.

    Without a list the call itself is one.
    """

    rows: str
    text: str
    html: str


@dataclass(frozen=True, slots=True)
class Provider:
    """`most` mails go in one call, each with headers and links of its own.

    Their texts differ by `own` texts, or by values `put_in` where the text names them; with neither
    each mail is a call. `events` is the view that reads what the provider reports; `signature` asks
    for what that view checks them with. `extra` goes along with every mail.
    """

    label: str
    asks: tuple[Ask, ...]
    events: str
    most: int = 1
    own: Own | None = None
    put_in: str = ""
    signature: Ask | None = None
    extra: tuple[tuple[str, object], ...] = ()

    @property
    def all_asks(self) -> tuple[Ask, ...]:
        return (*self.asks, *([self.signature] if self.signature else []))


def _key(label: str = "API key", name: str = "api_key", help: str = "") -> Ask:  # noqa: A002
    return Ask(name, label, is_secret=True, help=help)


def _signature(name: str, help: str) -> Ask:  # noqa: A002 - as in forms
    return Ask(name, "Signing key of its reports", is_secret=True, is_needed=False, help=help)


ADDRESS = Ask(
    "api_url",
    "Address of its interface",
    is_needed=False,
    help="Only where it is not the usual one: in another region, for example.",
)
PROVIDERS: dict[str, Provider] = {
    "brevo": Provider(
        "Brevo",
        (_key(), ADDRESS),
        "brevo.BrevoTrackingWebhookView",
        most=100,
        own=Own("messageVersions", "textContent", "htmlContent"),
    ),
    "mailersend": Provider(
        "MailerSend",
        (_key("API token", "api_token"), ADDRESS),
        "mailersend.MailerSendTrackingWebhookView",
        signature=_signature("signing_secret", "Its reports are read once this is entered."),
    ),
    "mailgun": Provider(
        "Mailgun",
        (
            _key(),
            Ask(
                "sender_domain",
                "Sending domain",
                is_needed=False,
                help="Where it is not that of the address above.",
            ),
            Ask(
                "api_url",
                "Address of its interface",
                is_needed=False,
                help="In the EU https://api.eu.mailgun.net/v3, else leave it empty.",
            ),
        ),
        "mailgun.MailgunTrackingWebhookView",
        most=100,
        put_in="%recipient.{}%",
        signature=_signature("webhook_signing_key", "Its reports are read once this is entered."),
    ),
    "mailjet": Provider(
        "Mailjet",
        (_key(), _key("Secret key", "secret_key"), ADDRESS),
        "mailjet.MailjetTrackingWebhookView",
        most=50,
        own=Own("Messages", "TextPart", "HTMLPart"),
    ),
    "mailtrap": Provider(
        "Mailtrap",
        (_key("API token", "api_token"), ADDRESS),
        "mailtrap.MailtrapTrackingWebhookView",
        most=100,
        own=Own("requests", "text", "html"),
        signature=_signature("tracking_secret", "Checked where it is entered."),
    ),
    "mandrill": Provider(
        "Mandrill",
        (_key(), ADDRESS),
        "mandrill.MandrillCombinedWebhookView",
        signature=_signature("webhook_key", "Its reports are read once this is entered."),
    ),
    "postal": Provider(
        "Postal",
        (
            _key(),
            Ask("api_url", "Address of its interface", help="https://postal.example.com"),
        ),
        "postal.PostalTrackingWebhookView",
        signature=_signature(
            "webhook_key", "Its public key, one line. Its reports are read once this is entered."
        ),
    ),
    "postmark": Provider(
        "Postmark",
        (
            _key("Server token", "server_token"),
            Ask("message_stream", "Message stream", is_needed=False, help="For example broadcast."),
            ADDRESS,
        ),
        "postmark.PostmarkTrackingWebhookView",
        most=100,
        own=Own("", "TextBody", "HtmlBody"),
    ),
    "resend": Provider(
        "Resend",
        (_key(), ADDRESS),
        "resend.ResendTrackingWebhookView",
        most=100,
        own=Own("", "text", "html"),
    ),
    "scaleway": Provider(
        "Scaleway",
        (
            _key("Secret key", "secret_key"),
            Ask("project_id", "Project"),
            Ask("region", "Region", is_needed=False, help="It is fr-par unless you say another."),
            ADDRESS,
        ),
        # The library reads none of its reports.
        "",
    ),
    "sendgrid": Provider(
        "SendGrid",
        (_key(), ADDRESS),
        "sendgrid.SendGridTrackingWebhookView",
        most=100,
        put_in="{}",
        signature=_signature("tracking_webhook_verification_key", "Checked where it is entered."),
        extra=(("merge_field_format", "{}"),),
    ),
    "sparkpost": Provider(
        "SparkPost",
        (
            _key(),
            Ask("subaccount", "Subaccount", is_needed=False),
            Ask(
                "api_url",
                "Address of its interface",
                is_needed=False,
                help="In the EU https://api.eu.sparkpost.com/api/v1, else leave it empty.",
            ),
        ),
        "sparkpost.SparkPostTrackingWebhookView",
        # Staff's text must not be read as a template.
        extra=(("options", {"perform_substitutions": False}),),
    ),
    "unisender_go": Provider(
        "Unisender Go",
        (
            _key(),
            Ask(
                "api_url",
                "Address of its interface",
                help="https://go1.unisender.ru/ru/transactional/api/v1/, or go2.",
            ),
        ),
        "unisender_go.UnisenderGoTrackingWebhookView",
    ),
}
CHOICES = [(SMTP, "SMTP server"), *((name, p.label) for name, p in PROVIDERS.items())]
