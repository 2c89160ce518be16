"""The web server's entry."""

import gc
import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
# What a start makes stays. To look for garbage in it is an eighth of a start, and no use later.
gc.disable()
application = get_wsgi_application()
gc.freeze()
gc.enable()
