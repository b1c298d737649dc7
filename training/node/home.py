"""A node's own folder: configuration, key, policy, data and work in progress."""

import os
from functools import cached_property
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from provenance.signing.keys import PrivateKey
from training.node.toml_files import checked, read_toml


class NodeConfig(BaseModel):
    """``node.toml``. ``TAPESTRY_NODE_COORDINATOR`` and ``TAPESTRY_NODE_BROKER`` win over the file.

    ``processes`` is how many train together, one an accelerator. ``proxy`` and ``ca_file`` (PEM) are for
    networks that ask for them; ``max_bytes_per_second`` bounds all transfers together, 0 does not.
    ``keep_updates_bytes`` is how much room the copies of delivered updates may take: 0 keeps none.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    slug: Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=80)]
    name: str
    member: Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=80)]
    form: Literal["attached", "sovereign"]
    jurisdiction: Annotated[str, Field(pattern=r"^[A-Z]{2}$")]
    coordinator: Annotated[
        str, BeforeValidator(lambda url: str(url).rstrip("/")), Field(pattern=r"^https?://")
    ]
    broker: str = ""
    data: Path = Path("data")
    threads: Annotated[int, Field(ge=1, le=256)] = 1
    processes: Annotated[int, Field(ge=1, le=64)] = 1
    proxy: str = ""
    ca_file: Path | None = None
    max_bytes_per_second: Annotated[int, Field(ge=0)] = 0
    streams: Annotated[int, Field(ge=1, le=32)] = 4
    keep_updates_bytes: Annotated[int, Field(ge=0)] = 32 << 30

    @model_validator(mode="after")
    def _attached_needs_a_broker(self) -> Self:
        if self.form == "attached" and not self.broker:
            raise ValueError("an attached node needs 'broker', the address of the coordinator's queue")
        return self


class NodeHome:
    """The folder that ``--home`` names, and everything in it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder.absolute()

    @cached_property
    def config(self) -> NodeConfig:
        """The checked configuration.

        Raises:
            SetupError: ``node-config``, naming the file and each field that is wrong.
        """
        path = self.folder / "node.toml"
        values = read_toml(path, code="node-config")
        for field, variable in (
            ("coordinator", "TAPESTRY_NODE_COORDINATOR"),
            ("broker", "TAPESTRY_NODE_BROKER"),
        ):
            if given := os.environ.get(variable):
                values[field] = given
        return checked(NodeConfig, values, path, code="node-config")

    @cached_property
    def key(self) -> PrivateKey:
        """The node's signing key: made here on first use, mode 0600, never sent anywhere."""
        return PrivateKey.load_or_create(self.keys / "node.key")

    @property
    def keys(self) -> Path:
        """Folder of the key in force and of those before it."""
        return self.folder / "keys"

    def key_named(self, did: str) -> PrivateKey | None:
        """Return the key of this DID: the one in force, or one that was rotated and finishes its work."""
        if did == self.key.did:
            return self.key
        older = (PrivateKey.load_or_create(path) for path in sorted(self.keys.glob("until-*.key")))
        return next((key for key in older if key.did == did), None)

    @property
    def data(self) -> Path:
        """Folder of the member's own data: ``<dataset slug>/<path of the file>``."""
        return self.folder / self.config.data

    @property
    def policy_file(self) -> Path:
        """The member's own rules for this node."""
        return self.folder / "policy.toml"

    @property
    def seals(self) -> Path:
        """What opens the seals of private data: for this machine's operator alone, and not to be lost."""
        folder = self.folder / "seals"
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        return folder

    @property
    def cache(self) -> Path:
        """Pulled files by their sha256."""
        return self._made("cache")

    @property
    def queue_folder(self) -> Path:
        """Where a sovereign node's own queue lives."""
        return self._made("queue")

    @property
    def jobs(self) -> Path:
        """One folder for each job that this node knows: its journal, and its work in progress."""
        return self._made("jobs")

    @property
    def updates(self) -> Path:
        """Copies of the updates that were delivered, by their sha256."""
        return self._made("updates")

    @property
    def builds(self) -> Path:
        """One folder for each private build, with what it made."""
        return self._made("builds")

    def _made(self, name: str) -> Path:
        folder = self.folder / name
        folder.mkdir(parents=True, exist_ok=True)
        return folder
