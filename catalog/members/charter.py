"""The list that a real consortium starts from: its first members, and who speaks for each."""

import tomllib
from pathlib import Path
from typing import Annotated, Final

from django.core.exceptions import ValidationError as Unclean
from django.db import transaction
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from catalog.members.founding import LEAST_FOUNDERS, end_founding, is_founded
from catalog.members.inviting import invite_person
from catalog.members.models import Member, Role, User
from catalog.members.services import admit_member, grant_role
from provenance.actors import COORDINATOR
from provenance.errors import Conflict, Invalid

FORBID: Final = ConfigDict(extra="forbid", frozen=True)


class FirstPerson(BaseModel):
    """A maintainer, by name and e-mail address."""

    model_config = FORBID

    name: Annotated[str, Field(min_length=1, max_length=120)]
    email: Annotated[str, Field(min_length=3, max_length=254)]


class Founder(BaseModel):
    """A founding member with its maintainers; ``about`` is text per BCP-47 tag."""

    model_config = FORBID

    slug: str
    name: str
    region: str
    country: str
    homepage: str = ""
    about: dict[str, str] = {}
    maintainers: Annotated[list[FirstPerson], Field(min_length=1)]


class Charter(BaseModel):
    """What ``found_consortium`` reads."""

    model_config = FORBID

    members: Annotated[list[Founder], Field(min_length=LEAST_FOUNDERS)]


def read_charter(path: Path) -> Charter:
    """Read a TOML file of ``[[members]]``, each with ``[[members.maintainers]]``.

    Raises:
        OSError: the file can not be read. Invalid: code ``charter-malformed``, with the places at fault.
    """
    try:
        charter = Charter.model_validate(tomllib.loads(path.read_text("utf-8")))
        for founder in charter.members:
            Member(**founder.model_dump(exclude={"maintainers"})).clean_fields(exclude=["about"])
            for person in founder.maintainers:
                User(name=person.name, email=person.email).clean_fields(exclude=["password"])
    except ValidationError as error:
        wrong = (
            f"{'.'.join(map(str, each['loc']))}: {each['msg']}" for each in error.errors(include_url=False)
        )
        raise Invalid(f"{path.name}: {'; '.join(wrong)}.", code="charter-malformed") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, Unclean) as error:
        raise Invalid(f"{path.name}: {error}", code="charter-malformed") from None
    return charter


@transaction.atomic
def found_consortium(charter: Charter) -> None:
    """Enter the founders as the coordinator, write to their maintainers, end the founding: all or nothing.

    Raises:
        Conflict: ``founded-already``; ``member-exists``, for one that was entered before.
    """
    if is_founded():
        raise Conflict(
            "The consortium was founded already: its members vote on others.", code="founded-already"
        )
    for founder in charter.members:
        member = admit_member(actor=COORDINATOR, **founder.model_dump(exclude={"maintainers"}))
        for person in founder.maintainers:
            user = invite_person(email=person.email, name=person.name)
            grant_role(actor=COORDINATOR, user=user, member=member, role=Role.MAINTAINER)
    end_founding(actor=COORDINATOR)
