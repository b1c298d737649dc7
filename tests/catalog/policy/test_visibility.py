"""INV-6: what lists show is what the policy lets be discovered, entry by entry and version by version."""

import pytest
from django.db import transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from catalog.datasets.models import SEALED, Dataset, DatasetVersion, audience_of
from catalog.policy import Operation, decide
from catalog.tiers import Tier
from provenance.actors import ANONYMOUS, COORDINATOR, Actor, ActorKind
from provenance.signing.canonical import digest
from tests.factories import complete_record, make_member

pytestmark = pytest.mark.django_db
MEMBERS = ("weavers", "dyers", "spinners")


def seal(slug, number):
    known = {"commitment": digest({slug: number}), "node": "did:key:z6Mk", "statement": "0" * 64}
    return {**known, "tier": "private", "sealed_at": "2026-11-01T12:00:00Z", "affirmed": True}


def enter(slug, member, tiers, withdrawn):
    """An entry with one version for each tier; its columns are those of the newest."""
    newest = tiers[-1]
    words = {} if newest in SEALED else {"title": {"en": slug}, "summary": {"en": slug}, "licence": "MIT"}
    columns = {"title": {}, "summary": {}, "themes": [], "languages": [], "licence": "", **words}
    state = {"state": "withdrawn", "withdrawn_at": "2026-11-01T12:00:00Z"} if withdrawn else {}
    audience = audience_of(newest, member.slug)
    entry = Dataset.objects.create(
        slug=slug, member=member, tier=newest, audience=audience, **columns, **state
    )
    for number, tier in enumerate(tiers, start=1):
        record = seal(slug, number) if tier in SEALED else complete_record(tier)
        DatasetVersion.objects.create(
            dataset=entry, number=number, digest=digest([slug, number]), tier=tier,
            record=record, languages=[], bytes=0, records=0,
            accepted_for="" if tier in SEALED else "training",
        )  # fmt: skip


entries = st.tuples(
    st.sampled_from(MEMBERS), st.lists(st.sampled_from(Tier), min_size=1, max_size=3), st.booleans()
)
roles = st.frozensets(st.tuples(st.sampled_from(MEMBERS), st.sampled_from(["steward", "node"])), max_size=2)
kinds = st.sampled_from([ActorKind.PERSON, ActorKind.NODE])
actors = st.sampled_from([ANONYMOUS, COORDINATOR]) | st.builds(
    Actor, kinds, st.just("a"), st.just("a"), roles
)


@settings(max_examples=60, deadline=None)
@given(population=st.lists(entries, min_size=1, max_size=8), actor=actors)
def test_inv_6_lists_show_what_the_policy_lets_be_discovered(population, actor):
    with transaction.atomic():
        for number, (slug, tiers, withdrawn) in enumerate(population):
            enter(f"entry-{number}", make_member(slug), tiers, withdrawn)
        versions = list(DatasetVersion.objects.select_related("dataset__member"))
        asked = {"actor": actor, "operation": Operation.DISCOVER}
        allowed = {each for each in versions if decide(**asked, version_or_facts=each).allowed}
        assert set(DatasetVersion.objects.visible_to(actor)) == allowed
        newest = {each.newest for each in Dataset.objects.all()}
        assert set(Dataset.objects.visible_to(actor)) == {each.dataset for each in newest & allowed}
        transaction.set_rollback(True)
