"""Build the template database: migrations, and the two tenants that most tests use."""

import os

import django


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "atender.settings")
    django.setup()

    from atender.tenants.provisioning import prepare_database  # noqa: PLC0415
    from tests.factories import make_tenants  # noqa: PLC0415 - needs the app registry

    prepare_database()
    make_tenants()


if __name__ == "__main__":
    main()
