#!/usr/bin/env python
import gc
import os
import sys

# What is read now stays to the end: looking through it for garbage takes a third of the start.
gc.disable()

import django  # noqa: E402
from django.core.management import execute_from_command_line  # noqa: E402

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "atender.settings")
    django.setup()
    gc.freeze()
    gc.enable()
    execute_from_command_line(sys.argv)
