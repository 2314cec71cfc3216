"""The sections of the settings: every field with its default, its unit and what it means (rows C1, L6, S5)."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Any, Final, Literal

from pydantic import BaseModel, ConfigDict, Field

from radtui.core.config import Adoption, PastStop, Policy
from radtui.core.instruction import ExitPolicy
from radtui.settings.kinds import (
    Color,
    Faults,
    File,
    Host,
    HostNames,
    Level,
    Moment,
    Name,
    Origins,
    Seconds,
    Secret,
    Share,
    Symbols,
    Timeframe,
    Tokens,
    Url,
    Within,
    Word,
)

_ADOPTION: Final = Adoption()


def _set(default: Any, meaning: str, *, live: bool = False) -> Any:
    """Return a field. `live`: a bot that flies can be told anew (row C4); all else takes a restart."""
    return Field(default=default, description=meaning, json_schema_extra={"live": live})


class Section(BaseModel):
    """A group of settings: frozen, and no key that is not named here."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)


class Bot(Section):
    """Which bot this is and what it trades."""

    name: Name = _set("radtui", "name of the bot and prefix of its order ids: it says whose an order is")
    exchange: Literal["paper", "kucoin"] = _set("paper", "where it trades: the simulated exchange or KuCoin Futures")
    mode: Literal["paper", "live"] = _set("paper", "live moves real money, and is asked for a second time at the start")
    strategy: Word = _set("ema_cross", "name of a strategy, or FILE:CLASS of your own")
    timeframe: Timeframe = _set("5m", "candle at whose close the strategy decides")
    symbols: Symbols = _set((), "contracts to trade; none: all that the paper market or the strategy offers")
    dev: bool = _set(False, "short intervals for development, on the simulated exchange only")


class Cycle(Section):
    """The pace of the trading loop."""

    interval: Seconds = _set(300.0, "seconds between two cycles at the longest (60 with bot.dev)", live=True)
    max_retries: Annotated[int, Within("1", "100", whole=True)] = _set(
        3, "failed cycles in a row that stop the bot", live=True
    )
    retry_delay: Seconds = _set(60.0, "seconds before the first retry of a failed cycle (10 with bot.dev)", live=True)
    deadline: Seconds = _set(30.0, "seconds after which a cycle counts as failed", live=True)


class Engine(Section):
    """How closely the engine looks."""

    position_update_interval: Seconds = _set(1.0, "seconds between two looks at positions and account")
    heartbeat_limit: Annotated[float, Within("10", "86400")] = _set(
        30.0, "seconds after which a silent worker is unhealthy"
    )
    warmup: Annotated[int, Within("0", "10000", whole=True)] = _set(
        500, "closed candles read before the first decision"
    )
    report_interval: Seconds = _set(3600.0, "seconds between two health reports in the log", live=True)


class Protection(Section):
    """How long a position may be without a stop, and a request without an answer."""

    within: Moment = _set(5.0, "seconds a position may be without a confirmed stop before it is closed", live=True)
    quiet_time: Annotated[float, Within("6", "86400")] = _set(
        6.0, "seconds after which an unanswered request can no longer arrive"
    )
    stale_after: Seconds = _set(30.0, "seconds of market silence that forbid an entry")


class Recovery(Section):
    """What becomes of positions that are found on the exchange and are not of this bot's making."""

    foreign_positions: Policy = _set(Policy.ADOPT, "taken over and protected, or left alone and only shown")
    past_stop: PastStop = _set(PastStop.CLOSE, "found with the market beyond its stop already: closed, or left alone")
    stop_share: Share = _set(_ADOPTION.stop_share, "stop of a position that is taken over, share of its entry price")
    target_share: Share = _set(_ADOPTION.target_share, "target of one that is taken over, share of its entry price")


class Shutdown(Section):
    """What a graceful shutdown does."""

    exits: ExitPolicy = _set(
        ExitPolicy.KEEP, "positions stay with their stops on the exchange, or are closed", live=True
    )
    grace: Seconds = _set(30.0, "seconds it waits for orders in flight", live=True)


class Guard(Section):
    """The guardian: a process of its own that looks after the account on KuCoin if the engine dies."""

    start: Literal["auto", "on", "off"] = _set("auto", "whether the engine starts its guardian; auto: with real money")
    silence: Annotated[float, Within("2", "3600")] = _set(
        60.0, "seconds without a beat of the engine after which it acts"
    )
    flatten: bool = _set(False, "it also closes the positions; without it they stay with their stops")
    exchange_switch: bool = _set(
        False,
        "also arm KuCoin's own dead-man switch for contracts on which nothing but entries of ours rests: "
        "it cancels every order there, also those of other hands",
    )


