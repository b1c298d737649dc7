"""What a decision costs, and a list as the catalog grows. Run: python bench/policy.py [--json FILE]

`decide()` stands beside an empty call of the same arguments. Lists of 100 entries, a tenth of the catalog
private, are read by an outsider, a member and the owner at 10, 1,000 and 100,000 entries, beside a bare
SELECT … LIMIT 100.
"""

import argparse
import json
import os
import statistics
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tapestry.settings")

import django  # noqa: E402

django.setup()

from django.db import connection  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402

from catalog.datasets.models import Dataset  # noqa: E402
from catalog.interchange.catalog_document import catalog_document, current_versions  # noqa: E402
from catalog.policy import Facts, Operation, decide  # noqa: E402
from catalog.tiers import Purpose, Stage, Tier  # noqa: E402
from provenance.actors import ANONYMOUS, Actor, ActorKind  # noqa: E402
from tests.factories import complete_record  # noqa: E402
from tests.scratch import scratch_database  # noqa: E402

SIZES, PAGE, CALLS, ROUNDS = (10, 1_000, 100_000), 100, 20_000, 15
NOON = datetime(2026, 11, 1, 12, tzinfo=UTC)
READERS = {
    "anonymous": ANONYMOUS,
    "member": Actor(ActorKind.PERSON, "person:1", "An", frozenset({("m9", "researcher")})),
    "owner": Actor(ActorKind.PERSON, "person:2", "Bo", frozenset({("m0", "steward")})),
}
SEAL = {
    "tier": "private", "commitment": "0" * 64, "node": "did:key:z6Mk", "statement": "0" * 64,
    "sealed_at": "2026-11-01T12:00:00Z", "affirmed": True,
}  # fmt: skip
# Of ten entries one is private and belongs to m0; the others belong to m1 to m9 in the tiers in turn.
FILL = """
WITH rows AS (
  SELECT n, n %% 10 = 0 AS sealed, (ARRAY['open', 'train-only', 'local-only'])[1 + n %% 3] AS tier,
         'm' || n %% 10 AS owner, now() - n * interval '1 second' AS moment
  FROM generate_series(%(first)s, %(last)s) AS n
), entries AS (
  INSERT INTO catalog_dataset (slug, member_id, state, tier, audience, title, summary, artifact_type,
    modality, themes, languages, licence, bytes, withdrawal_reason, created_at, updated_at)
  SELECT 'e' || n, m.id, 'published', CASE WHEN sealed THEN 'private' ELSE tier END,
    CASE WHEN sealed THEN 'member:m0' ELSE 'public' END,
    CASE WHEN sealed THEN '{}' ELSE %(text)s END::jsonb, CASE WHEN sealed THEN '{}' ELSE %(text)s END::jsonb,
    CASE WHEN sealed THEN '' ELSE 'pre-training' END, CASE WHEN sealed THEN '' ELSE 'text' END,
    CASE WHEN sealed THEN '{}' ELSE '{EDUC}' END::text[], CASE WHEN sealed THEN '{}' ELSE '{vi}' END::text[],
    CASE WHEN sealed THEN '' ELSE 'CC-BY-4.0' END, 0, '', moment, moment
  FROM rows JOIN catalog_member m ON m.slug = rows.owner
  RETURNING id, slug, tier, created_at
)
INSERT INTO catalog_datasetversion
  (dataset_id, number, digest, tier, record, languages, bytes, records, change_note, accepted_for,
   published_at)
SELECT id, 1, encode(sha256(slug::bytea), 'hex'), tier,
  CASE WHEN tier = 'private' THEN %(seal)s::jsonb
    ELSE jsonb_set(%(record)s::jsonb, '{tier}', to_jsonb(tier)) END,
  '[]', 0, 0, '', CASE WHEN tier = 'private' THEN '' ELSE 'training' END, created_at
FROM entries
"""


