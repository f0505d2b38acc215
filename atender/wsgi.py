import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "atender.settings")
django.setup(set_prefix=False)

# The registry must be ready before these.
from django.conf import settings  # noqa: E402
from django.utils.module_loading import import_string  # noqa: E402

from atender.incoming import Handler  # noqa: E402
from atender.startup import prepare_process  # noqa: E402

application = import_string(settings.EDGE)(Handler())
prepare_process()
