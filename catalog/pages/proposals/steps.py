"""The steps of the proposal form, in order, and how far each has come."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from catalog.pages.proposals.forms.about import AboutForm
from catalog.pages.proposals.forms.base import StepForm
from catalog.pages.proposals.forms.coverage import CoverageForm
from catalog.pages.proposals.forms.privacy import PrivacyForm
from catalog.pages.proposals.forms.residency import ResidencyForm
from catalog.pages.proposals.forms.rights import RightsForm
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


STEPS: Final = (
    Step("about", _("About the data"), _("What would a stranger need to know?"), AboutForm),
    Step("coverage", _("Coverage"), _("Whose language and life do the data show?"), CoverageForm),
    Step("tier", _("Tier and rights"), _("How far may the data go, and who may train on them?"), RightsForm),
    Step("residency", _("Residency"), _("Where must the data stay, and what may leave?"), ResidencyForm),
    Step(
        "provenance",
        _("Provenance and privacy"),
        _("Where do they come from, and whom do they concern?"),
        PrivacyForm,
    ),
    Step("files", _("Files"), _("Which files are it, down to the last bit?")),
    Step("check", _("Check your answers"), _("Is everything right before others read it?")),
)
BY_SLUG: Final = {step.slug: step for step in STEPS}
STEP_OF_FIELD: Final = {**STEP_OF, "files": "files", "affirmed": "check"}


@dataclass(frozen=True, slots=True)
class Task:
    """A step in a task list (templates/components/task_list.html)."""

    title: str | Promise
    state: str
    url: str
    hint: str | Promise


def step_of(field: str) -> str:
    """Return the step on which a field of the record, or a part of it, is asked."""
    return STEP_OF_FIELD.get(field.split(".", maxsplit=1)[0], "check")


def address_of_step(proposal: Proposal, slug: str) -> str:
    """Return the path of one step."""
    return reverse("proposal-step", args=[proposal.pk, slug])


def step_after(slug: str) -> str:
    """Return the step that follows; the last one is its own successor."""
    slugs = [step.slug for step in STEPS]
    return slugs[min(slugs.index(slug) + 1, len(slugs) - 1)]


def tasks_of(proposal: Proposal, findings: Sequence[Finding]) -> list[Task]:
    """Return all steps with their states, judged by the findings about the draft."""
    return [_task(proposal, step, findings) for step in STEPS]


def _task(proposal: Proposal, step: Step, findings: Sequence[Finding]) -> Task:
    own = [finding for finding in findings if step_of(finding.field) == step.slug]
    blocking = [finding for finding in own if finding.level is Level.BLOCKER]
    others = any(finding.level is Level.BLOCKER and finding not in own for finding in findings)
    state, hint = _state(proposal, step, blocked=bool(blocking), others=others)
    return Task(step.title, state, address_of_step(proposal, step.slug), hint)


def _state(proposal: Proposal, step: Step, *, blocked: bool, others: bool) -> tuple[str, str | Promise]:
    tier = tier_of(proposal.record)
    if step.slug == "check":
        return ("cannot_start", _("When the other steps are done")) if others else ("to_do", "")
    if step.slug in {"residency", "files"} and tier is None:
        return "cannot_start", _("Choose a tier first")
    if step.slug == "residency" and tier is Tier.OPEN:
        return "optional", _("Open data may be anywhere")
    if not blocked:
        return "done", ""
    return ("in_progress" if _has_answers(proposal, step) else "to_do"), ""


def _has_answers(proposal: Proposal, step: Step) -> bool:
    if step.slug == "files":
        return bool(proposal.files)
    return any(row.lines for row in rows_of(proposal.record) if row.step == step.slug)
