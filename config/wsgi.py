"""The web server's entry."""

import gc
import os

# What a start makes stays. To look for garbage in it is an eighth of a start, and no use later.
gc.disable()

from django.core.wsgi import get_wsgi_application  # noqa: E402 - loads most of Django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
application = get_wsgi_application()
gc.freeze()
gc.enable()
