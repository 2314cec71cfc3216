"""A process that has loaded what every command loads, and becomes one for each request: half a second less each.

What runs is a process of its own all the same, with its own folder, variables and end. Each line on stdin asks for one
(a list: arguments, variables, folder, files for stdout and stderr); the answers are its pid and, later, its exit code.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

import radtui
import radtui.cli.app
import radtui.settings.loading
import radtui.store.writer
from radtui.cli import main

_TRUNCATED = os.O_WRONLY | os.O_CREAT | os.O_TRUNC


def become_asked() -> None:
    """Serve until stdin ends; return in each child, which then is the command."""
    answers = os.fdopen(os.dup(1), "w")
    for line in sys.stdin:
        child = os.fork()
        if not child:
            os.close(answers.fileno())
            return _dress(*json.loads(line))
        print(child, file=answers, flush=True)
        print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), file=answers, flush=True)
    sys.exit()


def _dress(arguments: list[str], variables: dict[str, str], folder: str, *files: str) -> None:
    for target, file in enumerate(("/dev/null", *files)):
        opened = os.open(file, _TRUNCATED if target else os.O_RDONLY, 0o600)
        os.dup2(opened, target)
        os.close(opened)
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(variables)
    sys.argv = [str(Path(radtui.__file__).with_name("__main__.py")), *arguments]


if __name__ == "__main__":
    become_asked()
    main()
