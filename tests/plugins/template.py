"""Fill a database: `database` migrates it, `tenants` makes the two that most tests use."""

import gc
import os
import sys

import django

# Every migration leaves a state of all models behind, which is looked through for garbage.
gc.set_threshold(100_000)


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "atender.settings")
    django.setup()

    from atender.due.models import Due  # noqa: PLC0415
    from atender.tenants.provisioning import prepare_database  # noqa: PLC0415
    from tests.factories import make_tenants  # noqa: PLC0415 - needs the app registry

    def tenants() -> None:
        make_tenants()
        # Tests look at what they promise themselves.
        Due.objects.all().delete()

    parts = {"database": prepare_database, "tenants": tenants}
    for name in sys.argv[1:]:
        parts[name]()


if __name__ == "__main__":
    main()
