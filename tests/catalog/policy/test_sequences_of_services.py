"""INV-2 in the real program: whatever is proposed, derived, renewed and withdrawn, in whatever order."""

from contextlib import suppress

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from catalog.datasets.models import Dataset, DatasetVersion
from catalog.datasets.services import withdraw_dataset
from catalog.policy import Operation, decide
from catalog.tiers import Tier, at_least_as_strict
from provenance.actors import ANONYMOUS
from provenance.errors import Conflict, Invalid
from tests.factories import complete_record, make_actor, make_dataset, make_member, make_next_version

tiers = st.sampled_from(Tier)
described = st.sampled_from([tier for tier in Tier if tier is not Tier.PRIVATE])


class Weavers(RuleBasedStateMachine):
    """One member that tries everything with its own entries; refusals are part of the play."""

    def __init__(self) -> None:
        super().__init__()
        self.play = transaction.atomic()
        self.play.__enter__()
        self.member = make_member("weavers")
        self.steward = make_actor(self.member)

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.play.__exit__(None, None, None)

    @rule(tier=tiers)
    def enter(self, tier):
        make_dataset(tier, member=self.member)

    @rule(tier=described, chosen=st.lists(st.integers(0, 99), min_size=1, max_size=3))
    def derive(self, tier, chosen):
        known = list(DatasetVersion.objects.select_related("dataset"))
        sources = [known[number % len(known)] for number in chosen] if known else []
        pinned = [{"dataset": each.dataset.slug, "version": each.number} for each in sources]
        with suppress(Invalid, Conflict), transaction.atomic():
            make_dataset(tier, member=self.member, sources=pinned)

    @rule(tier=described, number=st.integers(0, 99))
    def publish_under_another_tier(self, tier, number):
        if entries := list(Dataset.objects.exclude(tier=Tier.PRIVATE).select_related("member")):
            changes = {"tier": str(tier), "residency": complete_record(tier)["residency"]}
            with suppress(Invalid, Conflict), transaction.atomic():
                make_next_version(entries[number % len(entries)], **changes)

    @rule(number=st.integers(0, 99))
    def withdraw(self, number):
        if entries := list(Dataset.objects.filter(state="published")):
            entry = entries[number % len(entries)]
            withdraw_dataset(actor=self.steward, dataset=entry, reason="Asked for")

    @invariant()
    def no_version_is_less_restricted_than_what_it_was_made_of(self):
        for version in DatasetVersion.objects.all():
            sources = list(sources_of(version))
            assert at_least_as_strict(Tier(version.tier), [Tier(each.tier) for each in sources])

    @invariant()
    def nobody_downloads_what_descends_from_anything_but_open_data(self):
        asked = {"actor": ANONYMOUS, "operation": Operation.DOWNLOAD}
        for version in DatasetVersion.objects.select_related("dataset__member"):
            if decide(**asked, version_or_facts=version).allowed:
                assert {each.tier for each in ancestors_of(version)} <= {"open"}


def sources_of(version):
    for source in version.record.get("sources") or ():
        yield DatasetVersion.objects.get(dataset__slug=source["dataset"], number=source["version"])


def ancestors_of(version):
    for source in sources_of(version):
        yield source
        yield from ancestors_of(source)


@pytest.mark.django_db
def test_inv_2_no_sequence_of_services_relaxes_a_restriction():
    play = settings(
        max_examples=8, stateful_step_count=10, deadline=None, suppress_health_check=list(HealthCheck)
    )
    run_state_machine_as_test(Weavers, settings=play)
