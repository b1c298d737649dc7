"""What a carried motion brings about. The coordinator enforces it, and has no choice in it (INV-7)."""

from django.utils import timezone

from catalog.governance.models import Motion, MotionKind, Rule
from catalog.members.inviting import invite_person
from catalog.members.models import Member, Role, User
from catalog.members.services import admit_member, grant_role, revoke_role
from provenance.actors import COORDINATOR
from provenance.events.services import Evidence, record_event


def bring_about(motion: Motion) -> None:
    """Do what the members voted for. Must run inside the transaction that carried the motion."""
    {
        MotionKind.SETTING: _set_rule,
        MotionKind.ROLE: _set_role,
        MotionKind.MEMBER: _admit,
    }[MotionKind(motion.kind)](motion)


def _set_rule(motion: Motion) -> None:
    key, value, was = (motion.change[name] for name in ("key", "value", "was"))
    Rule.objects.create(key=key, value=value, motion=motion, in_force_from=timezone.now())
    record_event(
        actor=COORDINATOR,
        action="rule.changed",
        subject=f"rule:{key}",
        evidence=Evidence(
            approval=f"motion:{motion.pk}",
            details={"key": key, "value": value, "was": was, "note": f"{key}: {was} → {value}"},
        ),
    )


def _set_role(motion: Motion) -> None:
    change = motion.change
    act = grant_role if change["grant"] else revoke_role
    act(
        actor=COORDINATOR,
        user=User.objects.get(pk=change["person"].partition(":")[2]),
        member=Member.objects.get(slug=change["member"]),
        role=Role(change["role"]),
        motion=motion,
    )


def _admit(motion: Motion) -> None:
    said = {name: motion.change[name] for name in ("slug", "name", "region", "country", "homepage")}
    member = admit_member(actor=COORDINATOR, motion=motion, **said)
    first = motion.change["maintainer"]
    person = invite_person(email=first["email"], name=first["name"])
    grant_role(actor=COORDINATOR, user=person, member=member, role=Role.MAINTAINER, motion=motion)
