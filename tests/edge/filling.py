"""Fill an empty database with the two tenants of the tests; prints a key of each as JSON.

Acme's page speaks English, Globex's German and Arabic too.
"""

import json
import os

import django


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "atender.settings")
    django.setup()

    from django.core.management import call_command  # noqa: PLC0415

    from atender.tenants.context import in_tenant  # noqa: PLC0415
    from atender.tenants.provisioning import prepare_database  # noqa: PLC0415
    from statuspage.look.branding import change_branding  # noqa: PLC0415
    from tests.factories import STAFF, default_page, make_key, make_tenants  # noqa: PLC0415

    call_command("collectstatic", interactive=False, verbosity=0, ignore_patterns=["drf*"])
    prepare_database()
    make_tenants()
    made = {}
    for schema in ("acme", "globex"):
        with in_tenant(schema):
            if schema == "globex":
                change_branding(default_page(), by=STAFF, further_languages=["ar", "de"])
            made[schema] = {"key": make_key(), "page": default_page().id}
    print(json.dumps(made))


if __name__ == "__main__":
    main()
