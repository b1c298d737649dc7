"""A draft that takes bytes, its steward's browser, and a tus client of a few lines."""

import base64
import hashlib
from pathlib import Path

import pytest
from django.test import Client

from catalog.members.actors import actor_of
from catalog.members.models import Role
from catalog.proposals.services import start_proposal
from tests.factories import complete_record, make_member, make_person

ALWAYS = {"Tus-Resumable": "1.0.0", "Content-Type": "application/offset+octet-stream"}


def encoded(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


class Tus:
    """Speaks the protocol over Django's own client; answers are its responses."""

    def __init__(self, browser: Client, proposal) -> None:
        self.browser, self.proposal = browser, proposal
        self.address = f"/proposals/{proposal.pk}/uploads/"

    def create(self, size, name="vi.txt", **headers):
        metadata = f"filename {encoded(name)},language {encoded('vi')},filetype {encoded('text/plain')}"
        headers = {"Upload_Length": size, "Upload_Metadata": metadata, **headers}
        return self._send("POST", self.address, **headers)

    def new(self, size, name="vi.txt") -> str:
        answer = self.create(size, name)
        assert answer.status_code == 201, answer.content
        return answer["Location"]

    def patch(self, address, offset, body, **headers):
        headers = {"Upload_Offset": offset, **headers}
        return self._send("PATCH", address, body, **headers)

    def offset(self, address) -> int:
        answer = self._send("HEAD", address)
        assert answer.status_code == 200, answer.content
        return int(answer["Upload-Offset"])

    def delete(self, address):
        return self._send("DELETE", address)

    def _send(self, method, address, body=b"", **headers):
        named = {name.replace("_", "-"): str(value) for name, value in headers.items()}
        return self.browser.generic(
            method,
            address,
            body,
            headers={**ALWAYS, "Content-Length": str(len(body)), **named},
        )


@pytest.fixture
def parts(settings, tmp_path) -> Path:
    """The folder in which parts of this test lie; the blobs are beside it."""
    settings.BLOB_URL = (tmp_path / "blobs").as_uri()
    return tmp_path / "blobs" / "parts"


@pytest.fixture
def steward(db):
    return make_person(make_member("archive"), Role.STEWARD)


@pytest.fixture
def tus(steward, parts) -> Tus:
    browser = Client()
    browser.force_login(steward)
    member = steward.memberships.get().member
    draft = start_proposal(actor=actor_of(steward), member=member, record=complete_record())
    return Tus(browser, draft)


def files_in(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
