"""The folder of the unix sockets, which may lie in the temporary folder that everyone shares."""

import os
import stat

from tapestry.embedded.process import ChildFailed
from tapestry.environment import Environment


def claim_socket_folder(environment: Environment) -> None:
    """Make the folder, or see that it is ours: a name that others can guess, others can take first.

    Others may pass (when we are root, the database's user does) and see nothing; the sockets are closed.

    Raises:
        ChildFailed: someone else's folder, or a link, stands at its place.
    """
    folder = environment.socket_folder
    folder.mkdir(mode=0o711, parents=True, exist_ok=True)
    status = folder.lstat()
    if not stat.S_ISDIR(status.st_mode) or status.st_uid != os.geteuid():
        raise ChildFailed(
            f"{folder} belongs to somebody else. Set TAPESTRY_VAR to a folder with a shorter path."
        )
    if status.st_mode & 0o022:
        folder.chmod(0o711)
