"""DM:17: what a withdrawal stops at once, and what it asks of whom."""

import pytest
from django.test import Client

from catalog.members.models import Role, User
from provenance.errors import Conflict, NotPermitted
from provenance.events.models import Event
from tests.factories import make_actor, make_dataset, make_member, make_person
from tests.training.api.signing_node import make_maintainer
from training.grants.models import DataGrant
from training.withdrawals.models import TaskAction
from training.withdrawals.reach import tasks_for
from training.withdrawals.report import report_for
from training.withdrawals.services import finish_task

pytestmark = pytest.mark.django_db


def test_the_preview_names_what_the_withdrawal_then_reaches(scene):
    before = {task.subject for task in tasks_for(scene.dataset)}
    assert before == scene.withdraw().tasks.keys()


def test_jobs_stop_grants_end_and_copies_are_to_be_deleted(scene):
    busy, idle = scene.busy.job(scene.round), scene.idle.job(scene.round)
    tasks = scene.withdraw().tasks
    busy.refresh_from_db()
    idle.refresh_from_db()
    assert (idle.state, busy.state, busy.cancel_requested) == ("cancelled", "running", True)
    assert DataGrant.objects.get().revoked_because == "dataset-withdrawn"
    copies = {f"node:{node.node.slug}" for node in (scene.busy, scene.reader)}
    assert {subject for subject, task in tasks.items() if task.action == "delete"} == copies
    assert tasks[f"job:{busy.pk}"].member == scene.busy.node.member


def test_a_withdrawal_whose_reach_fails_does_not_happen(scene, monkeypatch):
    monkeypatch.setattr("training.withdrawals.services.tasks_for", lambda _dataset: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        scene.withdraw()
    scene.dataset.refresh_from_db()
    assert scene.dataset.state == "published"


def test_entries_that_pin_it_as_a_source_are_reached_however_far(scene):
    child = make_dataset("open", sources=[{"dataset": scene.dataset.slug, "version": 1}])
    grandchild = make_dataset("open", sources=[{"dataset": child.slug, "version": 1}])
    tasks = scene.withdraw().tasks
    assert tasks[f"dataset:{child.slug}"].member == child.member
    assert tasks[f"dataset:{grandchild.slug}"].member == grandchild.member


def test_the_member_responsible_says_when_it_is_done_and_nobody_else(scene):
    task = scene.withdraw().tasks[f"node:{scene.reader.node.slug}"]
    with pytest.raises(NotPermitted):
        finish_task(scene.steward, task.pk, action=TaskAction.DELETE, note="")
    own = make_maintainer(scene.reader.node.member)
    finish_task(own, task.pk, action=TaskAction.DELETE, note="Deleted on two disks.")
    with pytest.raises(Conflict):
        finish_task(own, task.pk, action=TaskAction.DELETE, note="again")
    event = Event.objects.get(action="withdrawal.task-done")
    assert "disks" not in str(event.details)


def test_who_reads_what(scene):
    scene.withdraw()
    everything = len(scene.tasks)
    outsider = make_actor(make_member(), Role.RESEARCHER)
    responsible = make_actor(scene.reader.node.member, Role.STEWARD)
    seen = {
        name: (report.detailed, len(report.tasks))
        for name, actor in {
            "owner": scene.steward,
            "maintainer": make_maintainer(),
            "responsible": responsible,
            "outsider": outsider,
        }.items()
        for report in [report_for(actor, scene.dataset)]
    }
    assert seen == {
        "owner": (True, everything),
        "maintainer": (True, everything),
        "responsible": (False, 1),
        "outsider": (False, 0),
    }


def test_a_descendant_that_became_hidden_stays_out_of_others_reports(scene):
    child = make_dataset("open", sources=[{"dataset": scene.dataset.slug, "version": 1}])
    scene.withdraw()
    type(child).objects.filter(pk=child.pk).update(audience=f"member:{child.member.slug}")
    own = make_actor(child.member, Role.MAINTAINER)
    subject = f"dataset:{child.slug}"
    assert subject not in {task.subject for task in report_for(scene.steward, scene.dataset).tasks}
    assert subject in {task.subject for task in report_for(own, scene.dataset).tasks}


@pytest.mark.parametrize("descendants", [1, 6])
def test_the_report_costs_the_same_for_few_and_many(scene, django_assert_num_queries, descendants):
    for _ in range(descendants):
        make_dataset("open", sources=[{"dataset": scene.dataset.slug, "version": 1}])
    scene.withdraw()
    with django_assert_num_queries(7):
        report_for(scene.steward, scene.dataset)


# -- pages and API


def client_of(person: User) -> Client:
    client = Client()
    client.force_login(person)
    return client


def test_before_a_withdrawal_insiders_see_its_reach_and_others_are_refused(scene):
    path = f"/datasets/{scene.dataset.slug}/withdrawal/"
    insider = client_of(make_person(scene.dataset.member, Role.STEWARD))
    assert "What a withdrawal would reach" in insider.get(path).content.decode()
    assert Client().get(path).status_code == 403
    assert Client().get(f"/api/v1{path}").json()["code"] == "not-an-insider"


def test_the_report_is_a_page_and_json_and_a_task_is_finished_on_it(scene):
    task = scene.withdraw().tasks[f"node:{scene.reader.node.slug}"]
    client = client_of(make_person(scene.reader.node.member, Role.MAINTAINER))
    path = f"/datasets/{scene.dataset.slug}/withdrawal/"
    assert task.name in client.get(path).content.decode()
    client.post(f"{path}tasks/{task.pk}/done/", {"action": "delete", "note": "gone"})
    told = client.get(f"/api/v1{path}").json()
    assert (told["done"], told["grants_revoked"], told["exports"]["downloads"]) == (1, 1, 0)
    assert "gone" in client.get(path).content.decode()


def test_a_tombstone_is_all_that_strangers_get(scene):
    scene.withdraw()
    page = Client().get(f"/datasets/{scene.dataset.slug}/withdrawal/").content.decode()
    assert "consent revoked" in page
    assert scene.reader.node.slug not in page
    assert scene.busy.node.member.slug not in page


def test_a_maintainer_revokes_a_grant_on_the_page(scene):
    grant = DataGrant.objects.get()
    stranger = client_of(make_person(make_member(), Role.MAINTAINER))
    assert stranger.post(f"/grants/{grant.pk}/revoke/").status_code == 404
    client_of(make_person(scene.dataset.member, Role.MAINTAINER)).post(f"/grants/{grant.pk}/revoke/")
    grant.refresh_from_db()
    assert grant.revoked_because == "revoked"


def test_a_private_entry_has_no_report_for_others():
    private = make_dataset("private")
    path = f"/datasets/{private.slug}/withdrawal/"
    missing = Client().get("/datasets/nothing-here/withdrawal/")
    assert Client().get(path).status_code == missing.status_code == 404
    assert (
        Client().get(f"/api/v1{path}").content
        == Client().get("/api/v1/datasets/nothing-here/withdrawal/").content
    )
