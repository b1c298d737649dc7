"""Whether a draft has the form of a record, said in words of the form."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from django.utils.translation import gettext as _
from pydantic import ValidationError
from pydantic_core import ErrorDetails

from catalog.datasets.record import DatasetRecord, SealedRecord
from catalog.proposals.findings import Finding, blocker
from catalog.proposals.wording import WORDING, name_of

SEALS: Final = frozenset(SealedRecord.model_fields) - {"tier", "affirmed"}


def described_shape(record: Mapping[str, Any]) -> Iterator[Finding]:
    """Yield what is missing or wrong in the record of data that are described here."""
    try:
        DatasetRecord.model_validate(record)
    except ValidationError as refused:
        for error in refused.errors(include_url=False):
            yield _from_pydantic(error)


def sealed_shape(record: Mapping[str, Any]) -> Iterator[Finding]:
    """Yield what is missing or wrong in what the coordinator holds of private data: a seal and no more."""
    if extra := sorted(set(record) - set(SealedRecord.model_fields)):
        message = _("Private data are not described here; these answers must go: %(names)s.")
        names = ", ".join(str(name_of(name)) for name in extra)
        remedy = _("Keep them on your node, and start a new proposal that holds the seal alone.")
        yield blocker("seal", "private-described", message % {"names": names}, remedy=remedy)
    try:
        SealedRecord.model_validate(
            {name: record[name] for name in SealedRecord.model_fields if name in record}
        )
    except ValidationError as refused:
        wrong = {str(error["loc"][0]): error for error in refused.errors(include_url=False) if error["loc"]}
        if SEALS & wrong.keys():
            yield blocker("seal", "seal-missing", _("Seal it on your node first."))
        if "affirmed" in wrong:
            yield _from_pydantic(wrong["affirmed"])


def _from_pydantic(error: ErrorDetails) -> Finding:
    field = ".".join(str(part) for part in error["loc"] if part != "[key]")
    reason = error["msg"].removeprefix("Value error, ")
    if not field and (named := reason.partition(": ")[0]) in WORDING:
        # A rule between fields names the one to mend in front of its words.
        field, reason = named, reason.removeprefix(f"{named}: ")
    name = name_of(field)
    if error["type"] == "missing":
        return blocker(field, "field-missing", _("Still missing: %(name)s.") % {"name": name})
    if error["type"] == "extra_forbidden":
        return blocker(field, "field-unknown", _("A record has no field %(field)r.") % {"field": field})
    if isinstance(error["input"], str) and error["type"].endswith(("_type", "_parsing")):
        message = _("The %(name)s can not be read as it stands: “%(text)s”.")
        return blocker(field, "field-unreadable", message % {"name": name, "text": error["input"][:100]})
    message = _("The %(name)s can not stay like this: %(reason)s.") % {"name": name, "reason": reason}
    return blocker(field, "field-invalid", message)
