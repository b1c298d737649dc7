from provenance.errors import Invalid


def plain_text(text: str, *, field: str, longest: int) -> str:
    """Return the text without the space around it, if the database and canonical JSON can hold it.

    Raises:
        Invalid: code ``text-malformed``, for more than ``longest`` characters, NUL, or a lone surrogate, as
            a JSON escape can smuggle one in.
    """
    kept = text.strip()
    surrogate = any("\ud800" <= character <= "\udfff" for character in kept)
    if len(kept) > longest or "\0" in kept or surrogate:
        message = f"Write at most {longest} characters of plain text."
        raise Invalid(message, code="text-malformed", fields={field: [message]})
    return kept


def required_text(text: str, *, field: str, longest: int, message: str, code: str) -> str:
    """Return the text as `plain_text` does; ``message`` tells people that it must not be empty.

    Raises:
        Invalid: ``code`` where nothing is left of it; ``text-malformed``.
    """
    kept = plain_text(text, field=field, longest=longest)
    if not kept:
        raise Invalid(message, code=code, fields={field: [message]})
    return kept
