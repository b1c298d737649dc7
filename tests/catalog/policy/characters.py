"""The characters and facts of the policy's tests, and any question that may be put to it."""

from datetime import UTC, date, datetime, timedelta

from hypothesis import strategies as st

from catalog.policy import Facts, GrantFact, Operation, decide
from catalog.proposals.states import AcceptedFor
from catalog.tiers import Purpose, Stage, Tier
from provenance.actors import ANONYMOUS, Actor, ActorKind

NOON = datetime(2026, 11, 1, 12, tzinfo=UTC)


def person(member, role):
    return Actor(ActorKind.PERSON, "person:1", "An", frozenset({(member, role)}), 1)


def node(member):
    return Actor(ActorKind.NODE, "did:key:z6Mk1", "loom", frozenset({(member, "node")}), 1)


ACTORS = {
    "anonymous": ANONYMOUS,
    "stranger": person("other", "maintainer"),
    "owner": person("owner", "researcher"),
    "other node": node("other"),
    "own node": node("owner"),
}


def facts(tier, **changes):
    given = {"stages": frozenset({Stage.CPT}), "processing": frozenset({"VN"}), **changes}
    return Facts(digest="0" * 64, member="owner", dataset="songs", tier=Tier(tier), **given)


def grant(member="other", *, hours=1, **changes):
    given = {"id": "1", "dataset": "songs", "purpose": Purpose.SOVEREIGN_BUILD, **changes}
    return GrantFact(member=member, expires_at=NOON + timedelta(hours=hours), **given)


def ask(operation, actor, about, **given):
    given = {"purpose": Purpose.CONTRIBUTED_CPT, "place": "VN", "output": Tier.PRIVATE, "at": NOON, **given}
    return decide(actor=actor, operation=operation, version_or_facts=about, **given)


members = st.sampled_from(["owner", "other", "third"])
tiers = st.sampled_from(Tier)
times = st.datetimes(datetime(2026, 1, 1), datetime(2027, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - bounds are naive
any_facts = st.builds(
    Facts,
    digest=st.just("0" * 64),
    member=members,
    dataset=st.just("songs"),
    tier=tiers,
    withdrawn=st.booleans(),
    entry_sealed=st.booleans(),
    stages=st.frozensets(st.sampled_from(Stage)),
    model_training=st.booleans(),
    terms_unknown=st.booleans(),
    processing=st.frozensets(st.sampled_from(["VN", "SN"])),
    updates_may_leave=st.booleans(),
    embargo_until=st.none() | st.dates(date(2026, 1, 1), date(2027, 1, 1)),
    accepted_for=st.none() | st.sampled_from(AcceptedFor),
)
any_actor = st.builds(
    Actor,
    st.sampled_from(ActorKind),
    st.just("someone"),
    st.just("someone"),  # as the identifier: the log holds no other name of people
    st.frozensets(st.tuples(members, st.sampled_from(["steward", "node"])), max_size=2),
)
any_grant = st.builds(
    GrantFact,
    id=st.uuids().map(str),
    member=members,
    dataset=st.sampled_from(["songs", "tales"]),
    purpose=st.sampled_from(Purpose),
    expires_at=times,
)
any_question = st.fixed_dictionaries(
    {
        "actor": any_actor,
        "operation": st.sampled_from(Operation),
        "version_or_facts": any_facts,
        "purpose": st.none() | st.sampled_from(Purpose),
        "place": st.sampled_from([None, "VN", "SN"]),
        "at": times,
        "output": st.none() | tiers,
        "party": st.none() | members,
        "grants": st.lists(any_grant, max_size=3).map(tuple),
    }
)
