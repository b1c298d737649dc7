"""The commands of ``tapestry-node`` about data that lie on this machine. Results go to standard output."""

import argparse
import json
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from provenance.signing.attestations import sign_description
from provenance.signing.canonical import parse_object
from training.node.commands import Add
from training.node.errors import Refused
from training.node.home import NodeHome
from training.node.own_data.describing import describe, facts_about
from training.node.own_data.listing import list_files, note
from training.node.own_data.proving import check_proof, prove
from training.node.own_data.sealing import find_seal, own_seals, read_record, record_beside, seal_dataset


def describe_data(home: NodeHome, options: argparse.Namespace) -> None:
    """Print what a local-only proposal asks for, signed: hashes, sizes and facts of the files, no content."""
    files = list_files(home.data / options.dataset)
    described = describe(files, language=options.language)
    if options.plain:
        _print(described)
        return
    facts = facts_about(files, described)
    _print(sign_description(described, facts=facts, key=home.key, at=datetime.now(UTC)))


def seal_data(home: NodeHome, options: argparse.Namespace) -> None:
    """Seal a private dataset with its record; print the signed commitment, the only thing to hand on."""
    folder = home.data / options.dataset
    record = read_record(options.record or record_beside(folder))
    files = describe(list_files(folder), language=options.language)
    kept = seal_dataset(home, dataset=options.dataset, record=record, files=files)
    note(
        f"sealed {len(files)} files and the record; what opens the seal is in {home.seals} and nowhere else:"
    )
    note("keep a copy of that folder as safely as the data. Paste what follows into the proposal.")
    _print(kept.envelope)


def list_seals(home: NodeHome, _: argparse.Namespace) -> None:
    """List this node's seals, newest first: commitment, time, number of files, dataset, title."""
    for seal in own_seals(home):
        columns = (
            seal.commitment[:16],
            f"{seal.sealed_at:%Y-%m-%d %H:%M}Z",
            f"{len(seal.openings) - 1:6} files",
            f"{seal.dataset:24}",
            seal.title,
        )
        sys.stdout.write("  ".join(columns) + "\n")


def prove_item(home: NodeHome, options: argparse.Namespace) -> None:
    """Print a proof that one file, or the record, is what was sealed; nothing of the others is in it."""
    _print(prove(find_seal(home, options.commitment), path=options.file))


def check_item(_: NodeHome, options: argparse.Namespace) -> None:
    """Check a proof, and with the seal's envelope also who sealed it and when; print the proven item."""
    item, sealed_by = check_proof(_read(options.proof), _read(options.envelope) if options.envelope else None)
    _print(item)
    note(f"sealed by {sealed_by}" if sealed_by else "holds; give --envelope to check who sealed it, and when")


def add_to(add: Add) -> None:
    """Add these commands."""
    describing = add("describe", describe_data, "print hashes, sizes and facts of local-only data, signed")
    describing.add_argument("--plain", action="store_true", help="print the bare list, without facts")
    sealing = add("seal", seal_data, "seal private data; print the commitment to hand on")
    sealing.add_argument("--record", type=Path, help="TOML or JSON (default: beside the dataset's folder)")
    for parser in (describing, sealing):
        parser.add_argument("dataset", help="a folder under this node's data folder")
        parser.add_argument(
            "--language", default="", help="BCP-47 tag of all files (default: by their names)"
        )
    add("seals", list_seals, "list this node's seals with their titles")
    proving = add("prove", prove_item, "prove one sealed file, or the record")
    proving.add_argument("commitment", help="its first digits, at least eight")
    which = proving.add_mutually_exclusive_group(required=True)
    which.add_argument("--file", metavar="PATH", help="path inside the dataset")
    which.add_argument("--record", action="store_true", help="the record")
    checking = add("check-proof", check_item, "check what somebody proved to you")
    checking.add_argument("proof", type=Path, help="the file with the proof")
    checking.add_argument("--envelope", type=Path, help="the seal as the catalog holds it")


def _read(path: Path) -> dict[str, Any]:
    try:
        return parse_object(path.read_bytes())
    except OSError as error:
        raise Refused("file-unreadable", str(error)) from None


def _print(document: object) -> None:
    sys.stdout.write(json.dumps(document, indent=2, ensure_ascii=False) + "\n")
