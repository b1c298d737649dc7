import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any, Final

from django.core.management.base import BaseCommand, CommandError

from catalog.intake.descriptions import lines_of
from catalog.intake.importing import Importer
from catalog.intake.normalising import Lister
from catalog.intake.report import Report
from catalog.members.actors import actor_of
from catalog.members.models import Member, Role, User
from provenance.actors import Actor

EVERY: Final = 500  # lines between two lines of progress


class Command(BaseCommand):
    """List datasets that others publish, from a file of descriptions, one JSON object a line.

    Each becomes a proposal of the member, open, located at its own address, affirmed as listed and not
    owned. Done again, it passes over what is listed already.
    """

    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Say for whom, how many, and how far."""
        parser.add_argument("file", type=Path, help="JSON lines, or such a file in .gz")
        parser.add_argument("--member", required=True, help="slug of the member that lists them")
        parser.add_argument(
            "--steward", required=True, help="e-mail address of its steward, who stands as contact"
        )
        parser.add_argument("--limit", type=int, help="at most so many new entries")
        parser.add_argument("--submit", action="store_true", help="hand them in for review")
        parser.add_argument(
            "--reviewers", default="", help="addresses of maintainers of two other members, who approve all"
        )
        parser.add_argument("--source", default="", help="what the file is, for each entry's origin")
        parser.add_argument("--report", type=Path, help="where the report goes, as JSON")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Import, and report.

        Raises:
            CommandError: a file, a member or a person is not there, or has not the role.
        """
        file: Path = options["file"]
        if not file.is_file():
            raise CommandError(f"There is no file {file}.")
        importer = self._importer(options)
        try:
            report = importer.run(lines_of(file), limit=options["limit"], progress=self._show)
        except (OSError, EOFError) as error:
            raise CommandError(f"{file} can not be read to its end: {error}") from None
        summary = report.as_json()
        if options["report"]:
            options["report"].write_text(json.dumps(summary, indent=1, ensure_ascii=False) + "\n")
        told = {name: value for name, value in summary.items() if name not in {"refusals", "samples"}}
        self.stdout.write(json.dumps(told, indent=1, ensure_ascii=False))

    def _importer(self, options: dict[str, Any]) -> Importer:
        member = Member.objects.filter(slug=options["member"]).first()
        if member is None:
            raise CommandError(f"There is no member {options['member']!r}.")
        person = _person(options["steward"])
        steward = actor_of(person)
        if not steward.has_role(Role.STEWARD, member=member.slug):
            raise CommandError(f"{person} is no steward of {member}.")
        emails = [text.strip() for text in options["reviewers"].split(",") if text.strip()]
        source = options["source"] or options["file"].name
        return Importer(
            member=member,
            steward=steward,
            lister=Lister(name=str(person), email=person.email, source=source),
            submit=options["submit"] or bool(emails),
            reviewers=[_reviewer(email, member) for email in emails],
        )

    def _show(self, report: Report) -> None:
        if report.seen % EVERY == 0:
            rate = report.created / max(report.seconds, 0.001)
            self.stderr.write(
                f"{report.seen} lines: {report.created} new, {report.known} known already,"
                f" {len(report.refused)} refused; {rate:.0f} entries a second"
            )


def _person(email: str) -> User:
    user = User.objects.filter(email__iexact=email, is_active=True).first()
    if user is None:
        raise CommandError(f"Nobody here has the address {email!r}.")
    return user


def _reviewer(email: str, proposer: Member) -> tuple[Actor, Member]:
    """Return who will approve, and for which member; others the services would refuse each time (INV-7)."""
    user = _person(email)
    actor = actor_of(user)
    voice = Member.objects.filter(slug__in=actor.members_with(Role.MAINTAINER)).first()
    if voice is None or proposer.slug in actor.members:
        raise CommandError(f"{user} is no maintainer of another member than {proposer}.")
    return actor, voice
