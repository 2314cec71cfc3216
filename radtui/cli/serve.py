"""``radtui serve``: the cockpit in a browser on this machine, attached to engines that run."""

from __future__ import annotations

import asyncio
import secrets
import signal
from importlib.util import find_spec
from typing import Annotated, Final

from cyclopts import Parameter

from radtui.cli.failures import Exit, Failure
from radtui.cli.streams import say
from radtui.cli.targets import aimed
from radtui.resilience.redaction import hide

_PORT: Final = 8002
_MOST_PORT: Final = 65_535
_NOTHING: Final = "Nothing was started; engines fly on."


def serve(
    *engines: Annotated[str, Parameter(help="As for attach: names, process ids, URLs; none: all that run here.")],
    port: Annotated[int, Parameter(help="Port on 127.0.0.1; 0 takes a free one.")] = _PORT,
) -> int:
    """Serve the cockpit to browsers on this machine until a signal; prints the address with its token.

    Each visitor gets a cockpit like `radtui attach`. From another machine: `ssh -L 8002:127.0.0.1:8002 HOST`.
    """
    if not 0 <= port <= _MOST_PORT:
        raise Failure(f"--port {port} is out of range", means=_NOTHING, todo="give 0 to 65535", code=Exit.USAGE)
    if find_spec("textual_serve") is None:
        raise Failure(
            "the browser's part is not installed", means=_NOTHING, todo="python -m pip install 'radtui[browser]'"
        )
    aimed(engines)  # a name that is wrong is better said now than in a browser
    token = secrets.token_urlsafe(32)
    hide([token])
    return 128 + asyncio.run(_serve(engines, token, port))


async def _serve(engines: tuple[str, ...], token: str, port: int) -> signal.Signals:
    from radtui.cli.browser import HOST, CockpitServer
    from radtui.cli.visit import visitors_command

    server = CockpitServer(visitors_command(engines), token, port)
    try:
        runner = await server.open()
    except OSError as error:
        raise Failure(
            f"port {port} cannot be had: {error.strerror}",
            means=_NOTHING,
            todo="choose another --port; 0 takes a free one",
        ) from None
    try:
        say(f"http://{HOST}:{server.port}/#{token}")
        return await _signal()
    finally:
        await runner.cleanup()


async def _signal() -> signal.Signals:
    """Wait for a signal that ends the server, and return it."""
    loop = asyncio.get_running_loop()
    caught: asyncio.Future[signal.Signals] = loop.create_future()

    def note(number: signal.Signals) -> None:
        if not caught.done():
            caught.set_result(number)

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        loop.add_signal_handler(number, note, number)
    return await caught
