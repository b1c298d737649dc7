"""Entries of all four tiers, as published ones are, and the people who look at them."""

import hashlib

import pytest

from catalog.datasets.models import Dataset, DatasetFile, DatasetVersion, audience_of
from catalog.members.models import Member, Membership, User
from catalog.search import get_index
from catalog.search.documents import documents_of
from provenance.blobs import get_store
from provenance.signing.keys import PrivateKey

STORAGE = {"open": "blob", "train-only": "blob", "local-only": "pointer", "private": None}
NODE = PrivateKey.from_seed(b"\x02" * 32)
SHARES = [{"tag": "vi", "share": 0.75}, {"tag": "pt-BR", "share": 0.25}]
NOTHING = {"languages": [], "bytes": 0, "records": 0}
WORDS = dict.fromkeys(("artifact_type", "modality", "licence"), "")
EMPTY = {"title": {}, "summary": {}, "themes": [], "languages": [], **WORDS}


def make_member(slug="loom"):
    return Member.objects.get_or_create(
        slug=slug, defaults={"name": f"The {slug}", "region": "Alps", "country": "AT"}
    )[0]


def make_person(member, role="researcher"):
    user = User.objects.create_user(f"{role}@{member.slug}.example", name="Ada")
    Membership.objects.create(user=user, member=member, role=role)
    return user


def make_sealed_record(slug):
    commitment = hashlib.sha256(f"seal of {slug}".encode()).hexdigest()
    return {
        "tier": "private",
        "commitment": commitment,
        "node": NODE.did,
        "sealed_at": "2026-11-22T21:00:00Z",
        "statement": "0" * 64,
        "affirmed": True,
    }


def make_record(slug, tier, **changes):
    record = {
        "title": {"en": f"Songs of {slug}"},
        "summary": {"en": "What people sing while they weave", "fr": "Chants de tisserands"},
        "description": {"en": "Collected from parish registers"},
        "artifact_type": "raw",
        "modality": "text",
        "themes": ["EDUC"],
        "languages": ["vi", "pt-BR"],
        "represents": "weavers",
        "tier": tier,
        "licence": "CC-BY-4.0",
        "rights": {
            "commercial_use": False,
            "model_training": True,
            "redistribution": True,
            "attribution": True,
        },
        "permitted_stages": ["cpt"],
        "residency": None,
        "personal_data": "none",
        "consent": "",
        "origin": "An archive",
        "contact": {"name": "Ada", "email": "ada@loom.example"},
        "affirmed": True,
    }
    return {**record, **changes}


def make_entry(slug, tier="open", *, member=None, **changes):
    member = member or make_member()
    record = make_sealed_record(slug) if tier == "private" else make_record(slug, tier, **changes)
    columns = EMPTY | {name: record[name] for name in EMPTY if name in record}
    dataset = Dataset.objects.create(
        slug=slug,
        member=member,
        audience=audience_of(tier, member.slug),
        tier=tier,
        **columns,
    )
    add_version(dataset, record)
    return dataset


def add_version(dataset, record, number=1):
    content = f"la la {dataset.slug} {number}\n".encode()
    sealed = record["tier"] == "private"
    version = DatasetVersion.objects.create(
        dataset=dataset,
        number=number,
        digest=hashlib.sha256(f"{dataset.slug}@{number}".encode()).hexdigest(),
        tier=record["tier"],
        record=record,
        **(
            NOTHING
            if sealed
            else {"languages": SHARES, "bytes": len(content), "records": 1, "accepted_for": "training"}
        ),
    )
    if sealed:
        return version
    DatasetFile.objects.create(
        version=version,
        tier=version.tier,
        storage=STORAGE[version.tier],
        path="texts/vi songs.txt",
        sha256=hashlib.sha256(content).hexdigest(),
        bytes=len(content),
        records=1,
        language="vi",
    )
    if version.tier == "open":
        get_store().put([content])
    return version


def index_all():
    get_index().put(documents_of(Dataset.objects.select_related("member")))


@pytest.fixture
def own_places(settings, tmp_path):
    """An index and a blob store for this test alone."""
    settings.VAR = tmp_path
    settings.BLOB_URL = (tmp_path / "blobs").as_uri()
    get_index.cache_clear()
    yield tmp_path
    get_index.cache_clear()


@pytest.fixture
def four_tiers(db, own_places):
    """One entry a tier, of the member "loom"; the private one has a version too."""
    entries = {tier: make_entry(f"{tier}-songs", tier) for tier in STORAGE}
    index_all()
    return entries


@pytest.fixture
def insider(client, four_tiers):
    """A client whose person is a researcher of the owning member."""
    client.force_login(make_person(make_member()), backend="django.contrib.auth.backends.ModelBackend")
    return client
