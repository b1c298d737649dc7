"""What of a record is told to whom: an allow list, a tombstone, and no name of a hidden entry (DG:1)."""

import pytest

from catalog.datasets.record import DatasetRecord
from catalog.interchange.disclosure import (
    SUMMARY,
    TOMBSTONE,
    discoverable_sources,
    may_preview,
    may_read_facts,
    may_read_manifest,
    readable_record,
)
from catalog.members.models import Role
from catalog.tiers import Tier
from provenance.actors import ANONYMOUS
from tests.factories import make_actor, make_dataset, make_member, node_actor

pytestmark = pytest.mark.django_db
DETAILS = {
    *("affirmed", "benefit_sharing", "collection", "community_consent", "consent", "consent_basis"),
    *("consent_document", "contact", "creators", "description", "excluded_sources", "export_control"),
    *("located_at", "origin", "privacy_technology", "processing", "quality", "residency", "retention_days"),
    *("screening", "synthetic", "terms_of_service"),
}


def newest(tier, **changes):
    return make_dataset(tier, **changes).versions.select_related("dataset__member").latest("number")


def test_each_field_of_a_record_is_a_summary_or_a_detail():
    assert not SUMMARY & DETAILS
    assert DatasetRecord.model_fields.keys() == SUMMARY | DETAILS


@pytest.mark.parametrize("tier", [Tier.TRAIN_ONLY, Tier.LOCAL_ONLY])
def test_outsiders_read_the_summary_and_the_consortium_everything(tier):
    version = newest(tier)
    assert readable_record(ANONYMOUS, version).keys() == version.record.keys() - DETAILS
    assert readable_record(make_actor("other"), version) == version.record


def test_of_sealed_data_others_read_nothing_at_all():
    version = newest(Tier.PRIVATE, member=make_member("owner"))
    assert readable_record(make_actor("other"), version) == {}
    assert readable_record(make_actor("owner"), version) == version.record


def test_of_a_withdrawn_entry_a_tombstone_stays():
    version = newest(Tier.OPEN, member=make_member("owner"))
    version.dataset.state = "withdrawn"
    for reader in (ANONYMOUS, make_actor("other"), node_actor("owner")):
        assert readable_record(reader, version).keys() == TOMBSTONE
        assert not any(may(reader, version) for may in (may_read_manifest, may_read_facts, may_preview))
    assert readable_record(make_actor("owner", Role.RESEARCHER), version) == version.record


def test_inv_6_sources_that_one_may_not_discover_are_not_named():
    owner = make_member("owner")
    open_one, sealed = newest(Tier.OPEN, member=owner), newest(Tier.PRIVATE, member=owner)
    version = newest(Tier.OPEN, member=owner)
    pins = [{"dataset": each.dataset.slug, "version": 1} for each in (open_one, sealed)]
    version.record = {**version.record, "sources": pins}
    assert readable_record(ANONYMOUS, version)["sources"] == pins[:1]
    assert readable_record(make_actor(owner), version)["sources"] == pins
    assert discoverable_sources(ANONYMOUS, [version]) == {(open_one.dataset.slug, 1)}


def test_many_records_cost_one_query_and_those_without_sources_none(django_assert_num_queries):
    plain = newest(Tier.TRAIN_ONLY)
    with django_assert_num_queries(0):
        readable_record(ANONYMOUS, plain)
        assert discoverable_sources(ANONYMOUS, [plain] * 50) == frozenset()
