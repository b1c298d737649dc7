"""What may be asked of the policy, and the codes of its refusals."""

from enum import StrEnum


class Operation(StrEnum):
    """What somebody wants to do with a dataset version.

    discover: know that it exists. read-details: read what stands beyond the summary (contact, consent,
    origin, residency). read-manifest: see paths, sizes and hashes of its files. read-facts: see what was
    computed from the data. preview: see a few of its rows. download: receive raw bytes as a person.
    request-access: ask its owner for a grant. serve-to-node: hand raw bytes to a node for a job. dispatch:
    let a node work on it. derive: make something from it, of tier ``output``.
    """

    DISCOVER = "discover"
    READ_DETAILS = "read-details"
    READ_MANIFEST = "read-manifest"
    READ_FACTS = "read-facts"
    PREVIEW = "preview"
    DOWNLOAD = "download"
    REQUEST_ACCESS = "request-access"
    SERVE_TO_NODE = "serve-to-node"
    DISPATCH = "dispatch"
    DERIVE = "derive"


class Reason(StrEnum):
    """Why not. Stable codes; words for them are the pages' business."""

    NOT_DISCOVERABLE = "not-discoverable"
    VERSION_WITHDRAWN = "version-withdrawn"
    EMBARGOED = "embargoed"
    DETAILS_FOR_CONSORTIUM = "details-for-consortium"
    TIER_FORBIDS_DOWNLOAD = "tier-forbids-download"
    NOT_A_MEMBER = "not-a-member"
    NOT_A_NODE = "not-a-node"
    NOT_OWNER_NODE = "not-owner-node"
    OWNER_ONLY = "owner-only"
    NO_GRANT_NEEDED = "no-grant-needed"
    GRANT_REQUIRED = "grant-required"
    GRANT_EXPIRED = "grant-expired"
    PRIVATE_IN_SHARED_WORK = "private-in-shared-work"
    PURPOSE_NOT_PERMITTED = "purpose-not-permitted"
    STAGE_NOT_PERMITTED = "stage-not-permitted"
    TERMS_UNKNOWN = "terms-unknown"
    NOT_ACCEPTED_FOR_PURPOSE = "not-accepted-for-purpose"
    OUTSIDE_RESIDENCY = "outside-residency"
    UPDATES_MAY_NOT_LEAVE = "updates-may-not-leave"
    WEAKER_OUTPUT = "weaker-output"
