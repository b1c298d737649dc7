"""The members' cadence: the next round of a family opens by itself, so many hours after the last one did."""

import logging
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from catalog.governance.reading import rule
from provenance.actors import COORDINATOR
from provenance.errors import DomainError
from training.families.models import ModelFamily
from training.rounds.models import Round
from training.rounds.opening import begin_round
from training.rounds.plan import TrainingPlan

logger = logging.getLogger(__name__)


def open_due_rounds() -> list[Round]:
    """Open the next round of each family whose last one has ended and began long enough ago.

    It takes over plan and least number of contributions; all else is as the rules in force say. A family that
    never had a round waits for people, and so do all while the rule says 0 hours.
    """
    hours = rule("round.cadence_hours")
    if not hours:
        return []
    opened = (_open_if_due(family, timedelta(hours=hours)) for family in ModelFamily.objects.all())
    return [round_ for round_ in opened if round_ is not None]


@transaction.atomic
def _open_if_due(family: ModelFamily, cadence: timedelta) -> Round | None:
    # Whoever holds the family's row opens a round just now, or has seen that none is due.
    if not ModelFamily.objects.select_for_update(skip_locked=True).filter(pk=family.pk).exists():
        return None
    last = family.rounds.order_by("-number").first()
    if last is None or not last.ended or timezone.now() < last.opened_at + cadence:
        return None
    plan = TrainingPlan.model_validate(last.plan)
    try:
        with transaction.atomic():
            return begin_round(COORDINATOR, family, plan, minimum_contributions=last.minimum_contributions)
    except DomainError as refusal:
        logger.warning("The next round of %s is due and can not open: %s", family.slug, refusal)
        return None
