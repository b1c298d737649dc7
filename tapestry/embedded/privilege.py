"""PostgreSQL refuses to run as root. When we are root, it runs as an existing unprivileged user.

Nothing is added to the system: no account, no file mode outside `var`. Where that user may not pass through
some folder above its files (a home folder of mode 0700, say), the server alone is given CAP_DAC_OVERRIDE.
"""

import os
import pwd
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

from tapestry.embedded.process import Account

UNPRIVILEGED = "nobody"


class PrivilegeMissing(Exception):  # noqa: N818 - named for what is the case
    """Root cannot hand the server to an unprivileged user here; the text carries the remedy."""


def account_for(data: Path) -> Account | None:
    """Who shall run the server: ourselves (None), the owner of the data, or `nobody`.

    Raises:
        PrivilegeMissing: we are root and the system knows no unprivileged user.
    """
    if os.geteuid() != 0:
        return None
    if data.exists() and (owner := data.stat()).st_uid != 0:
        return Account(owner.st_uid, owner.st_gid)
    try:
        entry = pwd.getpwnam(UNPRIVILEGED)
    except KeyError:
        raise PrivilegeMissing(
            f"PostgreSQL does not run as root, and there is no user named {UNPRIVILEGED}. "
            "Start Tapestry Catalog as an ordinary user, or name a server by DATABASE_URL."
        ) from None
    return Account(entry.pw_uid, entry.pw_gid)


def give(path: Path, account: Account | None) -> None:
    """Make a folder private to the account (mode 0700)."""
    path.mkdir(parents=True, exist_ok=True)
    path.chmod(0o700)
    if account is not None:
        os.chown(path, account.uid, account.gid)


def launcher(account: Account | None, *paths: Path) -> tuple[list[str], Account | None]:
    """What to put before a command, and the account that `Child` itself must then switch to.

    Raises:
        PrivilegeMissing: a folder cannot be passed and `setpriv` (util-linux) cannot help.
    """
    if account is None or all(_reachable(path, account) for path in paths):
        return [], account
    prefix = _setpriv(account)
    closed = next(path for path in paths if not _reachable(path, account))
    if prefix is None:
        raise PrivilegeMissing(
            f"PostgreSQL does not run as root, and the user {UNPRIVILEGED} may not reach {closed}. "
            "Start Tapestry Catalog as an ordinary user, or set TAPESTRY_VAR (and the folder of the virtual "
            "environment) to a place that everyone may pass through, such as /srv/tapestry."
        )
    return prefix, None


def _reachable(path: Path, account: Account) -> bool:
    """Whether the account may pass each folder above the path, judged by mode bits alone."""
    for folder in path.resolve().parents:
        status = folder.stat()
        bit = 0o100 if status.st_uid == account.uid else 0o010 if status.st_gid == account.gid else 0o001
        if not status.st_mode & bit:
            return False
    return True


def _setpriv(account: Account) -> list[str] | None:
    program = shutil.which("setpriv")
    if program is None:
        return None
    only = "-all,+dac_override"
    prefix = [program, f"--reuid={account.uid}", f"--regid={account.gid}", "--clear-groups"]
    prefix += [
        f"--inh-caps={only}",
        f"--ambient-caps={only}",
        f"--bounding-set={only}",
        "--pdeathsig=INT",
        "--",
    ]
    return prefix if _works([*prefix, "true"]) else None


def _works(argv: Sequence[str]) -> bool:
    return subprocess.run(argv, capture_output=True, check=False).returncode == 0
