import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "atender.settings")
application = get_wsgi_application()

from atender.startup import prepare_process  # noqa: E402 - the registry must be ready first

prepare_process()
