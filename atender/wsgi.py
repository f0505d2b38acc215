import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "atender.settings")
django_application = get_wsgi_application()

# The registry must be ready before these.
from django.conf import settings  # noqa: E402
from django.utils.module_loading import import_string  # noqa: E402

from atender.startup import prepare_process  # noqa: E402

application = import_string(settings.EDGE)(django_application)
prepare_process()
