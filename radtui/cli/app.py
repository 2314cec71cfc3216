"""The commands by name. Only the one that is called is imported."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches
from importlib import import_module
from itertools import chain
from typing import Annotated, Final

from cyclopts import App, CycloptsError, Parameter
from cyclopts.exceptions import UnknownCommandError, UnknownOptionError, UnusedCliTokensError

from radtui import __version__
from radtui.cli.failures import Exit, Failure
from radtui.cli.flags import CommonFlags, Flags

_NO_FLAGS: Final = Flags()
_EMERGENCY: Final = (
    "Flat, now, with a receipt.\n\nCancels all entries, closes all positions, reads back flat, cancels the stops. "
    "Where no engine runs but its journal is here, the command flies one that only flattens: give the flags that the "
    "engine had. Exit 4 after --timeout, naming what remains: an engine that runs goes on trying, and the next start "
    "goes on where this command left off."
)
_EXIT_CODES: Final = (
    "Exit codes: 0 done, 1 refused or failed, 2 usage, 3 no engine there, 4 not safe (positions or orders of ours may "
    "remain), 130 and 143 ended by Ctrl+C and SIGTERM."
)
for _flags in (CommonFlags, Flags):
    Parameter(name="*")(_flags)  # each of its fields is a flag under its own name
CommonFlags.__annotations__["i_know_this_is_real_money"] = Annotated[bool, Parameter(negative="")]  # nobody denies it
CommonFlags.__annotations__["set_"] = Annotated[tuple[str, ...], Parameter(name="--set", negative="")]

app: Final = App(
    name="radtui",
    version=__version__,
    version_flags=["--version"],
    help="The keyboard-driven cockpit for a KuCoin Futures trading bot. Without a command: the cockpit, on paper.",
    exit_on_error=False,
    print_error=False,
    result_action="return_value",
    help_format="plaintext",
    help_epilogue=_EXIT_CODES,  # of every command, for they are the same everywhere
    default_parameter=Parameter(show_default=False),
)
_config: Final = App(name="config", help="Show, check and document the settings.")
_config.command("radtui.cli.config:show", name="show", help="Every setting, and where its value came from.")
_config.command("radtui.cli.config:check", name="check", help="Whether the settings can be used.")
_config.command("radtui.cli.config:diff", name="diff", help="What a running engine does not go by yet.")
_config.command("radtui.cli.config:reload", name="reload", help="Have a running engine read its settings again.")
_config.command("radtui.cli.config:rollback", name="rollback", help="Take a running engine's last change back.")
_config.command("radtui.cli.config:defaults", name="defaults", help="A TOML file of all defaults.")
app.command(_config)
app.command("radtui.cli.init:init", name="init", help="Write a first configuration, or the files of a server.")
app.command("radtui.cli.doctor:doctor", name="doctor", help="Whether the bot could fly as it is set up here.")
_sim: Final = App(name="sim", help="The simulated exchange.")
_sim.command("radtui.cli.sim:serve_command", name="serve", help="KuCoin's protocol on a port, for rehearsals.")
_sim.command("radtui.cli.sim_run:run_command", name="run", help="The bot in worlds where everything goes wrong.")
app.command(_sim)
_data: Final = App(name="data", help="Market data: candles on disk, for --market and the backtest.")
_data.command("radtui.cli.data:download", name="download", help="Fetch candles from KuCoin; goes on where it stopped.")
_data.command("radtui.cli.data:import_file", name="import", help="Take candles from CSV, Parquet, JSON or feather.")
_data.command("radtui.cli.data:list_all", name="list", help="What there is.")
_data.command("radtui.cli.data:check", name="check", help="Gaps, repeats and candles that cannot be.")
app.command(_data)
app.command("radtui.cli.backtest:backtest", name="backtest", help="Fly a strategy through recorded candles.")
app.command("radtui.cli.sweep:sweep", name="sweep", help="Search a strategy's parameters in recorded candles.")
app.command("radtui.cli.strategies:app", name="strategies", help="What there is to trade with; a new one of your own.")
app.command("radtui.cli.diff:diff", name="diff", help="A day's decisions beside a replay of its candles.")
app.command("radtui.cli.replay:replay", name="replay", help="Run a recorded flight again and compare.")
app.command("radtui.cli.guard:guard", name="guard", help="Look after the account on KuCoin if the engine dies.")
app.command("radtui.cli.backup:backup", name="backup", help="Copy the journal to a file, also while the bot flies.")
app.command("radtui.cli.backup:restore", name="restore", help="Put a backup in the journal's place.")
app.command("radtui.cli.attach:attach", name="attach", help="The cockpit on engines that run, here or elsewhere.")
app.command("radtui.cli.serve:serve", name="serve", help="The same in a browser on this machine.")
app.command("radtui.cli.looking:status", name="status", help="The engines that run here.")
app.command("radtui.cli.telling:start", name="start", help="Start trading.")
app.command("radtui.cli.telling:pause", name="pause", help="Let no entries through; positions stay protected.")
app.command("radtui.cli.telling:resume", name="resume", help="Trade again after a pause.")
app.command("radtui.cli.telling:stop", name="stop", help="Stop trading; positions keep their stops.")
app.command("radtui.cli.telling:shutdown", name="shutdown", help="End the engine gracefully.")
app.command("radtui.cli.emergency:emergency_stop", name="emergency-stop", help=_EMERGENCY)
app.command("radtui.cli.telling:reset_metrics", name="reset-metrics", help="Begin the cycle metrics anew.")
app.command("radtui.cli.telling:reset_breakers", name="reset-breakers", help="Let entries through again.")
app.command("radtui.cli.looking:breakers", name="breakers", help="What holds entries back, and until when.")
app.command("radtui.cli.alerts:alerts", name="alerts", help="What is wrong, who has seen it, who is told.")
app.command("radtui.cli.looking:positions", name="positions", help="What is open, with its stop.")
app.command("radtui.cli.looking:orders", name="orders", help="Our orders.")
app.command("radtui.cli.order:order", name="order", help="Place an order by hand; it passes every gate.")
app.command("radtui.cli.why:why", name="why", help="Why a symbol did or did not trade.")
app.command("radtui.cli.reports:report", name="report", help="Health, reconciliation or profile.")
app.command("radtui.cli.run:run", name="run", help="Run the engine without a cockpit, for servers.")
app.command(
    "radtui.cli.completion:install", name="--install-completion", help="Complete commands and flags in your shell."
)


@app.default
def cockpit(*, flags: Flags = _NO_FLAGS) -> int:
    """Open the cockpit with its engine."""
    code: int = import_module("radtui.cli.cockpit").cockpit(flags=flags)
    return code


def answer(arguments: list[str]) -> int:
    """Carry out a command line and return its exit code.

    Raises:
        Failure: it was not understood (exit code 2), or what the command raised.
    """
    try:
        result = app(arguments)
    except CycloptsError as error:
        raise _misunderstood(error) from None
    return result if isinstance(result, int) else Exit.DONE


def _misunderstood(error: CycloptsError) -> Failure:
    command = " ".join(["radtui", *(error.command_chain or ())])
    return Failure(_title(error), todo=f"see `{command} --help`", code=Exit.USAGE)


def _title(error: CycloptsError) -> str:
    """Name what was not understood, without the value of an unknown flag: it could be a secret."""
    if isinstance(error, UnknownOptionError):
        flag = (error.token.keyword or error.token.value).partition("=")[0]
        return f"unknown flag {flag}" + _hint(
            flag, chain.from_iterable(known.names for known in error.argument_collection)
        )
    if isinstance(error, UnknownCommandError) and error.unused_tokens:
        name = error.unused_tokens[0]
        return f"unknown command {name}" + _hint(name, error.app or app)
    if isinstance(error, UnusedCliTokensError) and error.unused_tokens:
        name = error.unused_tokens[0]
        if not error.command_chain:
            return f"unknown command {name}" + _hint(name, app)
        return f"unexpected argument {name}"
    return str(error).rstrip(".")


def _hint(typed: str, known: Iterable[str]) -> str:
    close = get_close_matches(typed, list(known), n=1)
    return f"; did you mean {close[0]}?" if close else ""
