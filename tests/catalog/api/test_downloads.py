import hashlib

import pytest

from provenance.events.models import Event

PATH = "/api/v1/datasets/{}-songs/versions/1/files/texts/vi%20songs.txt"


def test_an_open_file_comes_whole_as_an_attachment(client, four_tiers):
    answer = client.get(PATH.format("open"))
    content = b"".join(answer.streaming_content)
    assert answer["ETag"] == f'"{hashlib.sha256(content).hexdigest()}"'
    assert (answer.status_code, answer["Content-Length"]) == (200, str(len(content)))
    assert answer["Content-Disposition"].startswith("attachment")


@pytest.mark.parametrize("tier", ["train-only", "local-only"])
def test_a_person_is_refused_with_a_reason_and_the_refusal_is_logged(insider, tier):
    answer = insider.get(PATH.format(tier))
    assert (answer.status_code, answer.json()["code"]) == (403, "tier-forbids-download")
    event = Event.objects.get(action="access.download")
    assert (event.outcome, event.reason_codes) == ("denied", ["tier-forbids-download"])


def test_the_owner_is_refused_private_bytes_too(insider):
    assert insider.get(PATH.format("private")).json()["code"] == "tier-forbids-download"


def test_a_refusal_tells_nothing_about_which_files_there_are(client, four_tiers):
    known, unknown = PATH.format("train-only"), "/api/v1/datasets/train-only-songs/versions/1/files/other.txt"
    assert client.get(known).json() == client.get(unknown).json()


@pytest.mark.parametrize("path", ["other.txt", "../../secret", "%00", "texts/"])
def test_a_file_that_is_not_there_is_not_found(client, four_tiers, path):
    answer = client.get(f"/api/v1/datasets/open-songs/versions/1/files/{path}")
    assert (answer.status_code, answer.json()["code"]) == (404, "not-found")


def test_an_allowed_download_is_logged_as_well(client, four_tiers):
    b"".join(client.get(PATH.format("open")).streaming_content)
    assert Event.objects.get(action="access.download").outcome == "allowed"
