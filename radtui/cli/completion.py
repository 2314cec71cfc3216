"""``radtui --install-completion``: commands and flags at the tab key of bash, zsh and fish."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated, Final, Literal

from cyclopts import Parameter

from radtui.cli.failures import Exit, Failure
from radtui.cli.streams import say

Shell = Literal["bash", "zsh", "fish"]
_SHELLS: Final[dict[str, Shell]] = {"bash": "bash", "zsh": "zsh", "fish": "fish"}
_NEXT: Final = {
    "bash": "~/.bashrc loads it: begin a new shell",
    "zsh": "~/.zshrc has its folder in fpath: begin a new shell; if it completes nothing, end ~/.zshrc with `compinit`",
    "fish": "fish loads it by itself: begin a new shell",
}


def install(
    *,
    shell: Annotated[Shell | None, Parameter(help="Which shell; without it the one that $SHELL names.")] = None,
    only_print: Annotated[
        bool, Parameter(name="--print", help="Print the script and change nothing.", negative="")
    ] = False,
) -> int:
    """Install the completion of commands and flags for your shell, or print its script."""
    from radtui.cli.app import app

    chosen = shell or _own_shell()
    if only_print:
        say(app.generate_completion(prog_name="radtui", shell=chosen).rstrip())
        return Exit.DONE
    try:
        path = app.install_completion(shell=chosen, output=_fish_folder() if chosen == "fish" else None)
    except OSError as error:
        raise Failure(
            f"the completion cannot be written: {error.strerror}",
            todo=f"`radtui --install-completion --shell {chosen} --print > FILE`, and load that file from your shell",
        ) from None
    say(f"wrote {path}\n{_NEXT[chosen]}")
    return Exit.DONE


def _fish_folder() -> Path | None:
    """Return where fish looks in the configuration folder that is set; None for the usual one."""
    folder = os.environ.get("XDG_CONFIG_HOME")
    return Path(folder) / "fish" / "completions" / "radtui.fish" if folder else None


def _own_shell() -> Shell:
    """Return the person's shell.

    Raises:
        Failure: it is none that can be completed in (exit code 2).
    """
    name = Path(os.environ.get("SHELL", "")).name
    if name not in _SHELLS:
        raise Failure(
            f"no completion for the shell {name}" if name else "$SHELL names no shell",
            todo="give --shell bash, zsh or fish",
            code=Exit.USAGE,
        )
    return _SHELLS[name]
