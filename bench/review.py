"""What a review costs as the consortium grows. Run: python bench/review.py [--json FILE]

The queues of a maintainer stand beside a bare SELECT of the ids that they show; a proposal's page, a hand-in
and an event beside themselves with less to read or fewer people to ask or tell; the merge of two records
beside one pass of canonical JSON over the same bytes.
"""

import argparse
import copy
import json
import os
import sys
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tapestry.settings")

import django  # noqa: E402
from django.conf import settings  # noqa: E402

django.setup()
settings.ALLOWED_HOSTS = [*settings.ALLOWED_HOSTS, "testserver"]
settings.STORAGES["staticfiles"]["BACKEND"] = "django.contrib.staticfiles.storage.StaticFilesStorage"

from django.db import connection, transaction  # noqa: E402
from django.test import Client  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402

from catalog.members.actors import actor_of  # noqa: E402
from catalog.members.models import Member, Membership, Role, User  # noqa: E402
from catalog.notifications.models import Notification  # noqa: E402
from catalog.pages.review.queues import sorted_for  # noqa: E402
from catalog.proposals.merging import merge, shown  # noqa: E402
from catalog.proposals.models import Proposal  # noqa: E402
from catalog.proposals.services import submit_proposal  # noqa: E402
from catalog.review.models import Assignment, Comment, Review, Submission, Thread  # noqa: E402
from provenance.events.services import Evidence, record_event  # noqa: E402
from provenance.signing.canonical import canonicalize  # noqa: E402
from tests.factories import complete_record, make_draft, make_member, make_person, make_submitted  # noqa: E402
from tests.scratch import scratch_database  # noqa: E402

SIZES, ROUNDS = (100, 1_000, 10_000), 7
TALKS, SUBMISSIONS, MAINTAINERS, TOLD = (10, 200), (2, 20), (10, 1_000), (5, 500)
LARGEST = 512 * 1024  # bytes of a record, as catalog/proposals/drafting.py allows
# How twenty proposals of a consortium that lives stand: (state, accepted for, ground of the block).
KINDS = [
    *[("accepted", "training", "")] * 9, *[("rejected", "", "")] * 2, ("withdrawn", "", ""),
    *[("submitted", "", "")] * 2, *[("in_review", "", "")] * 3, ("changes_requested", "", ""),
    ("blocked", "", "rights"), ("draft", "", ""),
]  # fmt: skip


def measure(call: Callable[[], object], rounds: int = ROUNDS) -> tuple[int, float]:
    """Return how many statements a call takes, and the milliseconds of the fastest; the first warms up."""
    call()
    with CaptureQueriesContext(connection) as captured:
        call()
    statements = len(captured)
    times = []
    for _ in range(rounds):
        begin = time.perf_counter()
        call()
        times.append(time.perf_counter() - begin)
    return statements, round(min(times) * 1000, 2)


def read_page(browser: Client, address: str) -> None:
    if browser.get(address).status_code != HTTPStatus.OK:
        raise SystemExit(f"{address} is not shown")


