"""The keys of the cockpit as data: one table for bindings, footer, help and refusals (row T2)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from textual.binding import Binding

from radtui.core.instruction import Ask
from radtui.core.lifecycle import State, Verb, admitted


@dataclass(frozen=True, slots=True)
class Key:
    """One binding.

    Attributes:
        id: what a user's keymap names.
        key: Textual's names, several separated by commas; the first is the one shown.
        action: of the cockpit screen.
        label: two words for the footer.
        help: one sentence for the help screen.
        group: ``bot``, ``row``, ``view`` or ``cockpit``.
        footer: whether the footer shows it.
    """

    id: str
    key: str
    action: str
    label: str
    help: str
    group: str
    footer: bool = False


PANES: Final = ("status", "positions", "money", "api", "heartbeats", "errors", "orders")
"""The panes in the order of their numbers, by id."""

TITLES: Final = {
    "status": "Status",
    "positions": "Positions",
    "money": "P/L",
    "api": "API success",
    "heartbeats": "Heartbeats",
    "errors": "Errors",
    "orders": "Orders and fills",
}

GROUPS: Final = {
    "bot": "The bot",
    "row": "The row under the cursor",
    "view": "What is shown",
    "cockpit": "The cockpit",
}

KEYS: Final = (
    Key(
        "start", "s", "ask('start')", "start", "Start trading. From error as well as from stopped.", "bot", footer=True
    ),
    Key(
        "pause",
        "p",
        "ask('pause')",
        "pause",
        "No new entries; entry orders are cancelled; positions keep their stops. Outlasts a restart.",
        "bot",
        footer=True,
    ),
    Key("resume", "r", "ask('resume')", "resume", "Trade again after a pause.", "bot", footer=True),
    Key("shutdown", "g", "shutdown", "shut down", "Graceful shutdown: shows what it would do, asks once.", "bot", True),
    Key("reset", "m", "reset", "reset metrics", "Cycle metrics to zero; asks. Touches no order.", "bot", True),
    Key(
        "emergency",
        "exclamation_mark",
        "emergency",
        "emergency",
        "Emergency stop: cancels orders and closes positions. Wants the word STOP typed.",
        "bot",
        footer=True,
    ),
    Key("why", "w", "why", "why", "Why the row's symbol did or did not trade: gate by gate.", "row", footer=True),
    Key("open", "enter", "open", "open", "All that is known of the row.", "row"),
    Key("filter", "slash", "filter", "filter", "Show only the rows that contain a text; esc shows all.", "row", True),
    Key("copy", "y", "copy", "copy row", "Copy the row to your clipboard, also over SSH (OSC 52).", "row"),
    *(
        Key(f"pane.{name}", str(number), f"pane('{name}')", TITLES[name], f"Go to {TITLES[name]}.", "view")
        for number, name in enumerate(PANES, 1)
    ),
    Key("next", "tab", "step(1)", "next pane", "Go to the next pane.", "view"),
    Key("previous", "shift+tab", "step(-1)", "previous pane", "Go to the previous pane.", "view"),
    Key("zoom", "z", "zoom", "zoom", "One pane fills the screen, or all panes again.", "view"),
    Key("back", "escape", "back", "back", "Clear the filter, leave the zoom.", "view"),
    Key("control", "c", "control", "control", "Take control from whoever sits at this bot too; asks first.", "cockpit"),
    Key("fleet", "0", "app.fleet", "fleet", "All bots of this cockpit in one table.", "cockpit"),
    Key("bot.next", "n", "app.other(1)", "next bot", "Go to the next bot of this cockpit.", "cockpit"),
    Key("bot.previous", "N", "app.other(-1)", "previous bot", "Go to the previous bot of this cockpit.", "cockpit"),
    Key("help", "question_mark,f1", "help", "help", "This list.", "cockpit", footer=True),
    Key("palette", "ctrl+p", "palette", "palette", "Find any command, pane, page or theme by name.", "cockpit", True),
    Key("leave", "q,ctrl+c", "leave", "leave", "Leave the cockpit; asks while the bot works.", "cockpit", footer=True),
)
"""Every key. No default lies on ctrl+a, ctrl+b, ctrl+q, ctrl+s or ctrl+z: tmux, screen, flow control, job control."""

TABLE_KEYS: Final = ("up", "down", "j", "k", "pageup", "pagedown", "home", "end", "G")
"""What moves the cursor of a table, which has the keyboard first."""

_BY_ID: Final = {key.id: key for key in KEYS}

WORDS: Final = {
    Ask.START: "start",
    Ask.PAUSE: "pause",
    Ask.RESUME: "resume",
    Ask.STOP: "stop",
    Ask.SHUTDOWN: "graceful shutdown",
    Ask.EMERGENCY_STOP: "emergency stop",
    Ask.RESET_METRICS: "metrics reset",
    Ask.RESET_BREAKERS: "reset of breakers",
    Ask.ACKNOWLEDGE: "acknowledgement",
    Ask.TEST_ALERTS: "test of the alerts' channels",
    Ask.PREVIEW: "preview",
    Ask.CHECK_CONFIG: "look at the settings",
    Ask.RELOAD_CONFIG: "reload of the settings",
    Ask.ROLLBACK_CONFIG: "rollback of the settings",
    Ask.CHANGE_CONFIG: "change of settings",
    Ask.CANCEL_ORDER: "cancel of an order",
    Ask.PLACE_ORDER: "order by hand",
    Ask.BACKTEST: "backtest",
    Ask.CANCEL_BACKTEST: "cancel of the backtest",
    Ask.WHY_DAY: "look at a day",
}

_VERBS: Final = {Ask.START: Verb.START, Ask.PAUSE: Verb.PAUSE, Ask.RESUME: Verb.RESUME, Ask.STOP: Verb.STOP}

_SHOWN: Final = {
    "question_mark": "?",
    "exclamation_mark": "!",
    "slash": "/",
    "escape": "esc",
    "full_stop": ".",
    "comma": ",",
    "colon": ":",
    "semicolon": ";",
    "minus": "-",
    "plus": "+",
}


def bindings(keys: Iterable[Key] = KEYS) -> list[Binding]:
    """Return Textual's bindings for `keys`, each with its id and help."""
    return [Binding(key.key, key.action, key.label, show=key.footer, tooltip=key.help, id=key.id) for key in keys]


