"""The main job, told step by step on the terminal; a broken link raises, so that the demonstration fails."""

import json
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable
from typing import Any

from django.conf import settings

from catalog.datasets.models import Dataset
from catalog.interchange.context import expand
from provenance.actors import PUBLIC
from provenance.lineage.models import ArtifactKind
from provenance.lineage.reading import reaches_datasets, trace
from tapestry.demonstration import leak_search
from tapestry.demonstration.facts import load_consortium
from tapestry.demonstration.rounds import play_round
from tapestry.demonstration.seeding import list_dataset
from training.checkpoints.models import Checkpoint
from training.jobs.models import JobInput
from training.jobs.states import JobKind
from training.rounds.models import Round

PATIENCE = 30.0  # seconds for what a worker does within a few
ROUND_SECONDS = 240.0


class BrokenLink(Exception):  # noqa: N818 - named for what is the case
    """A step of the main job did not lead to the next; the text says which."""


class Story:
    """Plays the whole way once. ``watch`` is called while it waits, and looks after the stack's processes."""

    def __init__(self, *, announce: Callable[[str], None], watch: Callable[[], None]) -> None:
        self._announce = announce
        self._watch = watch
        self._start = time.monotonic()
        self._consortium = load_consortium()

    def play(self) -> Checkpoint:
        """Go from a proposal to a traced checkpoint.

        Raises:
            BrokenLink, RoundFailed: with the step that failed.
        """
        self._step("A steward proposes a dataset, maintainers of two other members review it")
        dataset = list_dataset(self._consortium, self._consortium.live_proposal, self._say)
        self._step("It is published: searchable, and readable for other data spaces")
        self._find(dataset)
        self._read_jsonld(dataset)
        self._read_facts(dataset)
        self._step("A round opens: jobs go to the nodes, weight updates come back, maintainers decide")
        round_ = play_round(self._say, seconds=ROUND_SECONDS, watch=self._watch)
        if round_.result is None:
            raise BrokenLink("the round closed without a base")
        self._step("Bits per byte on held-out text, before and after")
        self._compare(round_.base, round_.result)
        self._step(f"What {round_.result} came from")
        self._trace(round_, round_.result, dataset)
        self._step(
            "No sentence of local-only or private texts has reached the coordinator, and no private title"
        )
        self._search_for_leaks()
        return round_.result

    def _step(self, title: str) -> None:
        self._announce(f"\n[{time.monotonic() - self._start:5.1f} s] {title}")

    def _say(self, line: str) -> None:
        self._announce(f"          {line}")

    def _find(self, dataset: Dataset) -> None:
        query = urllib.parse.urlencode({"q": "Aymara", "tier": dataset.tier})
        deadline = time.monotonic() + PATIENCE
        while True:
            answer = _get_json(f"/api/v1/datasets/?{query}")
            if dataset.slug in [entry["slug"] for entry in answer["results"]]:
                break
            if time.monotonic() > deadline:
                raise BrokenLink(f"{dataset.slug} can not be found after {PATIENCE:.0f} s")
            self._watch()
            time.sleep(0.2)
        self._say(f"GET /api/v1/datasets/?{query} finds it ({answer['count']} in all)")

    def _read_jsonld(self, dataset: Dataset) -> None:
        document = _get_json(f"/datasets/{dataset.slug}.jsonld")
        expanded = expand(document)
        if not expanded:
            raise BrokenLink(f"/datasets/{dataset.slug}.jsonld says nothing when expanded")
        self._say(f"GET /datasets/{dataset.slug}.jsonld expands to {len(expanded[0])} properties")

    def _read_facts(self, dataset: Dataset) -> None:
        path = f"/api/v1/datasets/{dataset.slug}/versions/{dataset.newest.number}/facts/"
        answer = _get_json(path)
        if answer["state"] != "attested":
            raise BrokenLink(f"the facts of {dataset.slug} are {answer['state']}, not attested by its node")
        records = answer["facts"]["records"]
        self._say(f"GET {path} gives {records} records, as the node that holds them signed it")

    def _compare(self, before: Checkpoint, after: Checkpoint) -> None:
        rows = _bits_by_language(before), _bits_by_language(after)
        common = sorted(set(rows[0]) & set(rows[1]))
        if not common:
            raise BrokenLink("no node has evaluated both bases")
        for language in common:
            was, now = rows[0][language], rows[1][language]
            self._say(f"{language:4} {was:7.3f} → {now:6.3f}  ({now - was:+.3f})")
        better = sum(rows[1][language] < rows[0][language] for language in common)
        self._say(f"{better} of {len(common)} languages improved")
        if better * 2 < len(common):
            raise BrokenLink("the merged base is worse in most languages")

    def _trace(self, round_: Round, checkpoint: Checkpoint, dataset: Dataset) -> None:
        jobs = JobInput.objects.filter(job__round=round_, job__kind=JobKind.CONTRIBUTED_CPT)
        merged = jobs.filter(job__contribution__state="merged")
        wanted = set(merged.values_list("version__digest", flat=True))
        reached = {artifact.digest for artifact in reaches_datasets(checkpoint.digest)}
        if not wanted or not wanted <= reached:
            raise BrokenLink(f"{len(wanted - reached)} dataset versions are not reached from {checkpoint}")
        if dataset.newest.digest not in reached:
            raise BrokenLink(f"{checkpoint} does not trace to {dataset.slug}")
        graph = trace(checkpoint.digest, direction="up", depth=8, audiences=frozenset({PUBLIC}))
        for node in graph.nodes:
            tier = node.snapshot.get("tier", "") if node.kind == ArtifactKind.DATASET_VERSION else ""
            self._say(f"{'  ' * node.depth}{node.kind} {node.name} {tier} {node.digest[:12]}")
        self._say(f"{len(reached)} dataset versions, over {len(graph.edges)} signed edges")

    def _search_for_leaks(self) -> None:
        sentences = leak_search.guarded_sentences(self._consortium)
        sentences += leak_search.guarded_words(self._consortium)
        files = leak_search.search(settings.VAR, sentences)
        database = leak_search.search_database(settings.ENVIRONMENT.database_url, sentences)
        for path, sentence in (*files.found, *database.found):
            raise BrokenLink(f"{path} holds “{sentence[:60]}…”, which must never have left its node")
        self._say(
            f"{files.sentences} sentences and names looked for in {files.files} files "
            f"({files.bytes / 1e6:.0f} MB) of the coordinator and in a dump of its database "
            f"({database.bytes / 1e6:.1f} MB): none found"
        )


def _bits_by_language(checkpoint: Checkpoint) -> dict[str, float]:
    """Return bits per byte by language: the mean over nodes, weighted by held-out bytes."""
    sums: dict[str, tuple[float, int]] = {}
    for row in checkpoint.evaluations.all():
        bits, size = sums.get(row.language, (0.0, 0))
        sums[row.language] = (bits + row.bits_per_byte * row.bytes, size + row.bytes)
    return {language: bits / size for language, (bits, size) in sums.items()}


def _get_json(path: str) -> dict[str, Any]:
    request = urllib.request.Request(  # noqa: S310 - our own address
        settings.PUBLIC_URL + path, headers={"Accept": "application/ld+json, application/json"}
    )
    try:
        with urllib.request.urlopen(request, timeout=10) as answer:  # noqa: S310 - our own address
            return dict(json.loads(answer.read()))
    except (urllib.error.URLError, ValueError) as error:
        raise BrokenLink(f"GET {path}: {error}") from None