def grow(members: list[Member], steward: User, reader: User, first: int, last: int) -> None:
    """Add proposals of all states, with a voice and a talk on what is under review, some of it assigned."""
    now = datetime.now(UTC)
    rows = []
    for number in range(first, last):
        state, accepted_for, ground = KINDS[number % len(KINDS)]
        rows.append(
            Proposal(
                member=members[number // len(KINDS) % len(members)], created_by=steward, slug=f"p{number}",
                record=complete_record(title={"en": f"Stories, part {number}"}), state=state, revision=4,
                accepted_for=accepted_for, block_ground=ground,
                submitted_at=None if state == "draft" else now - timedelta(hours=number),
            )
        )  # fmt: skip
    Proposal.objects.bulk_create(rows, batch_size=500)
    by = {"revision": 4, "member": members[1]}
    talked = [row for row in rows if row.state == "in_review"]
    Review.objects.bulk_create(
        Review(proposal=row, reviewer=steward, verdict="approve", accepted_for="training", **by)
        for row in talked
    )
    threads = [Thread(proposal=row, field="licence", revision=4, opened_by=steward) for row in talked]
    Thread.objects.bulk_create(threads)
    Comment.objects.bulk_create(Comment(thread=each, author=steward, text="Why?", **by) for each in threads)
    asked = [row for row in talked if row.member_id != members[0].pk][::5]
    Assignment.objects.bulk_create(
        Assignment(proposal=row, reviewer=reader, member=members[0], due_at=now) for row in asked
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def measure_queues() -> dict[str, float]:
    members = [make_member(f"m{number}") for number in range(10)]
    steward, reader = make_person(members[1]), make_person(members[0], Role.MAINTAINER)
    actor, browser = actor_of(reader), Client()
    browser.force_login(reader)
    figures: dict[str, float] = {}
    filled = 0
    for size in SIZES:
        grow(members, steward, reader, filled, size)
        filled = size
        keys = [row.pk for row in sorted_for(actor)]
        statement = "SELECT id FROM catalog_proposal WHERE id = ANY(%s)"

        def floor(keys: list[Any] = keys, statement: str = statement) -> None:
            with connection.cursor() as cursor:
                cursor.execute(statement, [keys])
                cursor.fetchall()

        calls: dict[str, Callable[[], object]] = {
            "queues_bare": floor,
            "queues_query": lambda: list(sorted_for(actor)),
            "queues_page": lambda: read_page(browser, "/proposals/"),
        }
        figures[f"queues_{size}_rows_shown"] = len(keys)
        for name, call in calls.items():
            figures[f"{name}_{size}_statements"], figures[f"{name}_{size}_ms"] = measure(call)
    return figures


def measure_page() -> dict[str, float]:
    member = make_member()
    reader, other = make_person(member, Role.MAINTAINER), make_person(make_member(), Role.MAINTAINER)
    browser = Client()
    browser.force_login(reader)
    figures: dict[str, float] = {}
    for comments, submissions in zip(TALKS, SUBMISSIONS, strict=True):
        _, found = make_submitted()
        said = {"revision": found.revision, "author": other, "member": member, "text": "Where from?"}
        threads = [
            Thread(proposal=found, field="licence", revision=found.revision, opened_by=other)
            for _ in range(comments // 5)
        ]
        Thread.objects.bulk_create(threads)
        Comment.objects.bulk_create(
            Comment(thread=threads[number % len(threads)], **said) for number in range(comments)
        )
        Submission.objects.bulk_create(
            Submission(
                proposal=found, number=number, revision=number, files=found.files, submitted_by=other,
                record=complete_record(summary={"en": f"Said for the {number}. time."}),
            )
            for number in range(2, submissions + 1)
        )  # fmt: skip
        address = f"/proposals/{found.pk}/"
        name = f"page_{comments}_comments_{submissions}_submissions"
        figures[f"{name}_statements"], figures[f"{name}_ms"] = measure(
            lambda address=address: read_page(browser, address)  # type: ignore[misc]
        )
    return figures


def measure_submitting() -> dict[str, float]:
    figures: dict[str, float] = {}
    Membership.objects.filter(role=Role.MAINTAINER).delete()
    made = 0
    for size in MAINTAINERS:
        members = [make_member(f"of-{number % 50}") for number in range(made, size)]
        people = User.objects.bulk_create(
            User(email=f"maintainer-{number}@example.org", name=f"M {number}") for number in range(made, size)
        )
        Membership.objects.bulk_create(
            Membership(user=person, member=member, role=Role.MAINTAINER)
            for person, member in zip(people, members, strict=True)
        )
        made = size
        drafts = iter([make_draft() for _ in range(ROUNDS + 2)])

        def hand_in(drafts: Iterator[Any] = drafts) -> None:
            actor, draft = next(drafts)
            submit_proposal(actor=actor, proposal=draft)

        figures[f"submit_{size}_statements"], figures[f"submit_{size}_ms"] = measure(hand_in)
    return figures


def measure_telling() -> dict[str, float]:
    figures: dict[str, float] = {}
    for size in TOLD:
        actor, found = make_submitted()
        people = User.objects.bulk_create(
            User(email=f"steward-{size}-{number}@example.org", name="S") for number in range(size)
        )
        Membership.objects.bulk_create(
            Membership(user=person, member=found.member, role=Role.STEWARD) for person in people
        )
        heard = {person.pk for person in people}
        before = Notification.objects.count()

        def tell(actor: Any = actor, found: Proposal = found) -> None:
            with transaction.atomic():
                record_event(
                    actor=actor, action="proposal.withdrawn", subject=f"proposal:{found.pk}",
                    audience="consortium", evidence=Evidence(details={"revision": 1}),
                )  # fmt: skip

        figures[f"tell_{size}_statements"], figures[f"tell_{size}_ms"] = measure(tell)
        told = Notification.objects.filter(recipient__in=heard).count()
        if told != size * (ROUNDS + 2) or Notification.objects.count() - before < told:
            raise SystemExit(f"{told} notifications for {size} people")
    return figures


def measure_merging() -> dict[str, float]:
    figures: dict[str, float] = {}
    texts = {f"x-{number}": "Once there was a thread. " * 160 for number in range(128)}
    answers = {f"answer {number:05}": f"said {number}" for number in range(18_500)}
    for name, filling in (("texts", {"description": texts}), ("answers", {"rights": answers})):
        base = {**complete_record(), **filling}
        (field,) = filling
        theirs, mine = copy.deepcopy(base), copy.deepcopy(base)
        theirs[field][next(iter(filling[field]))] = "theirs"  # type: ignore[index]
        mine[field][list(filling[field])[-1]] = "mine"  # type: ignore[index]
        size = len(canonicalize(base))
        if not 0.9 * LARGEST < size <= LARGEST:
            raise SystemExit(f"{name}: {size} bytes")
        remembered = shown(base)
        if merge(remembered, theirs, mine).clashes:
            raise SystemExit("two people who answered different questions clash")
        calls = {
            "canonical": lambda base=base: canonicalize(base),
            "shown": lambda base=base: shown(base),
            "merge": lambda r=remembered, t=theirs, m=mine: merge(r, t, m),
        }
        figures[f"merge_{name}_kib"] = round(size / 1024)
        figures |= {f"{call}_{name}_ms": measure(calls[call])[1] for call in calls}
    return figures


def check(figures: dict[str, float]) -> None:
    """Refuse to end well where something grows with what it should not depend on."""
    kinds = ("queues_query_", "queues_page_", "page_", "submit_", "tell_")
    for kind in kinds:
        counted = {
            value for name, value in figures.items() if name.startswith(kind) and name.endswith("statements")
        }
        if len(counted) != 1:
            raise SystemExit(f"the number of statements of {kind[:-1]} is not constant: {sorted(counted)}")


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--json", type=Path, help="write the figures here as well")
    chosen = arguments.parse_args()
    figures: dict[str, float] = {}
    with scratch_database():
        for part in (measure_queues, measure_page, measure_submitting, measure_telling, measure_merging):
            found = part()
            for name, value in found.items():
                print(f"{name.replace('_', ' '):>48}  {value}", flush=True)
            figures |= found
    print(json.dumps({"bench": "review", **figures}))
    if chosen.json:
        chosen.json.write_text(json.dumps(figures, indent=2) + "\n", "utf-8")
    check(figures)


if __name__ == "__main__":
    main()
