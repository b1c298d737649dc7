"""Files that a person writes by hand: read as TOML, and told line by line what is wrong."""

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from training.node.errors import SetupError

Checked = TypeVar("Checked", bound=BaseModel)


def read_toml(path: Path, *, code: str) -> dict[str, Any]:
    """Return the file's values.

    Raises:
        SetupError: ``code``, when it can not be read, is not UTF-8 or no TOML.
    """
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise SetupError(code, f"{path}: {error}") from None


def checked(model: type[Checked], values: Mapping[str, Any], path: Path, *, code: str) -> Checked:
    """Return the values as the model.

    Raises:
        SetupError: ``code``, naming the file and each line that is wrong.
    """
    try:
        return model.model_validate(values)
    except ValidationError as error:
        wrong = "; ".join(f"{'.'.join(map(str, e['loc'])) or 'file'}: {e['msg']}" for e in error.errors())
        raise SetupError(code, f"{path}: {wrong}") from None