def shown(key: str) -> str:
    """Return a key as a person reads it: ``question_mark`` → ``?``, ``ctrl+p`` → ``^p``, of several the first."""
    first = key.split(",", maxsplit=1)[0].strip()
    return _SHOWN.get(first, first.replace("ctrl+", "^"))


def key_of(name: str, keymap: Mapping[str, str]) -> str:
    """Return the key that the binding `name` has under `keymap`, as a person reads it."""
    return shown(keymap.get(name, _BY_ID[name].key))


def settled(keymap: Mapping[str, str]) -> tuple[dict[str, str], tuple[str, ...]]:
    """Return `keymap` without what would take a key from another binding, and a sentence about each entry left out.

    A key that stops the bot must not be lost to a slip in a file: the binding that had the key keeps it.
    """
    kept = {name: key for name, key in keymap.items() if name in _BY_ID or name.startswith("table.")}
    complaints = [f"keymap: there is no binding {name}; ? lists them" for name in keymap if name not in kept]
    while (found := _clash(kept)) is not None:
        name, key, owner = found
        del kept[name]
        complaints.append(f"keymap: {shown(key)} is taken by {owner}; {name} stays on {key_of(name, kept)}")
    return kept, tuple(complaints)


def _clash(keymap: Mapping[str, str]) -> tuple[str, str, str] | None:
    """Return the first entry that names a key of another binding: its name, the key, the other's name."""
    owners = dict.fromkeys(TABLE_KEYS, "the tables")
    names = [*(key.id for key in KEYS if key.id not in keymap), *(name for name in keymap if name in _BY_ID)]
    for name in names:
        for key in (each.strip() for each in keymap.get(name, _BY_ID[name].key).split(",")):
            if key in owners and name in keymap:
                return name, key, owners[key]
            owners[key] = name
    return None


def possible(ask: Ask, state: State) -> bool:
    """Return whether `ask` does anything in `state`; shutdown, emergency stop and reset always do."""
    verb = _VERBS.get(ask)
    return verb is None or verb in admitted(state)


def refusal(ask: Ask, state: State, keymap: Mapping[str, str]) -> str:
    """Return why `ask` does nothing now, and which keys do something."""
    named = (("start", Ask.START), ("pause", Ask.PAUSE), ("resume", Ask.RESUME), ("shutdown", Ask.SHUTDOWN))
    now = [f"{key_of(name, keymap)} {_BY_ID[name].label}" for name, each in named if possible(each, state)]
    return f"{WORDS[ask]} does nothing while {state}; possible now: {', '.join(now)}"
