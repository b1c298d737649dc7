"""`manage.py makemessages -l fr`: Django's, without guesses and without numbers of lines."""

from typing import Any

from django.core.management.commands import makemessages

ELSEWHERE = [".venv", "var", "tests", "bench", "static"]  # texts there are nobody's to translate


class Command(makemessages.Command):
    """A text whose English changed is untranslated again: a guess from a similar one would look finished."""

    msgmerge_options = [*makemessages.Command.msgmerge_options, "--no-fuzzy-matching"]

    def handle(self, *args: Any, **options: Any) -> None:
        """Name files without lines, drop texts that are gone, and leave lines as long as they are."""
        options["ignore_patterns"] = [*options["ignore_patterns"], *ELSEWHERE]
        super().handle(*args, **{**options, "add_location": "file", "no_obsolete": True, "no_wrap": True})
