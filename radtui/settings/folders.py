"""The platform's own folders, and how one of ours is made: loads nothing of the settings."""

from __future__ import annotations

import errno
import stat
from pathlib import Path
from typing import Final

import platformdirs

_APP: Final = "radtui"


def config_folder(chosen: str | None) -> Path:
    """Return the folder of the configuration: `chosen`, else the platform's own."""
    return Path(chosen).expanduser().absolute() if chosen else platformdirs.user_config_path(_APP)


def state_folder() -> Path:
    """Return the platform's own folder of state."""
    return platformdirs.user_state_path(_APP)


def control_folder() -> Path:
    """Return the folder of the control sockets: the same for every engine of this user, whatever its settings say.

    It is not the session's runtime folder: that goes with the last login, and an engine outlives logins.
    """
    return state_folder() / "run"


def accounts_folder() -> Path:
    """Return where the locks of accounts lie: one place a user, whatever state folder a bot is given.

    It is not the runtime folder, for that is swept when the user logs out, and an engine flies on.
    """
    return state_folder() / "accounts"


def data_folder() -> Path:
    """Return the platform's own folder of data."""
    return platformdirs.user_data_path(_APP)


def cache_folder() -> Path:
    """Return the platform's own folder of what can be made again."""
    return platformdirs.user_cache_path(_APP)


def open_to_all(path: Path) -> bool:
    """Return whether every user of this machine can read a file: it may be read, and so reached, by others."""
    try:
        whole = path.resolve()
        reached = all(above.stat().st_mode & stat.S_IXOTH for above in whole.parents)
        return reached and bool(whole.stat().st_mode & stat.S_IROTH)
    except OSError:  # it is gone, or not even we can look
        return False


def private_folder(folder: Path) -> Path:
    """Create `folder` and what is missing above it, for its owner alone (0700), and return it.

    Raises:
        OSError: it cannot be created, or something else has its name.
    """
    missing = [part for part in (folder, *folder.parents) if not part.exists()]
    for part in reversed(missing):
        part.mkdir(mode=0o700, exist_ok=True)
    if not folder.is_dir():
        raise NotADirectoryError(errno.ENOTDIR, "something else has its name", str(folder))
    return folder
