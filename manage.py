#!/usr/bin/env python
import os
import sys

from django.core.management import execute_from_command_line

import config.celery  # noqa: F401  a command that wakes a worker needs the configured app

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.dev")
    execute_from_command_line(sys.argv)
