"""The forms of a vote: one for each kind of motion, the ballot, and taking a motion back."""

from collections.abc import Iterable
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from catalog.design.languages import countries_for_reader
from catalog.governance.models import Choice, MotionKind
from catalog.governance.settings import Setting, Unit
from catalog.governance.voices import members_with_a_voice
from catalog.members.models import Member, Membership, Role
from catalog.pages.governance.wording import value_words
from catalog.pages.proposals.forms.base import LONG_TEXT, CatalogForm, member_choice

BALLOTS = [
    (Choice.YES.value, _("Yes: it should be so")),
    (Choice.NO.value, _("No: it should stay as it is")),
    (Choice.ABSTAIN.value, _("Neither: it counts as no yes")),
]


class VoiceForm(CatalogForm):
    """What is said for a member; for which one is asked only where there are several."""

    last: ClassVar[str]

    def __init__(self, *arguments: Any, voices: Iterable[Member], **options: Any) -> None:
        super().__init__(*arguments, **options)
        if voices:
            self.fields["member"] = member_choice(_("For which member do you speak?"), voices)
        self.order_fields([*(name for name in self.fields if name != self.last), self.last])

    def voice(self) -> Member | None:
        """Return the member that was named; None leaves it to the service."""
        slug = self.cleaned_data.get("member")
        return Member.objects.get(slug=slug) if slug else None


class MotionForm(VoiceForm):
    """What every motion has: why. Each kind tells its ``change`` as the service takes it."""

    kind: ClassVar[MotionKind]
    last = "reason"

    reason = forms.CharField(
        label=_("Why?"),
        help_text=_("The other members decide by it, and everybody can read it. Name no person here."),
        max_length=LONG_TEXT,
        widget=forms.Textarea(attrs={"rows": 5}),
    )


class SettingForm(MotionForm):
    """Another value for a rule."""

    kind = MotionKind.SETTING

    def __init__(self, *arguments: Any, setting: Setting, now: int, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.setting = setting
        self.fields["value"] = _asked(setting, now)
        self.order_fields(["value"])

    def change(self) -> dict[str, Any]:
        """Return the key and the value."""
        return {"key": self.setting.key, "value": self.cleaned_data["value"]}


class RoleForm(MotionForm):
    """Who speaks for a community, and who no longer does."""

    kind = MotionKind.ROLE

    person = forms.ChoiceField(
        label=_("Whose role?"),
        help_text=_("People who belong to a member. A member gives its own people their other roles."),
    )

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._changes = dict(_role_changes())
        groups: dict[str, list[tuple[str, str]]] = {}
        for key, (group, label, _change) in self._changes.items():
            groups.setdefault(group, []).append((key, label))
        field = self.fields["person"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - for the reader of types
        field.choices = [("", _("Choose a person")), *groups.items()]

    def change(self) -> dict[str, Any]:
        """Return person, member, role, and whether it is given or taken."""
        return self._changes[self.cleaned_data["person"]][2]


def _countries() -> list[tuple[str, str]]:
    return [("", str(_("Choose a country"))), *countries_for_reader()]


class MemberForm(MotionForm):
    """An organisation that would join, and who first speaks for it."""

    kind = MotionKind.MEMBER

    name = forms.CharField(label=_("Name of the organisation"), max_length=200)
    slug = forms.SlugField(
        label=_("Short name"), max_length=80, help_text=_("For its address, such as lotus-institute.")
    )
    region = forms.CharField(label=_("Part of the world"), max_length=80)
    country = forms.ChoiceField(label=_("Country"), choices=_countries)
    homepage = forms.URLField(label=_("Website"), required=False, max_length=200, assume_scheme="https")
    maintainer_name = forms.CharField(
        label=_("First maintainer: name"),
        max_length=120,
        help_text=_("Members read name and address until the vote is over; then they are forgotten here."),
    )
    maintainer_email = forms.EmailField(label=_("First maintainer: e-mail address"), max_length=254)

    def change(self) -> dict[str, Any]:
        """Return the member with its first maintainer."""
        said = self.cleaned_data
        first = {"name": said["maintainer_name"], "email": said["maintainer_email"]}
        plain = {name: said[name] for name in ("slug", "name", "region", "country", "homepage")}
        return {**plain, "maintainer": first}


AnyMotionForm = SettingForm | RoleForm | MemberForm


class BallotForm(VoiceForm):
    """One member's vote."""

    last = "note"

    choice = forms.ChoiceField(label=_("Your member’s vote"), choices=BALLOTS, widget=forms.RadioSelect)
    note = forms.CharField(
        label=_("Note"),
        help_text=_("Everybody can read it. A vote is cast once and stays."),
        required=False,
        max_length=LONG_TEXT,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


def _asked(setting: Setting, now: int) -> forms.Field:
    """Return the question for a rule's value: a choice where its values have words, else a number."""
    label, held = str(setting.title), value_words(setting, now)
    if setting.kind is Unit.CHOICE:
        return forms.TypedChoiceField(
            label=label,
            coerce=int,
            choices=[(setting.least + place, str(words)) for place, words in enumerate(setting.choices)],
            initial=now,
            widget=forms.RadioSelect,
            help_text=_("Now: %(now)s.") % {"now": held},
        )
    most = setting.most
    if setting.kind is Unit.MEMBERS:
        most = min(most, max(members_with_a_voice().count() - 1, setting.least))
    return forms.IntegerField(
        label=label,
        min_value=setting.least,
        max_value=most,
        step_size=setting.step if setting.least % setting.step == 0 else None,
        help_text=_("Now %(now)s. From %(least)s to %(most)s.")
        % {"now": held, "least": value_words(setting, setting.least), "most": value_words(setting, most)},
    )


def _role_changes() -> Iterable[tuple[str, tuple[str, str, dict[str, Any]]]]:
    """Yield what can be moved about each person: a key, group and label of the choice, and the change."""
    speaking = set(members_with_a_voice().values_list("slug", flat=True))
    held: dict[tuple[int, str], set[str]] = {}
    labels: dict[tuple[int, str], str] = {}
    rows = Membership.objects.filter(user__is_active=True).order_by("user__name", "user", "member__name")
    for row in rows.select_related("user", "member"):
        place = (row.user_id, row.member.slug)
        held.setdefault(place, set()).add(row.role)
        labels[place] = f"{row.user}, {row.member}"
    for (user, slug), roles in held.items():
        change = {"person": f"person:{user}", "member": slug}
        named = Role.COMMUNITY in roles
        group = str(_("No longer a community reviewer") if named else _("New community reviewer"))
        yield (
            f"community-{user}-{slug}",
            (group, labels[user, slug], {**change, "role": Role.COMMUNITY.value, "grant": not named}),
        )
        if slug not in speaking:
            maintains = {**change, "role": Role.MAINTAINER.value, "grant": True}
            group = str(_("Maintainer of a member that has none"))
            yield f"maintainer-{user}-{slug}", (group, labels[user, slug], maintains)