class Paper(Section):
    """The simulated exchange."""

    seed: Annotated[int, Within("0", "9223372036854775807", whole=True)] | None = _set(
        None, "seed of the market model and the faults; not set: that of the account's last flight, else 1"
    )
    speed: Annotated[int, Within("1", "100000", whole=True)] = _set(60, "market seconds in a wall second")
    balance: Annotated[Decimal, Within("1", "1000000000")] = _set(Decimal(10000), "balance at the start, USDT")
    market: File = _set(None, "file of recorded candles to replay in place of the market model")
    faults: Faults = _set((), "faults to inject: chance of each a call, latency in milliseconds")
    slippage: Annotated[Decimal, Within("0", "0.1")] = _set(
        Decimal("0.0005"), "slippage of a market order, share of the price"
    )


class Kucoin(Section):
    """KuCoin Futures. Keep the three secrets in the environment, not in a file."""

    url: Url = _set(
        "https://api-futures.kucoin.com", "address of the REST interface; on this machine it is a rehearsal"
    )
    key: Secret = _set(None, "API key (secret)")
    secret: Secret = _set(None, "API secret (secret)")
    passphrase: Secret = _set(None, "API passphrase (secret)")
    margin_mode: Literal["isolated", "cross"] = _set(
        "isolated", "margin of new positions, as the contracts have it there"
    )
    max_topics: Annotated[int, Within("10", "300", whole=True)] = _set(100, "topics on one connection of the feed")


class Api(Section):
    """The API on TCP. The control socket needs none of this: it is there always, for your own user alone."""

    tcp: bool = _set(False, "also listen on TCP, for other machines; never without a token")
    host: Host = _set(None, "address to listen at, which also turns TCP on; not set: 127.0.0.1, this machine alone")
    port: Annotated[int, Within("1", "65535", whole=True)] = _set(8001, "TCP port")
    tokens: Tokens = _set(None, "who may ask, and what: one token each (secret)")
    tokens_file: File = _set(None, "file of your own user alone (0600) that holds tokens, one a line")
    token: Secret = _set(None, "what `radtui attach URL` shows to an engine elsewhere (secret)")
    token_file: File = _set(None, "file of your own user alone (0600) with that token, or lines of URL and token")
    token_in_clear: bool = _set(
        False, "send it over plain http to another machine too, where anybody on the way can read it"
    )
    origins: Origins = _set((), "web pages that a browser may ask from (CORS); none: no page may")
    hosts: HostNames = _set((), "names under which it is reached, besides localhost and numeric addresses")

    @property
    def listens(self) -> bool:
        """Whether there is a TCP port."""
        return self.tcp or self.host is not None

    @property
    def address(self) -> str:
        """Where it listens."""
        return self.host or "127.0.0.1"


class Recorder(Section):
    """The flight recorder: what core was told and answered, for `radtui replay`."""

    enabled: bool = _set(True, "record every flight of the cockpit and of run --headless")
    megabytes: Annotated[int, Within("8", "100000", whole=True)] = _set(
        200, "all recordings of a bot in megabytes; beyond it the oldest go"
    )
    days: Annotated[float, Within("0", "3650", above=True)] = _set(7.0, "days after which a recording goes")


class Ui(Section):
    """The cockpit."""

    theme: Word = _set("radtui-dark", "name of a theme: ours, or a file of the themes folder")
    color: Color = _set("auto", "colours the terminal is given")
    refresh: Annotated[float, Within("0.2", "30")] = _set(4.0, "data refreshes, per second (Hz)")
    keymap: dict[str, str] = _set({}, "keys of your own: name of the binding = key")


class Log(Section):
    """The log."""

    level: Level = _set("info", "least severe line that is written", live=True)
    file: File = _set(None, "file of the cockpit's log; not set: radtui.log in the state folder")


class Paths(Section):
    """Folders; not set: the platform's own."""

    state: File = _set(None, "folder of journal, recorder, locks and logs")
    data: File = _set(None, "folder of market data: candles by symbol, timeframe and month")
    config: File = _set(None, "folder of config.toml and themes; only by environment or .env")
