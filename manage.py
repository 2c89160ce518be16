#!/usr/bin/env python3
"""Start here: `python3 manage.py up` runs Ebb, `python3 manage.py test` passes its tests."""

import os
import sys

from config import bootstrap


def main() -> None:
    """Get the environment ready, then do what was asked for."""
    bootstrap.enter(sys.argv)
    command, arguments = sys.argv[1:2], sys.argv[2:]
    if command == ["up"]:
        from config import supervisor

        sys.exit(supervisor.main(arguments))
    if command == ["test"]:
        from config import testing

        sys.exit(testing.main(arguments))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    from django.core.exceptions import ImproperlyConfigured
    from django.core.management import execute_from_command_line

    try:
        execute_from_command_line(sys.argv)
    except ImproperlyConfigured as refusal:
        sys.exit(str(refusal))


if __name__ == "__main__":
    main()
