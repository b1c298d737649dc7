"""The four tiers: the table says what FIELD.md §2 says, and restrictions never relax."""

import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.tiers import (
    RULES,
    Download,
    Leaves,
    Metadata,
    Purpose,
    SovereignUse,
    Stage,
    Tier,
    at_least_as_strict,
    may_enter,
    may_store_bytes,
    strictest,
)

tiers = st.sampled_from(Tier)
some_tiers = st.lists(tiers, min_size=1, max_size=6)
LEAVES = [Leaves.ANYTHING, Leaves.WEIGHT_UPDATE, Leaves.NOTHING]
SHOWN = [Metadata.PUBLIC, Metadata.SUMMARY, Metadata.MANIFEST, Metadata.SEALED]
DOWNLOAD = [Download.EVERYONE, Download.GRANT, Download.NOBODY]
SOVEREIGN = [SovereignUse.EVERY_MEMBER, SovereignUse.GRANT, SovereignUse.OWNER]


def test_every_tier_has_rules_and_no_rule_can_be_changed():
    assert set(RULES) == set(Tier)
    with pytest.raises(TypeError):
        RULES[Tier.OPEN] = RULES[Tier.PRIVATE]
    with pytest.raises(AttributeError):
        RULES[Tier.PRIVATE].shared_training = True


def test_upstream_names_are_the_serialised_ones():
    names = [RULES[tier].upstream_name for tier in Tier]
    assert names == ["open", "restricted", "local-only", "participant-private"]


@pytest.mark.parametrize("tier", [Tier.LOCAL_ONLY, Tier.PRIVATE])
def test_inv_1_the_coordinator_stores_no_byte_of_local_only_or_private_data(tier):
    assert not may_store_bytes(tier)
    assert RULES[tier].download is Download.NOBODY
    assert RULES[tier].owner_nodes_only


def test_inv_2_private_data_enter_nothing_but_sovereign_builds():
    allowed = [purpose for purpose in Purpose if may_enter(Tier.PRIVATE, purpose)]
    assert allowed == [Purpose.SOVEREIGN_BUILD]
    assert RULES[Tier.PRIVATE].leaves_node is Leaves.NOTHING


def test_the_other_tiers_enter_the_shared_loop():
    shared = [tier for tier in Tier if may_enter(tier, Purpose.CONTRIBUTED_CPT)]
    assert shared == [Tier.OPEN, Tier.TRAIN_ONLY, Tier.LOCAL_ONLY]


def test_access_rights_and_confidentiality_are_the_published_codes():
    codes = [(RULES[t].eu_access_right, RULES[t].spdx_confidentiality) for t in Tier]
    assert codes == [
        ("PUBLIC", "clear"),
        ("RESTRICTED", "green"),
        ("RESTRICTED", "amber"),
        ("NON_PUBLIC", "red"),
    ]


def test_each_tier_explains_itself_in_sentences():
    for tier in Tier:
        words = RULES[tier].words
        sentences = (words.who_can_see, words.who_can_train, words.what_leaves)
        assert words.title
        assert all(sentence.endswith(".") for sentence in sentences)


def test_stages_are_those_of_the_proposal_form():
    assert [*Stage] == ["pretraining", "cpt", "sft", "preference", "evaluation", "certification-evidence"]


@given(tiers, tiers, tiers)
def test_strictest_is_a_join_of_a_lattice(a, b, c):
    assert strictest([a, a]) == a
    assert strictest([a, b]) == strictest([b, a])
    assert strictest([strictest([a, b]), c]) == strictest([a, strictest([b, c])])
    assert strictest([a, Tier.OPEN]) == a
    assert strictest([a, Tier.PRIVATE]) is Tier.PRIVATE


@given(some_tiers, tiers)
def test_inv_2_an_output_is_allowed_exactly_from_the_strictest_input_up(inputs, output):
    bound = strictest(inputs)
    assert at_least_as_strict(bound, inputs)
    assert at_least_as_strict(output, inputs) == (RULES[output].rank >= RULES[bound].rank)


@given(some_tiers)
def test_no_rule_of_a_derived_artifact_is_looser_than_that_of_any_input(inputs):
    derived = RULES[strictest(inputs)]
    for rules in (RULES[tier] for tier in inputs):
        assert derived.coordinator_may_store_bytes <= rules.coordinator_may_store_bytes
        assert derived.shared_training <= rules.shared_training
        assert derived.owner_nodes_only >= rules.owner_nodes_only
        assert LEAVES.index(derived.leaves_node) >= LEAVES.index(rules.leaves_node)
        assert SHOWN.index(derived.metadata) >= SHOWN.index(rules.metadata)
        assert DOWNLOAD.index(derived.download) >= DOWNLOAD.index(rules.download)
        assert SOVEREIGN.index(derived.sovereign_training) >= SOVEREIGN.index(rules.sovereign_training)


def test_what_derives_from_nothing_has_no_tier_to_inherit():
    with pytest.raises(ValueError, match="empty"):
        strictest([])


def test_tiers_load_without_django():
    code = "import sys, catalog.tiers; sys.exit(any(m.split('.')[0] == 'django' for m in sys.modules))"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
