"""Two programs save at the same moment with the same tag, on real connections: exactly one is told."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from tests.catalog.api.proposals_scene import make_scene
from tests.factories import make_draft

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize("method", ["put", "patch"])
def test_of_two_writers_with_one_tag_exactly_one_saves(method):
    scene = make_scene()
    draft = make_draft(member=scene.own, actor=scene.actor("own steward"))[1]
    callers = [scene.caller("own steward"), scene.caller("token of own steward")]
    start = Barrier(2)

    def save(number):
        try:
            start.wait()
            body = {"record": {**draft.record, "origin": f"Writer {number}"}}
            return callers[number].send(method, f"{draft.pk}/", body, tag=f'"{draft.revision}"')
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(save, range(2)))
    assert sorted(answer.status_code for answer in answers) == [200, 412]
    (lost,) = (answer for answer in answers if answer.status_code == 412)
    (saved,) = (answer for answer in answers if answer.status_code == 200)
    assert lost.json()["differing"] == {"origin": saved.json()["record"]["origin"]}
    assert lost["ETag"] == saved["ETag"]
