"""What a motion would change: the shape of each kind, and what is refused before anybody votes on it."""

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from django.core.exceptions import ValidationError as Unclean
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from catalog.governance.models import MotionKind
from catalog.governance.reading import rule
from catalog.governance.settings import SETTINGS, Setting, Unit
from catalog.governance.voices import members_with_a_voice
from catalog.members.models import Member, Membership, User
from provenance.errors import Conflict, Invalid

Words = Annotated[str, Field(max_length=200)]


class Change(BaseModel):
    """Base of the kinds: unknown fields are refused, and nothing is read as something else."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class SettingChange(Change):
    """Another value of a rule. ``was`` is written by the service."""

    key: Words
    value: int


class RoleChange(Change):
    """A community reviewer of a member: named (``grant``), or no longer one. ``person`` is ``person:<id>``.

    A maintainer is named only for a member that has none left: else that is the member's own affair.
    """

    person: Annotated[str, Field(pattern=r"^person:[0-9]{1,18}$")]
    member: Words
    role: Literal["community", "maintainer"] = "community"
    grant: bool


class FirstMaintainer(Change):
    """Who will speak for a new member. Kept until the vote is over, and told to nobody outside."""

    name: Annotated[str, Field(min_length=1, max_length=120)]
    email: Annotated[str, Field(max_length=254)]


class MemberChange(Change):
    """An organisation that would join, as ``Member`` holds it."""

    slug: Annotated[str, Field(max_length=80)]
    name: Annotated[str, Field(min_length=1, max_length=200)]
    region: Annotated[str, Field(min_length=1, max_length=80)]
    country: Annotated[str, Field(pattern=r"^[A-Z]{2}$")]
    homepage: Words = ""
    maintainer: FirstMaintainer


SHAPES: Mapping[str, type[Change]] = {
    MotionKind.SETTING: SettingChange,
    MotionKind.ROLE: RoleChange,
    MotionKind.MEMBER: MemberChange,
}


def read_change(kind: MotionKind, change: Mapping[str, Any]) -> tuple[str, dict[str, Any]]:
    """Return the address of what would change, and the change as it is kept.

    Raises:
        Invalid: ``change-malformed``; ``setting-unknown``, ``value-out-of-range``, ``value-unreachable``;
            ``person-unknown``, ``own-affair``; the message stands at its field.
        Conflict: ``nothing-changes``, when it is so already.
    """
    try:
        read = SHAPES[kind].model_validate(dict(change))
    except ValidationError as refused:
        raise _malformed(refused) from None
    if isinstance(read, SettingChange):
        return f"rule:{read.key}", {**read.model_dump(), "was": _check_setting(read)}
    if isinstance(read, RoleChange):
        _check_role(read)
        return f"role:{read.role}:{read.member}:{read.person}", read.model_dump()
    assert isinstance(read, MemberChange)  # noqa: S101 - SHAPES has three kinds
    _check_member(read)
    return f"member:{read.slug}", read.model_dump()


def _check_setting(read: SettingChange) -> int:
    """Return the value in force, when the new one is another that can work."""
    setting = SETTINGS.get(read.key)
    if setting is None:
        raise _wrong("key", "There is no such rule.", "setting-unknown")
    if not setting.allows(read.value):
        raise _wrong("value", _bounds(setting), "value-out-of-range")
    was = rule(read.key)
    if read.value == was:
        raise Conflict(f"{read.key} is {was} already.", code="nothing-changes")
    # Who proposes is recused: of all members but one so many must be left.
    others = members_with_a_voice().count() - 1
    if setting.kind is Unit.MEMBERS and read.value > others:
        message = f"Only {others} members could agree on what another one proposes: nothing could pass."
        raise _wrong("value", message, "value-unreachable")
    return was


def _check_role(read: RoleChange) -> None:
    person = int(read.person.partition(":")[2])
    roles = Membership.objects.filter(user=person, member__slug=read.member)
    held = set(roles.values_list("role", flat=True))
    if not held:
        raise _wrong("person", "This person does not belong to that member.", "person-unknown")
    if read.role == "maintainer" and (
        not read.grant or members_with_a_voice().filter(slug=read.member).exists()
    ):
        message = "Who maintains a member that has a maintainer is its own affair."
        raise _wrong("role", message, "own-affair")
    if (read.role in held) == read.grant:
        raise Conflict("It is so already.", code="nothing-changes")


def _check_member(read: MemberChange) -> None:
    said = read.model_dump(exclude={"maintainer"})
    try:
        Member(**said).clean_fields(exclude=["about"])
        User(name=read.maintainer.name, email=read.maintainer.email).clean_fields(exclude=["password"])
    except Unclean as unclean:
        message = "The new member can not be entered like this."
        raise Invalid(message, code="change-malformed", fields=unclean.message_dict) from None
    if Member.objects.filter(slug=read.slug).exists():
        raise Conflict(f"There is a member {read.slug} already.", code="nothing-changes")


def _bounds(setting: Setting) -> str:
    return f"Choose a whole number from {setting.least} to {setting.most}, in steps of {setting.step}."


def _wrong(field: str, message: str, code: str) -> Invalid:
    return Invalid(message, code=code, fields={field: [message]})


def _malformed(refused: ValidationError) -> Invalid:
    fields: dict[str, list[str]] = {}
    for error in refused.errors(include_url=False, include_input=False, include_context=False):
        fields.setdefault(".".join(map(str, error["loc"])) or "change", []).append(error["msg"])
    return Invalid(
        "The change lacks fields, or some can not be read.", code="change-malformed", fields=fields
    )
