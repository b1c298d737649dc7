"""Everything that the surroundings may tell the program, read once, typed, refused early and by name.

No other module reads `os.environ` for a setting of the coordinator. Where no database or broker is named,
the embedded ones under `TAPESTRY_VAR` are meant; their addresses follow from the folder alone, so every
process that sees the same folder finds them.
"""

import functools
import hashlib
import os
import secrets
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import Annotated
from urllib.parse import quote, urlsplit

from pydantic import Field, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

LONGEST_SOCKET_PATH = 107  # bytes: sun_path of unix(7) less the closing zero
DATABASE_NAME = "tapestry"
DATABASE_ROLE = "tapestry"


class EnvironmentInvalid(Exception):  # noqa: N818 - named for what is the case
    """One or more variables cannot be used; the text names each, one a line."""


def _default_var() -> Path:
    """`./var`; under pytest (which announces itself by PYTEST_VERSION) `./var/test`, never a user's data."""
    return Path("var/test") if "PYTEST_VERSION" in os.environ else Path("var")


class Environment(BaseSettings):
    """The variables, by the names that users write. Paths are absolute after reading."""

    model_config = SettingsConfigDict(
        frozen=True, extra="ignore", populate_by_name=True, hide_input_in_errors=True
    )

    port: Annotated[int, Field(ge=1, le=65535, validation_alias="TAPESTRY_PORT")] = 8000
    bind: Annotated[str, Field(min_length=1, validation_alias="TAPESTRY_BIND")] = "127.0.0.1"
    var: Annotated[Path, Field(default_factory=_default_var, validation_alias="TAPESTRY_VAR")]
    public_url: Annotated[str, Field(validation_alias="TAPESTRY_PUBLIC_URL")] = ""
    secret_key_given: Annotated[str, Field(validation_alias="TAPESTRY_SECRET_KEY", repr=False)] = ""
    debug: Annotated[bool, Field(validation_alias="TAPESTRY_DEBUG")] = False
    allowed_hosts: Annotated[list[str], NoDecode, Field(validation_alias="TAPESTRY_ALLOWED_HOSTS")] = []
    database_url_given: Annotated[str, Field(validation_alias="DATABASE_URL", repr=False)] = ""
    redis_url_given: Annotated[str, Field(validation_alias="REDIS_URL", repr=False)] = ""
    blob_url: Annotated[str, Field(validation_alias="BLOB_URL", repr=False)] = ""
    merge_range_bytes: Annotated[int, Field(ge=4096, validation_alias="TAPESTRY_MERGE_RANGE_BYTES")] = 2**30
    demonstration_given: Annotated[bool | None, Field(validation_alias="TAPESTRY_DEMONSTRATION")] = None
    email_url: Annotated[str, Field(validation_alias="EMAIL_URL", repr=False)] = ""
    fetch_allowed: Annotated[list[str], NoDecode, Field(validation_alias="TAPESTRY_FETCH_ALLOWED")] = []

    @field_validator("var")
    @classmethod
    def _absolute(cls, value: Path) -> Path:
        return Path(os.path.abspath(value.expanduser()))  # noqa: PTH100 - resolve() would follow links away

    @field_validator("allowed_hosts", "fetch_allowed", mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        return (
            [host.strip() for host in value.split(",") if host.strip()] if isinstance(value, str) else value
        )

    @field_validator("public_url")
    @classmethod
    def _http_origin(cls, value: str) -> str:
        return _checked_url(value.rstrip("/"), schemes={"http", "https"})

    @field_validator("secret_key_given")
    @classmethod
    def _long_enough(cls, value: str) -> str:
        if value and len(value) < 32:  # noqa: PLR2004 - fewer characters cannot carry 128 bits
            raise ValueError("is shorter than 32 characters; leave it out to have one made")
        return value

    @field_validator("database_url_given")
    @classmethod
    def _postgresql(cls, value: str) -> str:
        return _checked_url(value, schemes={"postgres", "postgresql"})

    @field_validator("redis_url_given")
    @classmethod
    def _redis(cls, value: str) -> str:
        return _checked_url(value, schemes={"redis", "rediss"})

    @field_validator("blob_url")
    @classmethod
    def _blobs(cls, value: str) -> str:
        return _checked_url(value, schemes={"file", "s3"})

    @field_validator("email_url")
    @classmethod
    def _mail(cls, value: str) -> str:
        return _checked_url(value, schemes={"console", "file", "smtp", "smtps"})

    @model_validator(mode="before")
    @classmethod
    def _empty_means_absent(cls, values: dict[str, object]) -> dict[str, object]:
        """`TAPESTRY_PORT=` in a unit file or a compose file means the default, as everywhere else."""
        return {name: value for name, value in values.items() if value != ""}

    @property
    def address(self) -> str:
        """Where people reach this copy: an origin without a closing slash."""
        return self.public_url or f"http://127.0.0.1:{self.port}"

    @property
    def blobs(self) -> str:
        """URL of the blob store."""
        return self.blob_url or (self.var / "blobs").as_uri()

    @property
    def run_folder(self) -> Path:
        """Locks, pid files, the beat's schedule."""
        return self.var / "run"

    @property
    def scratch(self) -> Path:
        """Work in progress, unpacked data among it; emptied at each start."""
        return self.var / "scratch"

    @property
    def socket_folder(self) -> Path:
        """Folder of the unix sockets: `var/run`, or where that is too long a short one, named by a hash."""
        longest = self.run_folder / "postgresql" / ".s.PGSQL.5432"
        if len(os.fsencode(longest)) <= LONGEST_SOCKET_PATH:
            return self.run_folder
        return (
            Path(tempfile.gettempdir()) / f"tapestry-{hashlib.sha256(os.fsencode(self.var)).hexdigest()[:16]}"
        )

    @property
    def postgres_sockets(self) -> Path:
        """Folder that holds the embedded PostgreSQL's socket and nothing else."""
        return self.socket_folder / "postgresql"

    @property
    def valkey_socket(self) -> Path:
        """The embedded Valkey's socket."""
        return self.socket_folder / "valkey.sock"

    @property
    def embeds_database(self) -> bool:
        """Whether PostgreSQL is ours to start."""
        return not self.database_url_given

    @property
    def embeds_broker(self) -> bool:
        """Whether Valkey is ours to start."""
        return not self.redis_url_given

    @property
    def demonstration(self) -> bool:
        """Whether an empty catalog is filled with the demonstration; unsaid: if the database is ours."""
        return self.embeds_database if self.demonstration_given is None else self.demonstration_given

    @property
    def database_url(self) -> str:
        """A libpq connection URI."""
        if self.database_url_given:
            return self.database_url_given
        folder = quote(str(self.postgres_sockets), safe="")
        return f"postgresql://{DATABASE_ROLE}@/{DATABASE_NAME}?host={folder}"

    @property
    def redis_url(self) -> str:
        """As redis-py reads it (`redis://` or `unix://`), database 0."""
        return self.redis_url_given or f"unix://{quote(str(self.valkey_socket))}"

    @property
    def broker_url(self) -> str:
        """As kombu reads it (`redis://` or `redis+socket://`)."""
        return self.redis_url_given or f"redis+socket://{quote(str(self.valkey_socket))}"

    def secret_key(self) -> str:
        """The given key, or the one kept in `var/keys/secret-key` (mode 0600), made on first use."""
        if self.secret_key_given:
            return self.secret_key_given
        path = self.var / "keys" / "secret-key"
        if not path.exists():
            _keep_new_secret(path)
        return path.read_text("ascii").strip()


def _checked_url(value: str, *, schemes: set[str]) -> str:
    if value and urlsplit(value).scheme not in schemes:
        raise ValueError(f"must be a URL that starts with one of: {', '.join(sorted(schemes))}")
    return value


def _keep_new_secret(path: Path) -> None:
    """Write a fresh key; of two processes that start at once, the first to link its file in wins."""
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        draft = path.with_name(f"{path.name}.{os.getpid()}")
        draft.touch(mode=0o600)
        draft.write_text(secrets.token_urlsafe(48), "ascii")
        with suppress(FileExistsError):
            path.hardlink_to(draft)
        draft.unlink()
    except OSError as error:
        raise EnvironmentInvalid(f"TAPESTRY_VAR: {path.parent} cannot be written: {error.strerror}") from None


@functools.cache
def read_environment() -> Environment:
    """The environment of this process.

    Raises:
        EnvironmentInvalid: a variable is unusable; the text names it and says why.
    """
    return parse_environment()


def parse_environment(**given: object) -> Environment:
    """Like `read_environment`, uncached; `given` (by field name) goes before the variables."""
    try:
        return Environment(**given)  # type: ignore[arg-type]
    except ValidationError as error:
        lines = [f"{item['loc'][0]}: {item['msg'].removeprefix('Value error, ')}" for item in error.errors()]
        raise EnvironmentInvalid("\n".join(lines)) from None
