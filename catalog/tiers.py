"""The four data tiers as data: what each allows, in one table that every floor reads.

Nothing else in the program may spell out a rule of a tier: pages, API, storage, policy and nodes look it up
here, and they show the words that stand here. Pure: no Django, no database.

Source: FIELD.md §2 (upstream requirements DG:1, DG:5, DG:6, DM:8, DM:9); INV-1 and INV-2.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType


def _(words: str) -> str:
    """Mark words that pages translate; here they stay as they are, since this table knows no Django."""
    return words


class Tier(StrEnum):
    """How freely a dataset may be seen, copied and trained on, from the least to the most restricted."""

    OPEN = "open"
    TRAIN_ONLY = "train-only"
    LOCAL_ONLY = "local-only"
    PRIVATE = "private"


class Purpose(StrEnum):
    """What a request wants data for."""

    CONTRIBUTED_CPT = "contributed-cpt"
    EVALUATION = "evaluation"
    SOVEREIGN_BUILD = "sovereign-build"


class Stage(StrEnum):
    """The stages of training that a data owner permits one by one (FIELD.md §4, tier and rights)."""

    PRETRAINING = "pretraining"
    CPT = "cpt"
    SFT = "sft"
    PREFERENCE = "preference"
    EVALUATION = "evaluation"
    CERTIFICATION_EVIDENCE = "certification-evidence"


TRAINING_STAGES: frozenset[Stage] = frozenset({Stage.PRETRAINING, Stage.CPT, Stage.SFT, Stage.PREFERENCE})


class Download(StrEnum):
    """Who may download raw bytes: anyone, a node with a short-lived grant for an approved job, or nobody."""

    EVERYONE = "everyone"
    GRANT = "grant"
    NOBODY = "nobody"


class Leaves(StrEnum):
    """The most that may leave a node which holds data of the tier."""

    ANYTHING = "anything"
    WEIGHT_UPDATE = "weight-update"
    NOTHING = "nothing"


class Metadata(StrEnum):
    """How much of a dataset's description is shown outside its member.

    public: all of it. summary: a public summary, details inside the consortium. manifest: manifest, hashes,
    quality and attestations. sealed: at most a commitment, and only where the owner says so; for outsiders
    even the existence is undiscoverable (INV-6).
    """

    PUBLIC = "public"
    SUMMARY = "summary"
    MANIFEST = "manifest"
    SEALED = "sealed"


class SovereignUse(StrEnum):
    """Whose sovereign builds may use the data: any member's, one with a grant, or only the owner's."""

    EVERY_MEMBER = "every-member"
    GRANT = "grant"
    OWNER = "owner"


@dataclass(frozen=True, slots=True, kw_only=True)
class TierWords:
    """The tier in plain words, the same on every page and in the API."""

    title: str
    who_can_see: str
    who_can_train: str
    what_leaves: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TierRules:
    """One column of the table in FIELD.md §2.

    `rank` orders tiers by strictness (0 is free). `eu_access_right` is the code in the EU access-right
    authority table, `spdx_confidentiality` the SPDX 3 dataset confidentiality level.
    """

    rank: int
    upstream_name: str
    coordinator_may_store_bytes: bool
    encrypt_at_rest: bool
    download: Download
    shared_training: bool
    owner_nodes_only: bool
    sovereign_training: SovereignUse
    leaves_node: Leaves
    metadata: Metadata
    eu_access_right: str
    spdx_confidentiality: str
    words: TierWords


RULES: Mapping[Tier, TierRules] = MappingProxyType(
    {
        Tier.OPEN: TierRules(
            rank=0,
            upstream_name="open",
            coordinator_may_store_bytes=True,
            encrypt_at_rest=False,
            download=Download.EVERYONE,
            shared_training=True,
            owner_nodes_only=False,
            sovereign_training=SovereignUse.EVERY_MEMBER,
            leaves_node=Leaves.ANYTHING,
            metadata=Metadata.PUBLIC,
            eu_access_right="PUBLIC",
            spdx_confidentiality="clear",
            words=TierWords(
                title=_("Open"),
                who_can_see=_("Everyone can read the description and download the data."),
                who_can_train=_("Every node, in the stages that the owner permits."),
                what_leaves=_("The data are public, so nothing has to be held back."),
            ),
        ),
        Tier.TRAIN_ONLY: TierRules(
            rank=1,
            upstream_name="restricted",
            coordinator_may_store_bytes=True,
            encrypt_at_rest=True,
            download=Download.GRANT,
            shared_training=True,
            owner_nodes_only=False,
            sovereign_training=SovereignUse.GRANT,
            leaves_node=Leaves.WEIGHT_UPDATE,
            metadata=Metadata.SUMMARY,
            eu_access_right="RESTRICTED",
            spdx_confidentiality="green",
            words=TierWords(
                title=_("Train only"),
                who_can_see=_("Everyone sees a summary, the consortium the details; no person can download."),
                who_can_train=_("A node with a signed manifest of an approved job, in the permitted stages."),
                what_leaves=_("Only the weight update leaves a node."),
            ),
        ),
        Tier.LOCAL_ONLY: TierRules(
            rank=2,
            upstream_name="local-only",
            coordinator_may_store_bytes=False,
            encrypt_at_rest=False,
            download=Download.NOBODY,
            shared_training=True,
            owner_nodes_only=True,
            sovereign_training=SovereignUse.GRANT,
            leaves_node=Leaves.WEIGHT_UPDATE,
            metadata=Metadata.MANIFEST,
            eu_access_right="RESTRICTED",
            spdx_confidentiality="amber",
            words=TierWords(
                title=_("Local only"),
                who_can_see=_(
                    "The manifest, hashes, quality and attestations are shown; the data never are."
                ),
                who_can_train=_(
                    "Only the owner’s own nodes, inside the residency boundary; for another member’s model "
                    "with a grant."
                ),
                what_leaves=_("Only the weight update leaves the node; the data stay where they are."),
            ),
        ),
        Tier.PRIVATE: TierRules(
            rank=3,
            upstream_name="participant-private",
            coordinator_may_store_bytes=False,
            encrypt_at_rest=False,
            download=Download.NOBODY,
            shared_training=False,
            owner_nodes_only=True,
            sovereign_training=SovereignUse.OWNER,
            leaves_node=Leaves.NOTHING,
            metadata=Metadata.SEALED,
            eu_access_right="NON_PUBLIC",
            spdx_confidentiality="red",
            words=TierWords(
                title=_("Private"),
                who_can_see=_("Only the owner; at most a commitment is published, if the owner says so."),
                who_can_train=_("Only the owner, in its own sovereign builds, never in the shared loop."),
                what_leaves=_("Nothing leaves the node."),
            ),
        ),
    }
)


def strictest(tiers: Iterable[Tier]) -> Tier:
    """The most restricted of `tiers`: the least that anything derived from all of them must have (DG:5).

    Raises ValueError for no tiers: what is derived from nothing inherits nothing, its owner has to choose.
    """
    return max(tiers, key=lambda tier: RULES[tier].rank)


def at_least_as_strict(output: Tier, inputs: Iterable[Tier]) -> bool:
    """Whether an output of tier `output` relaxes no restriction of any of its `inputs` (INV-2, DM:8)."""
    return all(RULES[output].rank >= RULES[tier].rank for tier in inputs)


def may_store_bytes(tier: Tier) -> bool:
    """Whether the coordinator may hold raw bytes of the tier (INV-1)."""
    return RULES[tier].coordinator_may_store_bytes


def may_enter(tier: Tier, purpose: Purpose) -> bool:
    """Whether data of the tier may be used for `purpose` at all (INV-2).

    True is necessary, not sufficient: ownership of the node, permitted stages and residency are for policy.
    """
    return purpose is Purpose.SOVEREIGN_BUILD or RULES[tier].shared_training
