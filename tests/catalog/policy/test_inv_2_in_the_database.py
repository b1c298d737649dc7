"""INV-2: a private version enters no contributed job, even when the program forgot to ask."""

import uuid

import pytest
from django.db import IntegrityError, connection, transaction

from tests.factories import make_dataset

pytestmark = pytest.mark.django_db


def insert_input(version, tier, purpose):
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO training_jobinput (job_id, version_id, tier, purpose) VALUES (%s, %s, %s, %s)",
            [uuid.uuid4(), version.pk, tier, purpose],
        )


@pytest.mark.parametrize("purpose", ["contributed-cpt", "evaluation"])
def test_inv_2_a_private_input_of_shared_work_is_refused(purpose):
    version = make_dataset("private").newest
    with pytest.raises(IntegrityError, match="inv_2_private_never_in_shared_work"):
        insert_input(version, "private", purpose)


def test_inv_2_an_input_that_lies_about_its_tier_is_refused():
    version = make_dataset("private").newest
    with pytest.raises(IntegrityError, match="input_has_the_tier_of_its_version"):
        insert_input(version, "open", "contributed-cpt")
