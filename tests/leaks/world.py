"""A small consortium in which every tier stands in every state, each entry full of its own canaries."""

import base64
import re
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field

from django.core.cache import cache
from django.test import Client

from catalog.access.services import request_access
from catalog.datasets.models import Dataset, DatasetVersion
from catalog.datasets.services import withdraw_dataset
from catalog.inspection.concluding import conclude
from catalog.inspection.models import Inspection
from catalog.inspection.previewing import keep_previews
from catalog.inspection.running import run_inspection
from catalog.members.actors import actor_of
from catalog.members.models import Member, Role, User
from catalog.notifications.models import Notification
from catalog.pages.proposals.steps import STEPS
from catalog.review.models import Assignment
from catalog.search import get_index
from catalog.search.reindex import reindex
from catalog.tiers import Purpose, Tier
from provenance.actors import Actor
from provenance.events.models import Event
from tests.factories import make_member, make_person
from tests.leaks.canaries import Level, Planted, canary
from tests.leaks.planting import plant
from tests.training.api.signing_node import SigningNode, make_family, make_round
from tests.training.grants.conftest import GRANTS, manifest
from training.derivatives.registering import register_derivative
from training.derivatives.wording import Description
from training.families.models import ModelSeries
from training.jobs.models import Job
from training.rollbacks.models import Descendant, Rollback
from training.rounds.conductor import advance
from training.rounds.models import Round
from training.withdrawals.models import WithdrawalTask

TIERS = tuple(map(str, Tier))
TOO_MANY = 429
PAYLOAD = re.compile(rb'"payload": ?"([A-Za-z0-9+/=]+)"')  # of a DSSE envelope


@dataclass
class World:
    """What was planted, and how each actor asks: a function from an address to the bytes of the answer."""

    planted: list[Planted]
    ask: dict[str, Callable[[str], bytes]]
    places: dict[str, object] = field(default_factory=dict)


def make_world() -> World:
    """Everything through the services: requests, grants and two rounds that took in what they might."""
    owner, other, third = (make_member(f"{name}-house") for name in ("owner", "other", "third"))
    steward = make_person(owner, Role.STEWARD)
    people = {
        "other_researcher": make_person(other, Role.RESEARCHER),
        "other_steward": make_person(other, Role.STEWARD),
        "own_researcher": make_person(owner, Role.RESEARCHER),
        "owner": steward,
        "maintainer": make_person(third, Role.MAINTAINER),
    }
    nodes = {"owner_node": SigningNode(owner), "foreign_node": SigningNode(other)}
    keeper = actor_of(steward)
    planted = [plant(tier, state, owner, keeper) for state in ("published", "withdrawn") for tier in TIERS]
    _look_into_the_files()
    rounds = [_round(seed=5)]  # its jobs take in what is withdrawn next, which stops them
    _ask_and_grant(planted, other, people["other_researcher"], nodes["foreign_node"])
    _withdraw([one for one in planted if one.state == "withdrawn"], keeper)
    rounds.append(_round(seed=6))
    made = _made_from(rounds[0], planted, keeper)
    for node in nodes.values():
        assert node.claim(node.job(rounds[-1])).status_code == 200
    planted += [plant(tier, "draft", owner, keeper) for tier in TIERS]
    _tell_of_tables(planted, people["other_steward"])
    reindex(get_index())
    ask = {"anonymous": _browser(None), **{name: _browser(person) for name, person in people.items()}}
    ask |= {name: _machine(node) for name, node in nodes.items()}
    return World(planted, ask, {**_common_places(rounds, nodes), **made})


def _common_places(rounds: list[Round], nodes: dict[str, SigningNode]) -> dict[str, object]:
    """Values of places that no single entry fills; unknown ids where an entry has none of its own."""
    keys = [each.pk for each in rounds]
    return {
        "round_id": keys,
        "pk": keys,
        "job_id": [job.pk for job in Job.objects.order_by("created_at")],
        "digest": [each.base.digest for each in rounds],
        "node": nodes["owner_node"].node.slug,
        **_rolled_back(rounds[-1]),
        "notification": _one_of_a_kind(),
        # A key answers as the person whose it is: tests/pages/test_notifications.py
        "feed_key": "nobody",
        "token": "nobody:signed",
        "step": [step.slug for step in STEPS],
        "ending": ["bib", "ris", "json", "cff"],
        "name": "theme",
        "code": "EDUC",
        "assignment_id": list(Assignment.objects.values_list("pk", flat=True)[:2]),
        **{
            name: uuid.uuid4()
            for name in ("upload_id", "request", "grant", "task", "thread_id", "appeal_id", "batch")
        },
    }


