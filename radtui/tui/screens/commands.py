"""What the palette offers: all that can be asked, every pane, why, the themes, and what helps when asking for help."""

from __future__ import annotations

import platform
from collections.abc import Iterator, Mapping
from functools import partial
from typing import TYPE_CHECKING, Final

import textual

import radtui
from radtui.core.instruction import Ask
from radtui.tui.keys import PANES, TITLES, WORDS, possible
from radtui.tui.panes.concerns import concerns
from radtui.tui.panes.view import View, mode_words
from radtui.tui.screens.alerts import AlertsSheet
from radtui.tui.screens.backtest import BacktestSheet
from radtui.tui.screens.palette import Command
from radtui.tui.screens.portfolio import PortfolioPage
from radtui.tui.screens.profile import profile_lines
from radtui.tui.screens.recovery import recovery_lines
from radtui.tui.screens.scan import ScannerPage
from radtui.tui.screens.status import StatusSheet
from radtui.tui.screens.strategies import StrategiesSheet
from radtui.tui.screens.text import TextSheet, concern_lines
from radtui.tui.themes import Palette

if TYPE_CHECKING:
    from radtui.tui.screens.cockpit import CockpitScreen

_VERBS: Final = {
    Ask.START: "Start trading.",
    Ask.PAUSE: "No new entries; positions keep their stops.",
    Ask.RESUME: "Trade again after a pause.",
    Ask.STOP: "No more cycles and entries; positions keep their stops; start works again.",
}


def commands(screen: CockpitScreen, themes: Mapping[str, Palette]) -> list[Command]:
    """Return every command, those that act on the bot first."""
    return [*_asks(screen), *_looks(screen), *_whys(screen), *_aids(screen), *_themes(screen, themes)]


def diagnostics(view: View, size: tuple[int, int], theme: str) -> str:
    """Return what a bug report needs, and no secret: versions, terminal, state, workers, concerns."""
    snapshot = view.snapshot
    status = snapshot.status
    made = f"snapshot {snapshot.sequence} aged {view.age / 1e9:.1f} s"
    lines = [
        f"radtui {radtui.__version__}, textual {textual.__version__}, Python {platform.python_version()}",
        f"terminal {size[0]}x{size[1]}, theme {theme}",
        f"bot {snapshot.bot}, {mode_words(view)}, {status.state}, {made}",
        f"cycles {status.cycles}, failed {status.cycles_failed}, in a row {status.failures_in_a_row}; {status.error}",
        f"positions {len(snapshot.positions)}, orders {len(snapshot.orders)}, fills {len(snapshot.fills)}",
        f"API {snapshot.api.success:.2f} % of {snapshot.api.total}, reconnects {snapshot.api.reconnects}",
        *(
            f"worker {each.name}: age {each.age}, limit {each.limit}, restarts {each.restarts}"
            for each in snapshot.workers
        ),
        *(f"concern: {each.text}" for each in concerns(view)),
        *(f"error: {each.kind} ×{each.count} in {each.where}" for each in snapshot.errors[:10]),
    ]
    return "\n".join(lines)


def _asks(screen: CockpitScreen) -> Iterator[Command]:
    for ask, words in _VERBS.items():
        now = "" if possible(ask, screen.view.snapshot.status.state) else "Not now. "
        yield Command(WORDS[ask], now + words, partial(screen.action_ask, ask))
    yield Command("graceful shutdown", "Ends the engine; asks first.", screen.action_shutdown)
    yield Command("emergency stop", "Cancels and closes everything; asks for the word.", screen.action_emergency)
    yield Command("reset metrics", "Cycle metrics to zero; asks first.", screen.action_reset)
    yield from _breakers(screen)
    if screen.view.reach.told:
        yield Command("take control", "From who sits at this bot too; asks first.", screen.action_control)
    yield Command("leave", "Leave the cockpit.", screen.action_leave)


def _breakers(screen: CockpitScreen) -> Iterator[Command]:
    tripped = [breaker.name for breaker in screen.view.snapshot.breakers if breaker.tripped]
    now = "" if tripped else "None is tripped. "
    yield Command("reset breakers", f"{now}Every tripped one counts anew; asks first.", screen.action_reset_breakers)
    for name in tripped:
        yield Command(f"reset {name}", "Count anew from now; asks first.", partial(screen.action_reset_breakers, name))


