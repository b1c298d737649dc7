"""Rows stand on a page only where the data are open and may be passed on."""

import pytest
from django.db import IntegrityError, connection, transaction

from catalog.inspection.models import Preview
from catalog.inspection.previewing import keep_previews
from tests.catalog.inspection.conftest import VIETNAMESE, concluded
from tests.factories import complete_record

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_process")]


def test_the_first_rows_of_an_open_file_are_kept_once():
    version, _ = concluded()
    assert keep_previews(version.pk) == 1
    assert keep_previews(version.pk) == 0
    assert Preview.objects.get().rows[0] == [VIETNAMESE.decode().splitlines()[0]]


def test_no_row_of_train_only_data_is_kept():
    version, _ = concluded("train-only")
    assert keep_previews(version.pk) == 0


@pytest.mark.parametrize("answer", [False, "unknown"])
def test_without_the_right_to_pass_on_there_is_no_row(answer):
    rights = {**complete_record()["rights"], "redistribution": answer}
    version, _ = concluded(rights=rights)
    assert keep_previews(version.pk) == 0


def test_a_file_with_personal_data_is_passed_over():
    text = b"Write to an.nguyen@example.com about it.\n"
    version, _ = concluded(texts={"en": text})
    assert keep_previews(version.pk) == 0


@pytest.mark.parametrize("told", ["train-only", "open"])
def test_the_database_refuses_a_row_of_data_that_are_not_open(told):
    version, _ = concluded("train-only")
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO catalog_preview (version_id, tier, path, columns, rows)"
            " VALUES (%s, %s, 'a.txt', '[]', '[]')",
            [version.pk, told],
        )