def _made_from(round_: Round, planted: list[Planted], keeper: Actor) -> dict[str, object]:
    """Two models of the owner's: one that tells of what it may, and a private one of its private data."""
    base, owner = round_.base, Member.objects.get(slug="owner-house")
    versions = {one.tier: _version_of(one) for one in planted if one.state == "published"}
    told = Description(
        name="Told",
        tier=Tier.LOCAL_ONLY,
        stages=["cpt"],
        card={"intended_use": "Letters.", "caveats": "Many."},
    )
    kept = Description(name="", tier=Tier.PRIVATE, stages=["sft"], commitments=["ab" * 32])
    named = [versions[tier] for tier in TIERS if tier != Tier.PRIVATE]
    open_one = register_derivative(keeper, owner, base, told, versions=named)
    private = register_derivative(keeper, owner, base, kept, versions=[versions[Tier.PRIVATE]])
    sealed = next(one for one in planted if (one.tier, one.state) == (Tier.PRIVATE, "published"))
    sealed.canaries[Level.EXISTENCE] += [private.slug, private.digest[:12]]
    ModelSeries.objects.create(slug="sizes", name="Sizes", tokenizer="bytes")
    return {"derivative": [open_one.slug, private.slug], "series": "sizes"}


def _version_of(one: Planted) -> DatasetVersion:
    return Dataset.objects.get(slug=one.places["slug"]).newest


def _rolled_back(round_: Round) -> dict[str, object]:
    """A rollback as it stands when its vote has begun, with a round among what descends."""
    rollback = Rollback.objects.create(
        family=round_.family,
        grounds="Its community asked for it.",
        reason_code="consent-withdrawn",
        member=Member.objects.earliest("pk"),
        proposed_by=User.objects.earliest("pk"),
        quorum=2,
        head=round_.base,
    )
    row = Descendant.objects.create(
        rollback=rollback, kind="round", subject=f"round:{round_.pk}", name=str(round_), plan="abandoned"
    )
    return {"rollback": rollback.pk, "descendant": row.pk}


def _one_of_a_kind() -> list[int]:
    """The last notification of each kind of event, whoever has it; the list of a person shows all of hers."""
    told = Notification.objects.order_by("event__action", "-pk").distinct("event__action")
    return list(told.values_list("pk", flat=True))


def _round(seed: int) -> Round:
    opened = make_round(make_family(seed=seed))
    advance(opened.pk)
    return opened


def _look_into_the_files() -> None:
    """What the worker would do with the files that were attached, here and now."""
    for inspection in Inspection.objects.all():
        run_inspection(inspection.pk)
    for dataset in Dataset.objects.exclude(tier="private"):
        conclude(dataset.newest.pk)
        keep_previews(dataset.newest.pk)


def _ask_and_grant(planted: list[Planted], member: Member, person: User, node: SigningNode) -> None:
    """A waiting request for what has to be asked for, and a node's grant on what is stored."""
    for one in planted:
        dataset = Dataset.objects.filter(slug=one.places["slug"]).select_related("member").get()
        if one.tier in {"train-only", "local-only"} and one.state == "published":
            one.canaries[Level.REQUEST] = [canary(Level.REQUEST)]
            one.places["request"] = request_access(
                actor=actor_of(person),
                dataset=dataset,
                member=member,
                purpose=Purpose.SOVEREIGN_BUILD,
                project="A model of our own",
                scope=f"For {one.canaries[Level.REQUEST][0]}",
                days=30,
            ).pk
        if one.tier == "private":
            continue  # the node's own log would repeat the name that it asked for; see test_probes
        answer = node.post(GRANTS, manifest(dataset, purpose="evaluation"))
        if answer.status_code == 201:
            one.places["grant"] = answer.json()["id"]


def _tell_of_tables(planted: list[Planted], person: User) -> None:
    """As if the person had been a steward of the owner's house when a table was worked through."""
    subjects = [f"batch:{one.places['batch']}" for one in planted if "batch" in one.places]
    for done in Event.objects.filter(subject__in=subjects, action="batch.worked-through"):
        Notification.objects.create(recipient=person, event=done, why="author")


def _withdraw(planted: list[Planted], steward: Actor) -> None:
    for one in planted:
        dataset = Dataset.objects.get(slug=one.places["slug"])
        withdraw_dataset(actor=steward, dataset=dataset, reason="Its community asked for it.")
        task = WithdrawalTask.objects.filter(dataset=dataset).first()
        one.places |= {"task": task.pk} if task else {}


def _browser(person: User | None) -> Callable[[str], bytes]:
    client = Client()
    if person is not None:
        client.force_login(person)

    def ask(address: str) -> bytes:
        cache.clear()  # counts of the throttle: an answer "too many" would hide a leak
        return _body(client.get(address))

    return ask


def _machine(node: SigningNode) -> Callable[[str], bytes]:
    """A node that keeps its leases while it asks."""

    def ask(address: str) -> bytes:
        if "/inputs/" in address:
            job = address.split("/")[4]
            node.post(f"/api/v1/jobs/{job}/heartbeat", {"attempt": 1, "phase": "training"})
        cache.clear()
        return _body(node.get(address))

    return ask


def _body(response) -> bytes:
    """The whole answer, headers too: an address in Location tells as much as a page."""
    content = b"".join(response.streaming_content) if response.streaming else response.content
    headers = "\n".join(f"{name}: {value}" for name, value in response.headers.items())
    assert response.status_code < 500, f"{response.request.get('PATH_INFO')}: {response.status_code}"
    assert response.status_code != TOO_MANY
    sealed = b"".join(base64.b64decode(payload) for payload in PAYLOAD.findall(content))
    return headers.encode() + b"\n\n" + content + sealed
