"""The product's settings, with what a test run needs to be quick and leave nothing behind."""

import atexit
import os
import shutil
import tempfile

# Playwright's loop runs in this thread; the database is still used from one thread at a time.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
os.environ.setdefault("EBB_SECRET_KEY", "only-for-tests-" * 4)
# A process that runs a part of the tests has a folder of its own, and what it starts has the same.
if "EBB_DATA" not in os.environ or (
    os.environ.get("DATA_OF_LANE", "") != os.environ.get("PYTEST_XDIST_WORKER", "")
):
    os.environ["EBB_DATA"] = tempfile.mkdtemp(prefix="ebb-tests-")
    os.environ["DATA_OF_LANE"] = os.environ.get("PYTEST_XDIST_WORKER", "")
    atexit.register(shutil.rmtree, os.environ["EBB_DATA"], ignore_errors=True)

from config.settings import *  # noqa: F403

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
WHITENOISE_AUTOREFRESH = True

if DATABASES["default"]["ENGINE"].endswith("sqlite3"):  # noqa: F405
    # In a file as in real runs: threads that write at once do not meet in a database in memory.
    DATABASES["default"]["TEST"] = {"NAME": DATA_DIR / "test.sqlite3"}  # noqa: F405
