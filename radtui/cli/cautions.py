"""What in usable settings a person should know of: secrets that others can read, alerts that nobody will get."""

from __future__ import annotations

from collections.abc import Iterator

from radtui.exchange.check import Check, warn
from radtui.health.channels.by_apprise import understood
from radtui.settings.loading import Loaded


def exposed(loaded: Loaded) -> Iterator[Check]:
    """Yield each settings file with a secret in it that every user of this machine can read."""
    for path in loaded.exposed:
        said = f"{path} holds a secret, and every user of this machine can read it"
        yield warn("secrets", said, f"`chmod 600 {path}`, and where others use this machine replace the secret.")


def cautions(loaded: Loaded) -> Iterator[Check]:
    """Yield all of it. With channels it takes a moment: their library is loaded."""
    yield from exposed(loaded)
    for name, address in loaded.settings.alerts.channels.items():
        if not understood(address.get_secret_value()):
            said = f"nothing can be sent to alerts.channels.{name}: its address is none that apprise understands"
            yield warn("alerts", said, "Write it as apprise documents it; `radtui alerts test` sends to all of them.")
