"""The facts about an entry, from those about its files."""

from collections import Counter, defaultdict
from collections.abc import Callable, Sequence

from catalog.facts.limits import INSPECTOR
from catalog.facts.model import EntryFacts, FileFacts, Languages, LanguageShare, PersonalDatum, Tokens
from catalog.facts.sketch import merge


def combine(facts: Sequence[FileFacts]) -> EntryFacts:
    """Sum up the facts about all files of an entry.

    Shares of languages are weighted by unpacked bytes, shares of repeats by records; repeats across files are
    seen for whole files only. A declared language is not found if no file of the entry has it.
    """
    languages = _languages(facts)
    found = {share.tag for share in languages}
    return EntryFacts(
        inspector=INSPECTOR,
        files=len(facts),
        bytes=sum(file.bytes for file in facts),
        unpacked_bytes=sum(file.unpacked_bytes for file in facts),
        records=sum(file.records for file in facts),
        tokens=_tokens(facts),
        encoding_errors=sum(file.encoding_errors for file in facts),
        formats=tuple(sorted({file.format for file in facts})),
        languages=languages,
        language_bound=max((file.languages.sample.bound for file in facts if file.languages), default=0.0),
        undeclared=_union(facts, lambda each: each.undeclared),
        not_found=tuple(tag for tag in _union(facts, lambda each: each.not_found) if tag not in found),
        unrecognisable=_union(facts, lambda each: each.unrecognisable),
        exact_duplicates=_by_records(facts, near=False),
        near_duplicates=_by_records(facts, near=True),
        duplicate_files=_same_files(facts),
        personal_data=_personal_data(facts),
        licences=tuple(sorted({licence.expression for file in facts for licence in file.licences})),
        sketch=merge([file.sketch for file in facts]),
        remarks=tuple({remark.code: remark for file in facts for remark in file.remarks}.values()),
    )


def _tokens(facts: Sequence[FileFacts]) -> Tokens:
    return Tokens(
        tokenizer="utf-8-bytes",
        count=sum(file.tokens.count for file in facts),
        exact=all(file.tokens.exact for file in facts),
    )


def _languages(facts: Sequence[FileFacts]) -> tuple[LanguageShare, ...]:
    weights: defaultdict[str, float] = defaultdict(float)
    for file in facts:
        for share in file.languages.detected if file.languages else ():
            weights[share.tag] += share.share * file.unpacked_bytes
    total = sum(weights.values())
    ranked = sorted(weights.items(), key=lambda item: -item[1])
    return tuple(LanguageShare(tag=tag, share=min(1.0, weight / total)) for tag, weight in ranked)


def _union(facts: Sequence[FileFacts], part: Callable[[Languages], tuple[str, ...]]) -> tuple[str, ...]:
    return tuple(sorted({tag for file in facts if file.languages for tag in part(file.languages)}))


def _by_records(facts: Sequence[FileFacts], *, near: bool) -> float | None:
    """Weight the shares of repeats by the records they were measured on."""
    known = [file.duplicates for file in facts if file.duplicates]
    weights = [(each.near_sample if near else each.sample).of for each in known]
    if not sum(weights):
        return None
    shares = [each.near if near else each.exact for each in known]
    return sum(share * weight for share, weight in zip(shares, weights, strict=True)) / sum(weights)


def _same_files(facts: Sequence[FileFacts]) -> tuple[tuple[str, ...], ...]:
    names = defaultdict(list)
    for file in facts:
        names[file.sha256].append(file.name)
    return tuple(tuple(group) for group in names.values() if len(group) > 1)


def _personal_data(facts: Sequence[FileFacts]) -> tuple[PersonalDatum, ...]:
    """Add the finds of the samples up; the estimate weights each file by its records."""
    counts: Counter[str] = Counter()
    expected: defaultdict[str, float] = defaultdict(float)
    known = [file.personal_data for file in facts if file.personal_data]
    for each in known:
        for datum in each.found:
            counts[datum.kind] += datum.count
            expected[datum.kind] += datum.count / each.sample.records * each.sample.of
    total = sum(each.sample.of for each in known)
    return tuple(
        PersonalDatum(kind=kind, count=count, per_million_records=round(expected[kind] / total * 1_000_000))
        for kind, count in sorted(counts.items())
    )
