"""The larger model that a round distils from."""

from provenance.errors import Invalid
from training.checkpoints.models import Checkpoint
from training.families.models import ModelFamily
from training.rounds.plan import TrainingPlan


def teacher_in(plan: TrainingPlan) -> Checkpoint | None:
    """Return the base that the plan names as the teacher, with its family; None where it names none.

    Raises:
        Invalid: ``teacher-unknown``.
    """
    if not plan.teacher:
        return None
    found = Checkpoint.objects.select_related("family").filter(digest=plan.teacher).first()
    if found is None:
        message = f"There is no base {plan.teacher[:12]}…"
        raise Invalid(message, code="teacher-unknown", fields={"teacher": [message]})
    return found


def teacher_for(family: ModelFamily, plan: TrainingPlan) -> Checkpoint | None:
    """Return the teacher if a round of ``family`` can learn from it; None where the plan names none.

    A student copies the teacher's odds for each next token, so both have to number tokens alike.

    Raises:
        Invalid: ``teacher-unknown``; ``teacher-unsuitable``, of the same family, or of another tokenizer.
    """
    teacher = teacher_in(plan)
    if teacher is None:
        return None
    if teacher.family_id == family.pk:
        raise _unsuitable(f"{teacher.label} is of the family that is to learn from it.")
    if _tokens(teacher.family) != _tokens(family):
        raise _unsuitable(f"{teacher.label} has another tokenizer than {family.name}.")
    return teacher


def _tokens(family: ModelFamily) -> tuple[str, str, object]:
    return family.tokenizer, family.tokenizer_sha256, family.architecture.get("vocab_size")


def _unsuitable(message: str) -> Invalid:
    return Invalid(
        message,
        code="teacher-unsuitable",
        fields={"teacher": [message]},
        remedy="Name a base of another family with the same tokenizer.",
    )
