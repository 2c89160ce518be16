#!/usr/bin/env python3
"""Start here: python3 manage.py up runs Ebb, python3 manage.py test passes its tests."""

import os
import sys

from config import bootstrap


def main():
    bootstrap.enter(sys.argv)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
