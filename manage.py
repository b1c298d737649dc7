#!/usr/bin/env python
"""Django's command line for Tapestry Catalog."""

import os
import sys


def main() -> None:
    """Run one command; a variable that cannot be used ends it with one line instead of a traceback."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tapestry.settings")
    from django.core.management import execute_from_command_line

    from tapestry.environment import EnvironmentInvalid, read_environment

    try:
        read_environment()
        execute_from_command_line(sys.argv)
    except EnvironmentInvalid as error:
        sys.stderr.write(f"Cannot start: {error}\n")
        sys.exit(2)


if __name__ == "__main__":
    main()
