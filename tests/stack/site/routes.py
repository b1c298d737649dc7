"""Every page of the site, from the URL table, each with an example. A page without one fails the tests."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.urls import URLPattern, URLResolver, get_resolver

from tests.stack.site.places import (
    COMMUNITY,
    MAINTAINER,
    MOVER,
    OWN_MAINTAINER,
    PRIVATE_OWNER,
    PROPOSER,
    RESEARCHER,
    SECOND_MAINTAINER,
    STEWARD,
)

ANYBODY = ("",)
EVERYBODY = ("", STEWARD, MAINTAINER)
MEMBERS = (STEWARD, MAINTAINER)
MOTIONS = ("", "?key=review.quorum", "?key=weighting.influence_cap", "?kind=role", "?kind=member")


@dataclass(frozen=True, slots=True)
class Example:
    """A path with places in braces, the readers for whom the page differs, and the status that they get.

    The last of them sees what the others see, and more; for whom it is another page, it is another example.
    """

    path: str
    readers: tuple[str, ...] = ANYBODY
    status: int = 200


def each(path: str, *readers: str) -> tuple[Example, ...]:
    """An example for each reader: the page has something else for every one of them."""
    return tuple(Example(path, (reader,)) for reader in readers)


EXAMPLES: dict[str, tuple[Example, ...]] = {
    "home": (Example("/", EVERYBODY),),
    "language": (Example("/language/", EVERYBODY),),
    "datasets": (
        Example("/datasets/", EVERYBODY),
        Example("/datasets/?q=quechua&tier=local-only"),
        Example("/datasets/?q=nothing-is-called-so"),
    ),
    "dataset": (
        Example("/datasets/{dataset}/", EVERYBODY),
        Example("/datasets/{own_dataset}/", ("", MAINTAINER)),
        Example("/datasets/{own_dataset}/", (STEWARD,)),
        Example("/datasets/udhr-bamanankan/"),
        Example("/datasets/{private}/", ANYBODY, 404),
        Example("/datasets/{private}/", (PRIVATE_OWNER,)),
    ),
    "dataset-version": (
        Example("/datasets/{dataset}/versions/1/"),
        Example("/datasets/{private}/versions/1/", (PRIVATE_OWNER,)),
    ),
    "dataset-card": (
        Example("/datasets/{dataset}/card/", EVERYBODY),
        Example("/datasets/{private}/card/", (PRIVATE_OWNER,)),
        Example("/datasets/{private}/card/", ANYBODY, 404),
    ),
    "dataset-compare": (
        Example("/datasets/{dataset}/compare/", EVERYBODY),
        Example("/datasets/{dataset}/compare/?from=1&to=99", ANYBODY, 404),
    ),
    "dataset-notice": (
        Example("/datasets/{own_dataset}/notices/new/", (STEWARD,)),
        Example("/datasets/{own_dataset}/notices/new/", (MAINTAINER,), 403),
    ),
    "dataset-facts": (
        Example("/datasets/{dataset}/facts/", EVERYBODY),
        Example("/datasets/udhr-bamanankan/facts/?version=1"),
        Example("/datasets/{private}/facts/", ANYBODY, 404),
    ),
    "dataset-withdraw": (
        Example("/datasets/{own_dataset}/withdraw/", (STEWARD,)),
        Example("/datasets/{own_dataset}/withdraw/", (MAINTAINER,), 403),
    ),
    "dataset-withdrawal": (
        *each("/datasets/{own_dataset}/withdrawal/", *MEMBERS),
        Example("/datasets/{own_dataset}/withdrawal/", ANYBODY, 403),
        Example("/datasets/{private}/withdrawal/", ANYBODY, 404),
    ),
    "proposals": (
        *each("/proposals/", *MEMBERS),
        Example("/proposals/?state=in_review&q=danube", (MAINTAINER,)),
        Example("/proposals/?q=nothing-is-called-so", (STEWARD,)),
    ),
    "proposal-new": (
        Example("/proposals/new/", (STEWARD,)),
        Example("/proposals/new/?dataset={own_dataset}", (STEWARD,)),
        Example("/proposals/new/", (MAINTAINER,), 403),
    ),
    "proposal-from": (
        Example("/proposals/from/", (STEWARD,)),
        Example("/proposals/from/?proposal={draft}", (STEWARD,)),
        Example("/proposals/from/", (MAINTAINER,), 403),
    ),
    "proposal": (
        Example("/proposals/{accepted}/", MEMBERS),
        Example("/proposals/{draft}/", (STEWARD,)),
        *each("/proposals/{reviewed}/", STEWARD, MAINTAINER, COMMUNITY, PROPOSER),
    ),
    "proposal-thread-new": (
        Example("/proposals/{reviewed}/threads/new/?field=rights.model_training", (MAINTAINER, PROPOSER)),
        Example("/proposals/{reviewed}/threads/new/", (STEWARD,), 403),
    ),
    "proposal-thread": (
        *each("/proposals/{reviewed}/threads/{talk}/", STEWARD, MAINTAINER, PROPOSER),
        Example("/proposals/{accepted}/threads/{talk}/", (STEWARD,), 404),
    ),
    "proposal-assign": (
        Example("/proposals/{reviewed}/assign/", (MAINTAINER,)),
        Example("/proposals/{reviewed}/assign/", (STEWARD,), 403),
    ),
    "proposal-decline": (
        Example("/proposals/{reviewed}/assignments/{assignment}/decline/", (MAINTAINER,)),
        Example("/proposals/{reviewed}/assignments/{assignment}/decline/", (STEWARD,), 404),
    ),
    "proposal-recuse": (
        Example("/proposals/{reviewed}/recuse/", (MAINTAINER,)),
        Example("/proposals/{reviewed}/recuse/", (STEWARD,), 403),
    ),
    "proposal-appeal": (Example("/proposals/{reviewed}/appeal/", MEMBERS),),
    "proposal-appeal-withdraw": (Example("/proposals/{reviewed}/appeal/withdraw/", (PROPOSER,), 404),),
    "proposal-history": (
        Example("/proposals/{reviewed}/history/", (MAINTAINER, PROPOSER)),
        Example("/proposals/{draft}/history/", (STEWARD,)),
        Example("/proposals/{draft}/history/", (MAINTAINER,), 404),
    ),
    "proposal-withdraw": (Example("/proposals/{draft}/withdraw/", (STEWARD,)),),
    "proposal-edit": (Example("/proposals/{draft}/edit/", (STEWARD,)),),
    "proposal-files": (Example("/proposals/{draft}/edit/files/", (STEWARD,)),),
    "proposal-seal": (Example("/proposals/{sealed_draft}/edit/seal/", (STEWARD,)),),
    "proposal-check": (Example("/proposals/{draft}/edit/check/", (STEWARD,)),),
    "proposal-tier-questions": (
        Example("/proposals/{draft}/edit/tier/questions/", (STEWARD,)),
        Example(
            "/proposals/{draft}/edit/tier/questions/?known=yes&copied=no&downloaded=no&learnt=yes", (STEWARD,)
        ),
        Example("/proposals/{draft}/edit/tier/questions/", (MAINTAINER,), 404),
    ),
    "proposal-step": tuple(
        Example(f"/proposals/{{draft}}/edit/{step}/", (STEWARD,))
        for step in (
            "tier",
            "about",
            "people",
            "coverage",
            "rights",
            "residency",
            "provenance",
            "privacy",
            "quality",
            "extent",
        )
    ),
    "batches": (
        Example("/proposals/batches/", (STEWARD,)),
        Example("/proposals/batches/", (MAINTAINER,), 403),
    ),
    "batch-new": (Example("/proposals/batches/new/", (STEWARD,)),),
    "batch": (
        Example("/proposals/batches/{batch}/", (STEWARD,)),
        Example("/proposals/batches/{batch}/?state=drafted", (STEWARD,)),
        Example("/proposals/batches/{batch}/", (MAINTAINER,), 404),
    ),
    "batch-columns": (Example("/proposals/batches/{batch}/columns/", (STEWARD,)),),
    "batch-row": (
        Example("/proposals/batches/{batch}/rows/1/", (STEWARD,)),
        Example("/proposals/batches/{batch}/rows/2/", (STEWARD,)),
    ),
    "batch-submit": (Example("/proposals/batches/{batch}/submit/", (STEWARD,)),),
    "batch-forget": (Example("/proposals/batches/{batch}/forget/", (STEWARD,)),),
    "access-ask": (
        Example("/datasets/{own_dataset}/access/", (RESEARCHER,)),
        Example("/datasets/{own_dataset}/access/", (STEWARD,), 403),
    ),
    "access": (
        *each("/access/", STEWARD, RESEARCHER),
        Example("/access/?list=decided", (MAINTAINER,)),
    ),
    "access-request": (
        *each("/access/{access_request}/", STEWARD, RESEARCHER),
        Example("/access/{access_request}/", (MAINTAINER,), 404),
    ),
    "access-revoke": (
        Example("/access/{granted_request}/revoke/", (STEWARD,)),
        Example("/access/{access_request}/revoke/", (STEWARD,), 409),
    ),
    "access-withdraw": (
        Example("/access/{access_request}/withdraw/", (RESEARCHER,)),
        Example("/access/{granted_request}/withdraw/", (MAINTAINER,)),
    ),
    "notifications": (Example("/notifications/", MEMBERS),),
    "notifications-settings": (Example("/notifications/settings/", (STEWARD,)),),
    "notifications-key": (Example("/notifications/settings/key/", (STEWARD,)),),
    "notifications-unsubscribe": (Example("/notifications/unsubscribe/no-such-token/", ANYBODY, 404),),
    "governance": (Example("/governance/", ("", MAINTAINER)),),
    "motion": each("/governance/motions/{motion}/", "", MAINTAINER, MOVER),
    "motion-new": (
        *(Example(f"/governance/motions/new/{asked}", (MAINTAINER,)) for asked in MOTIONS),
        Example("/governance/motions/new/?key=review.quorum", (STEWARD,), 403),
        Example("/governance/motions/new/?key=nothing", (MAINTAINER,), 404),
    ),
    "motion-withdraw": (Example("/governance/motions/{motion}/withdraw/", (MOVER,)),),
    "members": (Example("/members/", EVERYBODY),),
    "member": (Example("/members/{member}/", EVERYBODY),),
    "vocabularies": (Example("/vocabularies/"),),
    "vocabulary": (
        Example("/vocabularies/theme/", ("", MAINTAINER)),
        Example("/vocabularies/stage/", (MAINTAINER,)),
        Example("/vocabularies/nothing/", ANYBODY, 404),
    ),
    "vocabulary-term": (
        Example("/vocabularies/theme/terms/EDUC/", (MAINTAINER,)),
        Example("/vocabularies/theme/terms/EDUC/", (STEWARD,), 403),
    ),
    "log": (Example("/log/", EVERYBODY), Example("/log/?subject=round:{round}")),
    "rounds": (Example("/rounds/", ("", MAINTAINER)),),
    "open-round": (Example("/rounds/new/", (MAINTAINER,)), Example("/rounds/new/", (STEWARD,), 403)),
    "round": (Example("/rounds/{round}/", ("", MAINTAINER)), Example("/rounds/99999/", ANYBODY, 404)),
    "abandon-round": (Example("/rounds/{round}/abandon/", (MAINTAINER,)),),
    "vote-on-stragglers": (Example("/rounds/{round}/vote/", (MAINTAINER,)),),
    **{
        f"{verb}-job": (Example(f"/rounds/{{round}}/jobs/{{job}}/{verb}/", (OWN_MAINTAINER,), 403),)
        for verb in ("pause", "resume", "cancel")
    },
    "job": (Example("/rounds/{round}/jobs/{job}/", ("", MAINTAINER)),),
    "contribution": (Example("/contributions/{contribution}/", EVERYBODY),),
    "contribution-appeal": (Example("/contributions/{contribution}/appeal/"),),
    "rollbacks": (Example("/rollbacks/", ("", MAINTAINER)),),
    "propose-rollback": (
        Example("/rollbacks/propose/", (STEWARD,)),
        Example("/rollbacks/propose/?contribution={contribution}", (SECOND_MAINTAINER,)),
        Example("/rollbacks/propose/?contribution={contribution}", (RESEARCHER,), 403),
    ),
    "rollback": (Example("/rollbacks/{rollback}/", ("", MAINTAINER)),),
    "models": (Example("/models/", EVERYBODY),),
    "derivatives": (Example("/derivatives/", EVERYBODY),),
    "derivative": (
        *each("/derivatives/{derivative}/", "", MAINTAINER, STEWARD),
        Example("/derivatives/nothing/", ANYBODY, 404),
    ),
    "register-derivative": (
        Example("/derivatives/register/?base={checkpoint}", (STEWARD,)),
        Example("/derivatives/register/", (RESEARCHER,), 403),
    ),
    "retire-derivative": (
        Example("/derivatives/{derivative}/retire/", (STEWARD,)),
        Example("/derivatives/{derivative}/retire/", (MAINTAINER,), 403),
    ),
    "member-retention": (
        Example("/members/{member}/retention/", (OWN_MAINTAINER,)),
        Example("/members/{member}/retention/", (STEWARD,), 403),
    ),
    "series": (Example("/series/{series}/", ("", MAINTAINER)),),
    "found-series": (
        Example("/series/new/", (MAINTAINER,)),
        Example("/series/new/", (STEWARD,), 403),
    ),
    "join-series": (
        Example("/series/{series}/join/", (MAINTAINER,)),
        Example("/series/{series}/join/", (STEWARD,), 403),
    ),
    "model": (Example("/models/{model}/", EVERYBODY),),
    "found-family": (
        Example("/models/{model}/family/", (MAINTAINER,)),
        Example("/models/{model}/family/", (STEWARD,), 403),
    ),
    "checkpoints": (Example("/checkpoints/"),),
    "checkpoint": (
        Example("/checkpoints/{checkpoint}/", ("", STEWARD)),
        Example("/checkpoints/{first_base}/"),
    ),
    "nodes": (Example("/nodes/", ("", MAINTAINER)),),
    "node": (Example("/nodes/{node}/", ("", MAINTAINER)), Example("/nodes/nothing/", ANYBODY, 404)),
    "suspend-node": (
        Example("/nodes/{node}/suspend/", (MAINTAINER,)),
        Example("/nodes/{node}/suspend/", (STEWARD,), 403),
    ),
    "reinstate-node": (Example("/nodes/{node}/reinstate/", (MAINTAINER,), 403),),
    "revoke-node": (
        Example("/nodes/{node}/revoke/", (OWN_MAINTAINER,)),
        Example("/nodes/{node}/revoke/", (MAINTAINER,), 403),
    ),
    "api-docs": (Example("/api/v1/docs/"),),
    "account_login": (Example("/accounts/login/"),),
    "account_logout": (Example("/accounts/logout/", (STEWARD,)),),
    "account_inactive": (Example("/accounts/inactive/"),),
    "account_signup": (Example("/accounts/signup/"),),
    "account_reauthenticate": (Example("/accounts/reauthenticate/", (STEWARD,)),),
    "account_email": (Example("/accounts/email/", (STEWARD,)),),
    "account_email_verification_sent": (Example("/accounts/confirm-email/"),),
    "account_tokens": (Example("/accounts/tokens/", (STEWARD,)),),
    "account_token_new": (Example("/accounts/tokens/new/", (STEWARD,)),),
    "account_token_revoke": (
        Example("/accounts/tokens/00000000-0000-4000-8000-000000000000/revoke/", (STEWARD,), 404),
    ),
    "account_change_password": (Example("/accounts/password/change/", (STEWARD,)),),
    "account_set_password": (Example("/accounts/password/set/", (STEWARD,)),),
    "account_reset_password": (Example("/accounts/password/reset/"),),
    "account_confirm_login_code": (Example("/accounts/login/code/confirm/"),),
    "account_confirm_email": (Example("/accounts/confirm-email/no-such-key/"),),
    "account_reset_password_from_key_done": (Example("/accounts/password/reset/key/done/"),),
    "account_reset_password_from_key": (Example("/accounts/password/reset/key/1-no-such-key/"),),
    "account_reset_password_done": (Example("/accounts/password/reset/done/"),),
}
NO_PAGES = {
    "healthz": "one word for a watchdog",
    "readyz": "JSON",
    "catalog-jsonld": "linked data",
    "dataset-jsonld": "linked data",
    "vocabulary-jsonld": "linked data",
    "dataset-card-md": "Markdown to keep",
    "dataset-citation": "BibTeX, RIS, CSL-JSON and CFF",
    "checkpoint-jsonld": "linked data",
    "dataset-feed": "Atom",
    "feed-reviews": "Atom",
    "feed-notifications": "Atom",
    "notification": "leads to what it is about",
    "notifications-read": "takes POST alone",
    "sitemap": "XML",
    "did-document": "JSON",
    "favicon": "leads to the icon",
    "set_language": "takes POST alone",
    "proposal-review": "takes POST alone",
    "proposal-take-up": "takes POST alone",
    "proposal-appeal-voice": "takes POST alone",
    "proposal-history-json": "JSON to keep",
    "proposal-history-md": "Markdown to keep",
    "access-decide": "takes POST alone",
    "access-renew": "takes POST alone",
    "finish-withdrawal-task": "takes POST alone",
    "revoke-grant": "takes POST alone",
    "speak-on-rollback": "takes POST alone",
    "finish-descendant": "takes POST alone",
    "take-back-rollback": "takes POST alone",
    "try-again-rollback": "takes POST alone",
    "log-export": "JSON lines",
    "batch-example": "CSV",
    "batch-report-csv": "CSV",
    "batch-report-json": "JSON",
    "batch-progress": "a fragment of the table's page, which is looked at whole",
    "proposal-uploads": "tus, for the script of the files step",
    "proposal-upload": "tus, for the script of the files step",
    "decide-contribution": "takes POST alone",
    "ask-contributor": "takes POST alone",
    "answer-request": "takes POST alone",
    "contribution-appeal-voice": "takes POST alone",
    "contribution-appeal-withdraw": "takes POST alone",
    "approve-node": "takes POST alone",
    "ask-re-execution": "takes POST alone",
    "proposal-inspection": "a fragment of the proposal's pages, which are looked at whole",
    "round-live": "a fragment of the round's page, which is looked at whole",
    "nodes-of-member": "a fragment of the member's page, which is looked at whole",
    "derivatives-of-member": "a fragment of the member's page, which is looked at whole",
    "derivative-readme": "Markdown",
    "derivative-jsonld": "linked data",
    "current-round": "a fragment of the home page, which is looked at whole",
}


def page_routes() -> list[str]:
    """Return the name of each route that answers a browser with a page; the API has a prefix."""
    names = set(_names(get_resolver()))
    api = {name for name in names if name.startswith("api-")} - {"api-docs"}
    return sorted(names - api - set(NO_PAGES))


def _names(resolver: URLResolver) -> Iterator[str]:
    for entry in resolver.url_patterns:
        if isinstance(entry, URLPattern):
            yield entry.name or f"(no name) {entry.pattern}"
        else:
            yield from _names(entry)
