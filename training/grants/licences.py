"""Does an output keep the licence of what it was made from (FIELD.md §2)?"""

from functools import cache

from license_expression import Licensing

from catalog.datasets.vocabulary import UNKNOWN_LICENCE


def keeps_licence(output: str, source: str) -> bool:
    """Tell whether every licence that binds the source binds the output as well.

    Both are SPDX expressions in canonical form, or ``unknown``. Which of two licences restricts more is a
    lawyer's question, so the only answers here are the same licence and a conjunction that holds it: ``MIT
    AND CC-BY-4.0`` keeps ``CC-BY-4.0``. Of unknown terms nothing but unknown terms can come.
    """
    if UNKNOWN_LICENCE in (output, source):
        return output == source
    return _bound_by(source) <= _bound_by(output)


@cache
def _licensing() -> Licensing:
    return Licensing()


def _bound_by(expression: str) -> set[str]:
    parsed = _licensing().parse(expression)
    parts = parsed.args if isinstance(parsed, _licensing().AND) else [parsed]
    return {str(part) for part in parts}
