"""The steps of the proposal form, in order, and how far each has come."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from catalog.pages.proposals.forms.about import AboutForm
from catalog.pages.proposals.forms.base import StepForm
from catalog.pages.proposals.forms.coverage import CoverageForm
from catalog.pages.proposals.forms.extent import ExtentForm
from catalog.pages.proposals.forms.people import PeopleForm
from catalog.pages.proposals.forms.privacy import PrivacyForm
from catalog.pages.proposals.forms.provenance import ProvenanceForm
from catalog.pages.proposals.forms.quality import QualityForm
from catalog.pages.proposals.forms.residency import ResidencyForm
from catalog.pages.proposals.forms.rights import RightsForm
from catalog.pages.proposals.forms.tier import TierForm
from catalog.pages.records import STEP_OF, rows_of
from catalog.proposals.checks import tier_of
from catalog.proposals.findings import Finding, Level
from catalog.proposals.models import Proposal
from catalog.tiers import Tier


@dataclass(frozen=True, slots=True)
class Step:
    """One page of the form: its place in the address, its title, the question it answers, and its form."""

    slug: str
    title: str | Promise
    question: str | Promise
    form: type[StepForm] | None = None


TIER: Final = Step("tier", _("Tier"), _("How far may the data go?"), TierForm)
SEAL: Final = Step("seal", _("Seal"), _("What has your node sealed?"))
CHECK: Final = Step("check", _("Check your answers"), _("Is everything right before others read it?"))
STEPS: Final = (
    TIER,
    Step("about", _("About the data"), _("What would a stranger need to know?"), AboutForm),
    Step("people", _("People"), _("Who answers for the data, and who made them?"), PeopleForm),
    Step("coverage", _("Coverage"), _("Whose language and life do the data show?"), CoverageForm),
    Step("rights", _("Rights"), _("Who may use the data, for what, and on what grounds?"), RightsForm),
    Step("residency", _("Residency"), _("Where must the data stay, and what may leave?"), ResidencyForm),
    Step("provenance", _("Provenance"), _("Where do the data come from?"), ProvenanceForm),
    Step("privacy", _("Consent and privacy"), _("Whom do the data concern, and who agreed?"), PrivacyForm),
    Step("quality", _("Quality"), _("How good are the data, and for what are they not good?"), QualityForm),
    Step("extent", _("Size and place"), _("How much is there, and where is it kept?"), ExtentForm),
    Step("files", _("Files"), _("Which files is it made of, down to the last bit?")),
    CHECK,
)
SEALED_STEPS: Final = (TIER, SEAL, CHECK)
BY_SLUG: Final = {step.slug: step for step in (*STEPS, SEAL)}
STEP_OF_FIELD: Final = {**STEP_OF, "files": "files", "affirmed": "check"}
# Steps whose questions nobody has to answer before a submission (FIELD.md §4, marked P).
OPTIONAL: Final = frozenset({"provenance", "quality", "extent"})
COUNTED: Final = frozenset({"to_do", "in_progress", "done", "optional"})


@dataclass(frozen=True, slots=True)
class Task:
    """A step in a task list (templates/components/task_list.html)."""

    title: str | Promise
    state: str
    url: str
    hint: str | Promise


def steps_for(proposal: Proposal) -> tuple[Step, ...]:
    """Return the steps of a draft in their order. Private data are sealed on their node, never described."""
    return SEALED_STEPS if tier_of(proposal.record) is Tier.PRIVATE else STEPS


def step_of(proposal: Proposal, field: str) -> str:
    """Return the step of a draft on which a field of the record, or a part of it, is asked."""
    slug = STEP_OF_FIELD.get(field.split(".", maxsplit=1)[0])
    if tier_of(proposal.record) is Tier.PRIVATE:
        return slug if slug in {TIER.slug, CHECK.slug} else SEAL.slug
    return slug or CHECK.slug


def address_of_step(proposal: Proposal, slug: str) -> str:
    """Return the path of one step."""
    return reverse("proposal-step", args=[proposal.pk, slug])


def step_after(proposal: Proposal, slug: str) -> str:
    """Return the step that follows; the last one follows itself, and the first what is no step."""
    slugs = [step.slug for step in steps_for(proposal)]
    return slugs[min(slugs.index(slug) + 1, len(slugs) - 1)] if slug in slugs else slugs[0]


def tasks_of(proposal: Proposal, findings: Sequence[Finding]) -> list[Task]:
    """Return all steps with their states, judged by the findings about the draft."""
    return [_task(proposal, step, findings) for step in steps_for(proposal)]


def _task(proposal: Proposal, step: Step, findings: Sequence[Finding]) -> Task:
    own = [finding for finding in findings if step_of(proposal, finding.field) == step.slug]
    blocking = [finding for finding in own if finding.level is Level.BLOCKER]
    others = any(finding.level is Level.BLOCKER and finding not in own for finding in findings)
    state, hint = _state(proposal, step, blocked=bool(blocking), others=others)
    counts = _counts(len(blocking), len(own) - len(blocking)) if state in COUNTED else ""
    return Task(step.title, state, address_of_step(proposal, step.slug), hint or counts)


def _counts(missing: int, advice: int) -> str:
    """Return how much the checks found: "2 to mend, 1 piece of advice"; empty for nothing."""
    told = [
        ngettext("%(n)d to mend", "%(n)d to mend", missing) % {"n": missing} if missing else "",
        ngettext("%(n)d piece of advice", "%(n)d pieces of advice", advice) % {"n": advice} if advice else "",
    ]
    return ", ".join(filter(None, told))


def _state(proposal: Proposal, step: Step, *, blocked: bool, others: bool) -> tuple[str, str | Promise]:
    tier = tier_of(proposal.record)
    if step.slug == CHECK.slug:
        return ("cannot_start", _("When the other steps are done")) if others else ("to_do", "")
    if step.slug in {"residency", "files"} and tier is None:
        return "cannot_start", _("Choose a tier first")
    if step.slug == "residency" and tier is Tier.OPEN:
        return "optional", _("Open data may be anywhere")
    if blocked:
        return ("in_progress" if _has_answers(proposal, step) else "to_do"), ""
    if step.slug in OPTIONAL and not _has_answers(proposal, step):
        return "optional", ""
    return "done", ""


def _has_answers(proposal: Proposal, step: Step) -> bool:
    if step.slug == "files":
        return bool(proposal.files)
    if step.slug == SEAL.slug:
        return bool(proposal.record.get("commitment"))
    return any(row.lines for row in rows_of(proposal.record) if row.step == step.slug)
