"""For which member a maintainer speaks on a page: asked only when there are several."""

from collections.abc import Collection

from django import forms
from django.utils.translation import gettext_lazy as _

from catalog.members.models import Member, Role
from catalog.pages.proposals.forms.base import CatalogForm
from provenance.actors import Actor


class VoiceForm(CatalogForm):
    """A form whose word counts for one member of the person's."""

    member = forms.ChoiceField(
        label=_("You speak for"), help_text=_("Your word counts once, for one member.")
    )

    def __init__(self, *args: object, voices: Collection[Member], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]  # handed through to Django
        if len(voices) > 1:
            field = self.fields["member"]
            if isinstance(field, forms.ChoiceField):
                field.choices = [(member.slug, member.name) for member in voices]
        else:
            del self.fields["member"]

    @property
    def speaker(self) -> str | None:
        """The slug of the member that was chosen; None where there is only one to speak for."""
        return self.cleaned_data.get("member")


def voices_of(actor: Actor) -> list[Member]:
    """Return the members that ``actor`` is a maintainer of."""
    slugs = actor.members_with(Role.MAINTAINER)
    return list(Member.objects.filter(slug__in=slugs)) if slugs else []
