"""The short forms around a proposal: starting, affirming, reviewing, withdrawing."""

from collections.abc import Iterable
from typing import Any, Final

from django import forms
from django.utils.translation import gettext_lazy as _

from catalog.lifecycle.change_notes import LONGEST
from catalog.members.models import Member
from catalog.pages.proposals.forms.base import LONG_TEXT, CatalogForm, member_choice
from catalog.proposals.states import AcceptedFor, BlockGround
from catalog.review.models import Verdict

# Stable codes: they stand in the log and in the API, the words only here.
REASONS = [
    ("rights-unclear", _("Rights or licence are unclear")),
    ("privacy", _("People could be harmed or recognised")),
    ("community-consent", _("The community was not asked, or not enough")),
    ("description-incomplete", _("The description leaves out what one needs to know")),
    ("quality", _("The data are not good enough for the purpose")),
    ("duplicate", _("The data are in the catalog already")),
]
WORDS_OF_REASON: Final = dict(REASONS)
VERDICTS = [
    (Verdict.APPROVE.value, _("Approve: publish it, for what you choose below")),
    (Verdict.REQUEST_CHANGES.value, _("Request changes: the steward edits and submits again")),
    (Verdict.REJECT.value, _("Reject: it should not be in the catalog")),
    (Verdict.BLOCK.value, _("Block: stop it now, for rights, privacy or a community")),
]
ALLOWED = [
    (AcceptedFor.METADATA.value, _("Metadata: it is listed and described; nothing is done with the data")),
    (AcceptedFor.EVALUATION.value, _("Evaluation: models are measured with it, and data may be downloaded")),
    (AcceptedFor.TRAINING.value, _("Training: it may also take part in shared training, as its tier allows")),
]
GROUNDS = [
    (BlockGround.RIGHTS.value, _("Rights: somebody else has a say over the data")),
    (BlockGround.PRIVACY.value, _("Privacy: people could be harmed or recognised")),
    (BlockGround.COMMUNITY.value, _("Community: the people whom the data show have not agreed")),
]


class StartForm(CatalogForm):
    """For which member a proposal is started."""

    def __init__(self, *arguments: Any, slugs: Iterable[str], **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.fields["member"] = forms.ModelChoiceField(
            label=_("For which member?"),
            queryset=Member.objects.filter(slug__in=sorted(slugs)),
            to_field_name="slug",
            empty_label=None,
            widget=forms.RadioSelect,
        )


class AffirmForm(CatalogForm):
    """The last step's answers: of a next version also what changed, and after a review what one answers."""

    revision = forms.IntegerField(widget=forms.HiddenInput, min_value=1)
    change_note = forms.CharField(
        label=_("What changed?"),
        help_text=_("Since the version before, in a sentence or two. It stands beside the version for ever."),
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Say what changed since the version before.")},
    )
    answer = forms.CharField(
        label=_("Your answer to the reviewers"),
        help_text=_("What you changed since they asked, and what you left as it was, and why."),
        required=False,
        max_length=LONG_TEXT,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    affirmed = forms.BooleanField(
        label=_("My member owns these data, or holds the rights to share them as described here."),
        error_messages={
            "required": _("Affirm this, or withdraw the proposal: without it nobody may review it.")
        },
    )

    def __init__(self, *arguments: Any, asks_for_change: bool, answers: bool = False, **options: Any) -> None:
        super().__init__(*arguments, **options)
        if not asks_for_change:
            del self.fields["change_note"]
        if not answers:
            del self.fields["answer"]


class ReviewForm(CatalogForm):
    """One member's word on one revision. Of what it asks besides, each verdict has to answer its own."""

    revision = forms.IntegerField(widget=forms.HiddenInput, min_value=1)
    verdict = forms.ChoiceField(label=_("Your verdict"), choices=VERDICTS, widget=forms.RadioSelect)
    accepted_for = forms.ChoiceField(
        label=_("If you approve: for what?"),
        help_text=_("Each includes those above it. The widest that enough members agree on counts."),
        choices=ALLOWED,
        widget=forms.RadioSelect,
        error_messages={"required": _("Say how far your approval goes.")},
    )
    ground = forms.ChoiceField(
        label=_("If you block: on what ground?"),
        choices=GROUNDS,
        widget=forms.RadioSelect,
        error_messages={"required": _("Say on what ground you block it.")},
    )
    reason_codes = forms.MultipleChoiceField(
        label=_("Reasons"), choices=REASONS, required=False, widget=forms.CheckboxSelectMultiple
    )
    note = forms.CharField(
        label=_("Note to the steward"),
        help_text=_("What should change, or why not. Readers of the consortium see it."),
        required=False,
        max_length=LONG_TEXT,
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    def __init__(self, *arguments: Any, voices: Iterable[Member], **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.fields["member"] = member_choice(_("For which member do you speak?"), voices)
        self.order_fields(["revision", "member"])
        if self.is_bound:
            verdict = self.data.get("verdict")
            self.fields["accepted_for"].required = verdict == Verdict.APPROVE
            self.fields["ground"].required = verdict == Verdict.BLOCK


class CommunityForm(CatalogForm):
    """A community reviewer's objection: a block on the ground of the community, and nothing else."""

    revision = forms.IntegerField(widget=forms.HiddenInput, min_value=1)
    note = forms.CharField(
        label=_("Why must it stop?"),
        help_text=_("Whom you speak for, and what would have to happen. Readers of the consortium see it."),
        max_length=LONG_TEXT,
        widget=forms.Textarea(attrs={"rows": 4}),
    )


class WithdrawForm(CatalogForm):
    """Why something is taken back."""

    reason = forms.CharField(
        label=_("Why?"),
        help_text=_("Readers of the log will see it."),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