def make_members() -> None:
    """Ten of them, m0 to m9."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO catalog_member (slug, name, region, country, about, homepage, joined_at)"
            " SELECT 'm' || n, 'Member ' || n, 'Asia', 'VN', '{}', '', now()"
            " FROM generate_series(0, 9) n"
        )


def grow(first: int, last: int) -> None:
    with connection.cursor() as cursor:
        given = {"text": json.dumps({"en": "Cloth of many threads"}), "seal": json.dumps(SEAL)}
        record = json.dumps(complete_record(Tier.TRAIN_ONLY))
        cursor.execute(FILL, {"first": first, "last": last, "record": record, **given})
        cursor.execute("ANALYZE")


def times_of(call: Callable[[], object], rounds: int) -> list[float]:
    """Seconds of each of ``rounds`` calls, after one that warms up."""
    call()
    found = []
    for _ in range(rounds):
        begin = time.perf_counter()
        call()
        found.append(time.perf_counter() - begin)
    return found


def measure_decisions() -> dict[str, float]:
    facts = Facts(
        digest="0" * 64, member="m0", dataset="e0", tier=Tier.LOCAL_ONLY,
        stages=frozenset(Stage), processing=frozenset({"VN"}),
    )  # fmt: skip
    node = Actor(ActorKind.NODE, "did:key:z6Mk", "loom", frozenset({("m0", "node")}))
    asked: dict[str, Any] = {
        "actor": node, "operation": Operation.DISPATCH, "version_or_facts": facts,
        "purpose": Purpose.CONTRIBUTED_CPT, "place": "VN", "at": NOON,
    }  # fmt: skip

    def empty(**_asked: Any) -> None: ...

    figures = {}
    for name, call in (("decide", lambda: decide(**asked)), ("empty_call", lambda: empty(**asked))):
        micros = sorted(seconds * 1e6 for seconds in times_of(call, CALLS))
        figures[f"{name}_p50_us"] = round(micros[CALLS // 2], 2)
        figures[f"{name}_p99_us"] = round(micros[CALLS * 99 // 100], 2)
    return figures


def read_list(actor: Actor) -> list[tuple[str, bool]]:
    """A hundred entries with whether the reader sees their details: what each list of the program does."""
    visible = Dataset.objects.visible_to(actor).filter(state=Dataset.State.PUBLISHED)
    versions = current_versions(list(visible.values_list("pk", flat=True)[:PAGE]))
    asked: dict[str, Any] = {"actor": actor, "operation": Operation.READ_DETAILS, "at": NOON}
    return [(each.digest, decide(**asked, version_or_facts=each).allowed) for each in versions]


def bare_select() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM catalog_dataset LIMIT %s", [PAGE])
        cursor.fetchall()


def queries_of(call: Callable[[], object]) -> int:
    call()  # the words of the vocabularies are read once and kept
    with CaptureQueriesContext(connection) as captured:
        call()
    return len(captured)


def measure_lists() -> dict[str, float]:
    figures: dict[str, float] = {}
    counted: dict[str, set[int]] = {}
    filled = 0
    for size in SIZES:
        grow(filled + 1, size)
        filled = size
        calls: dict[str, Callable[[], object]] = {"bare_select": bare_select}
        for name, actor in READERS.items():
            calls[f"list_{name}"] = lambda actor=actor: read_list(actor)  # type: ignore[misc]
            calls[f"jsonld_{name}"] = lambda actor=actor: catalog_document(actor=actor)  # type: ignore[misc]
        for name, call in calls.items():
            queries = queries_of(call)
            counted.setdefault(name, set()).add(queries)
            milliseconds = statistics.median(times_of(call, ROUNDS)) * 1000
            figures[f"{name}_{size}_ms"] = round(milliseconds, 2)
            figures[f"{name}_queries"] = queries
    changing = {name: counts for name, counts in counted.items() if len(counts) > 1}
    if changing:
        raise SystemExit(f"the number of queries grows with the catalog: {changing}")
    return figures


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--json", type=Path, help="write the figures here as well")
    chosen = arguments.parse_args()
    figures: dict[str, float] = {}
    with scratch_database():
        make_members()
        with CaptureQueriesContext(connection) as captured:
            figures |= measure_decisions()
        figures["decide_queries"] = len(captured)
        figures |= measure_lists()
    for name, value in figures.items():
        print(f"{name.replace('_', ' '):>28}  {value}")
    print(json.dumps({"bench": "policy", **figures}))
    if chosen.json:
        chosen.json.write_text(json.dumps(figures, indent=2) + "\n", "utf-8")
    if figures["decide_p99_us"] > 1000 or figures["decide_queries"]:
        raise SystemExit("a decision takes over a millisecond, or asks the database")


if __name__ == "__main__":
    main()
