"""The settings of the alerts: who is told, when, and of what (rows M3, S11)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any, Final
from zoneinfo import ZoneInfo

from pydantic import Field, SecretStr

from radtui.core.alert_view import Severity
from radtui.core.market import SECOND
from radtui.health.alerts.policy import Policy
from radtui.health.alerts.quiet import Quiet
from radtui.health.alerts.rules import RULES
from radtui.health.channels.address import kind_of
from radtui.settings.kinds import Kind, Listed, NoneOr, OneOf, Seconds, Spelled, Within
from radtui.settings.sections import Section

_WITHOUT_END: Final = "alerts.quiet_from and alerts.quiet_to belong together: set both, or neither"


def _set(default: Any, meaning: str, *, live: bool = True) -> Any:
    return Field(default=default, description=meaning, json_schema_extra={"live": live})


@dataclass(frozen=True)
class Zone(Kind):
    """A time zone by its IANA name."""

    @property
    def text(self) -> str:
        """What is allowed, for people."""
        return "a time zone such as UTC or Europe/Berlin (where this system lacks them: pip install tzdata)"

    def admits(self, value: Any) -> bool:
        """Tell whether this system knows it."""
        try:
            return bool(ZoneInfo(value).key)
        except (ValueError, OSError, KeyError):  # KeyError: there is no such zone
            return False


@dataclass(frozen=True)
class Way(Kind):
    """The address of a channel, as apprise writes them."""

    @property
    def text(self) -> str:
        """What is allowed, for people."""
        return "NAME = an address that apprise understands: mailto://…, tgram://…, slack://…, discord://…, json://…"

    def admits(self, value: Any) -> bool:
        """Tell whether it could be one; whether it works is seen by `radtui alerts test`."""
        return kind_of(value.get_secret_value()) != "unknown"


RuleName = Annotated[str, OneOf(tuple(RULES))]
TimeOfDay = Annotated[str, Spelled(r"([01]\d|2[0-3]):[0-5]\d", "a time such as 22:30")]


class Alerts(Section):
    """Alerts: what is wrong is told to people. The cockpit and the log have them always."""

    cooldown: Seconds = _set(900.0, "seconds in which a rule tells of the same subject once")
    repeat: Annotated[float, NoneOr(Within("60", "86400"))] = _set(
        3600.0, "seconds after which an alert that nobody has acknowledged is sent again; 0: never"
    )
    least: Severity = _set(Severity.WARNING, "least severity that is sent to the channels")
    muted: Annotated[tuple[RuleName, ...], Listed] = _set((), "rules that never fire")
    quiet_from: TimeOfDay | None = _set(None, "begin of the quiet hours: what waits is sent when they end")
    quiet_to: TimeOfDay | None = _set(None, "end of the quiet hours")
    quiet_zone: Annotated[str, Zone()] = _set("UTC", "time zone of the quiet hours")
    quiet_passes: Severity = _set(Severity.ALARM, "least severity that is sent in the quiet hours all the same")
    channels: dict[str, Annotated[SecretStr, Way()]] = _set(
        {}, "who is told: name of a channel = its address (secret)", live=False
    )

    @property
    def contradiction(self) -> str:
        """What excludes each other in it, for people; empty where nothing does."""
        return "" if (self.quiet_from is None) is (self.quiet_to is None) else _WITHOUT_END

    @property
    def policy(self) -> Policy:
        """When somebody is told."""
        return Policy(
            cooldown=round(self.cooldown * SECOND),
            repeat=round(self.repeat * SECOND),
            least=self.least,
            muted=self.muted,
            quiet=self._quiet(),
        )

    def _quiet(self) -> Quiet | None:
        if self.quiet_from is None or self.quiet_to is None:
            return None
        return Quiet(_minute(self.quiet_from), _minute(self.quiet_to), self.quiet_zone, self.quiet_passes)


def _minute(time: str) -> int:
    hour, _, minute = time.partition(":")
    return int(hour) * 60 + int(minute)
