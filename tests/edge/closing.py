"""Close Acme's page, as the console does: only who is on a list may read it from now on."""

import os

import django


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "atender.settings")
    django.setup()

    from atender.tenants.context import in_tenant  # noqa: PLC0415
    from statuspage.access.closing import change_access  # noqa: PLC0415
    from tests.factories import STAFF, default_page  # noqa: PLC0415

    with in_tenant("acme"):
        change_access(default_page(), by=STAFF, visibility="email", allowed=["maria@acme.example"])


if __name__ == "__main__":
    main()
