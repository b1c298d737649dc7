"""INV-1 and INV-6 at the door of uploads: forbidden bytes are not read, strangers see nothing."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from catalog.members.actors import actor_of
from catalog.members.models import Role
from catalog.proposals.models import Proposal
from catalog.proposals.services import save_draft
from catalog.tiers import Tier
from catalog.uploads.ending import find_upload, sweep_uploads
from catalog.uploads.models import Upload
from catalog.uploads.services import receive_bytes
from provenance.errors import Invalid
from tests.catalog.uploads.conftest import Tus, files_in
from tests.factories import make_member, make_person

pytestmark = pytest.mark.django_db(transaction=True)
SECRET = b"known to nobody else"


def turn(tus, tier):
    record = {"tier": tier} if tier == Tier.PRIVATE else {**tus.proposal.record, "tier": tier}
    Proposal.objects.filter(pk=tus.proposal.pk).update(record=record)


@pytest.mark.parametrize("tier", ["local-only", "private", None])
def test_inv_1_no_upload_starts_for_a_draft_that_takes_no_bytes(tus, tier, parts):
    turn(tus, tier)
    answer = tus.create(len(SECRET))
    assert (answer.status_code, answer.json()["code"]) == (422, "bytes-not-accepted")
    assert not Upload.objects.exists()


@pytest.mark.parametrize("tier", ["local-only", "private"])
def test_inv_1_not_a_byte_is_read_once_the_tier_forbids_it(tus, steward, tier, parts):
    tus.patch(tus.new(len(SECRET)), 0, SECRET[:5])
    upload = find_upload(actor=actor_of(steward), proposal=tus.proposal, upload_id=Upload.objects.get().pk)
    turn(tus, tier)

    def read(most):
        raise AssertionError("a byte was asked for")

    with pytest.raises(Invalid, match="takes no byte"):
        receive_bytes(actor=actor_of(steward), upload=upload, offset=5, read=read)
    assert (Upload.objects.count(), files_in(parts)) == (0, [])


def test_inv_1_a_tier_that_changes_while_bytes_arrive_keeps_them_out(tus, steward, parts):
    tus.new(len(SECRET))
    upload = Upload.objects.get()
    rest = [SECRET]

    def read(most):
        turn(tus, "local-only")
        return rest.pop()[:most] if rest else b""

    with pytest.raises(Invalid, match="takes no byte"):
        receive_bytes(actor=actor_of(steward), upload=upload, offset=0, read=read)
    assert files_in(parts) == []
    assert files_in(parts.parent) == []


@pytest.mark.parametrize("tier", ["local-only", "private", None])
def test_inv_1_the_sweep_takes_parts_of_a_draft_whose_tier_forbids_them(tus, tier, parts):
    tus.patch(tus.new(len(SECRET)), 0, SECRET[:5])
    assert sweep_uploads() == 0
    turn(tus, tier)
    assert sweep_uploads() == 1
    assert files_in(parts) == []


def test_inv_1_a_draft_that_becomes_private_leaves_no_part_behind(tus, steward, parts):
    tus.patch(tus.new(len(SECRET)), 0, SECRET[:5])
    assert files_in(parts)
    record = {"tier": Tier.PRIVATE.value}
    save_draft(actor=actor_of(steward), proposal=tus.proposal, record=record, expected_revision=1)
    assert (Upload.objects.count(), files_in(parts)) == (0, [])


def test_inv_1_a_form_can_not_bring_bytes_in_at_this_address(tus, settings, tmp_path):
    settings.FILE_UPLOAD_TEMP_DIR = str(tmp_path / "no such folder")  # where a form's file would be written
    form = {"file": SimpleUploadedFile("a.txt", SECRET)}
    answer = tus.browser.post(tus.address, form, headers={"Tus-Resumable": "1.0.0"})
    assert answer.status_code == 400
    assert not Upload.objects.exists()


def test_inv_6_a_draft_of_another_member_is_as_if_missing(tus):
    address = tus.new(9)
    stranger = Client()
    stranger.force_login(make_person(make_member("elsewhere"), Role.STEWARD))
    theirs = Tus(stranger, tus.proposal)
    missing = theirs.create(9).content
    assert theirs.patch(address, 0, SECRET[:9]).status_code == 404
    theirs.address = f"/proposals/{'0' * 8}-0000-4000-8000-{'0' * 12}/uploads/"
    assert theirs.create(9).content == missing


@pytest.mark.parametrize(("role", "status"), [(Role.RESEARCHER, 403), (Role.MAINTAINER, 403)])
def test_only_stewards_upload(tus, role, status):
    other = Client()
    other.force_login(make_person("archive", role))
    assert Tus(other, tus.proposal).create(9).status_code == status


def test_nobody_uploads_without_a_session(tus):
    assert Tus(Client(), tus.proposal).create(9).status_code == 403