def _looks(screen: CockpitScreen) -> Iterator[Command]:
    for number, name in enumerate(PANES, 1):
        yield Command(f"pane {number} {TITLES[name]}", f"Go to {TITLES[name]}.", partial(screen.action_pane, name))
    if screen.view.reach.tabs:
        yield Command("fleet", "All bots of this cockpit in one table.", partial(_act, screen, "app.fleet"))
    yield Command("zoom", "One pane fills the screen, or all panes again.", screen.action_zoom)


def _whys(screen: CockpitScreen) -> Iterator[Command]:
    yield Command("why", "Every symbol's last signal, gate by gate.", partial(screen.open_why, None))
    yield Command("why day", "How often each gate refused an entry, day by day.", screen.action_why_day)
    for each in screen.view.snapshot.why:
        yield Command(f"why {each.symbol}", each.outcome, partial(screen.open_why, each.symbol))


def _aids(screen: CockpitScreen) -> Iterator[Command]:
    yield Command("status", "State, trading mode, protection, recovery in full.", partial(_status, screen))
    yield Command("alerts", "What fires, what did, who is told; acknowledge here.", partial(_alerts, screen))
    yield Command("configuration", "Every setting; reload and roll back here.", screen.action_configuration)
    yield Command("breakers", "Each with value, limit, and when it resets.", screen.action_breakers)
    yield Command("scanner", "What the scan of the market found, and every part of each score.", partial(_scan, screen))
    yield Command("portfolio", "Budgets of the day, performance, strategies, allocation.", partial(_portfolio, screen))
    yield Command("strategies", "What each goes by, and its parameters.", partial(_strategies, screen))
    yield Command("backtest", "Fly a strategy through history beside the bot; progress, result.", partial(_fly, screen))
    yield Command("profile", "Where the time goes, what is slow, what to do.", partial(_profile, screen))
    yield Command("recovery", "What this start found, and what differs since.", partial(_recovery, screen))
    yield Command("receipt", "The last receipt again.", screen.action_receipt)
    yield Command("concerns", "All that needs your eye, worst first.", partial(_concerns, screen))
    yield Command("help", "Every key.", screen.action_help)
    yield Command("copy diagnostics", "Versions, state, workers, concerns; no secret.", partial(_copy, screen))
    yield Command("save screenshot", "This screen as an SVG file.", partial(_shoot, screen))


def _themes(screen: CockpitScreen, themes: Mapping[str, Palette]) -> Iterator[Command]:
    for name in sorted(themes):
        yield Command(f"theme {name}", themes[name].description, partial(screen.say, f"theme {name}"), theme=name)


def _concerns(screen: CockpitScreen) -> None:
    screen.app.push_screen(TextSheet("What needs you", concern_lines, screen.view))


def _status(screen: CockpitScreen) -> None:
    screen.app.push_screen(StatusSheet(screen.view, screen.action_breakers))


def _alerts(screen: CockpitScreen) -> None:
    screen.app.push_screen(AlertsSheet(screen.view, lambda ask, subject: screen.ask(ask, subject=subject)))


def _strategies(screen: CockpitScreen) -> None:
    screen.app.push_screen(StrategiesSheet(screen.view))


def _fly(screen: CockpitScreen) -> None:
    screen.app.push_screen(BacktestSheet(screen.view, lambda ask, subject: screen.ask(ask, subject=subject)))


def _profile(screen: CockpitScreen) -> None:
    screen.app.push_screen(TextSheet("Profile", profile_lines, screen.view))


def _scan(screen: CockpitScreen) -> None:
    screen.app.push_screen(ScannerPage(screen.view))


def _portfolio(screen: CockpitScreen) -> None:
    screen.app.push_screen(PortfolioPage(screen.view))


def _recovery(screen: CockpitScreen) -> None:
    screen.app.push_screen(TextSheet("Recovery", recovery_lines, screen.view))


def _act(screen: CockpitScreen, action: str) -> None:
    screen.call_later(screen.run_action, action)


def _copy(screen: CockpitScreen) -> None:
    screen.app.copy_to_clipboard(diagnostics(screen.view, screen.app.size, screen.app.theme))
    screen.say("diagnostics copied to your clipboard")


def _shoot(screen: CockpitScreen) -> None:
    screen.say(f"screenshot saved: {screen.app.save_screenshot()}")
