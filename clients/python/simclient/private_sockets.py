"""Where a server of this process's own listens, so that nobody else can connect."""

from __future__ import annotations

import os
import secrets
import socket
import stat
import tempfile

#: Longest path of a Unix socket that every system takes.
_MAX_PATH = 100


def private_address() -> str:
    """An address for a new server: a Unix socket in a folder that only this user can enter, where there are such."""
    if not hasattr(socket, "AF_UNIX"):
        return "tcp://127.0.0.1:0"
    name = f"{os.getpid()}-{secrets.token_hex(4)}.socket"
    # One folder a user stays, in place of one for every process that was killed before it could clean up.
    path = os.path.join(_user_folder(tempfile.gettempdir()), name)
    if len(path) > _MAX_PATH:
        path = os.path.join(_user_folder("/tmp"), name)
    return f"unix://{path}"


def _user_folder(parent: str) -> str:
    folder = os.path.join(parent, f"sim-{os.getuid()}")
    try:
        os.mkdir(folder, 0o700)
    except FileExistsError:
        pass
    found = os.lstat(folder)
    # Others may have made it first, to see who comes.
    if stat.S_ISDIR(found.st_mode) and found.st_uid == os.getuid() and not found.st_mode & 0o077:
        return folder
    return tempfile.mkdtemp(prefix="sim-", dir=parent)
