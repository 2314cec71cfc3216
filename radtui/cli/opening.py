"""From the flags to the settings, and to the leave to fly: what every command that needs settings does first."""

from __future__ import annotations

from radtui.cli.crash import report_to
from radtui.cli.failures import Exit, Failure
from radtui.cli.flags import Flags
from radtui.cli.redaction import hide
from radtui.settings.folders import private_folder
from radtui.settings.live import lacking
from radtui.settings.loading import Loaded, SettingsRefused, load
from radtui.settings.places import Places, places
from radtui.settings.tree import Settings


def opened(flags: Flags) -> Loaded:
    """Return the settings of this command; their secrets are masked from now on.

    Raises:
        Failure: something in them is wrong (exit code 2); it names every fault.
    """
    try:
        loaded = load(flags.layer(), config=flags.config)
    except SettingsRefused as refused:
        raise _unusable(refused) from None
    report_to(places(loaded.settings).state)
    kucoin = loaded.settings.kucoin
    hide(value.get_secret_value() for value in (kucoin.key, kucoin.secret, kucoin.passphrase) if value)
    return loaded


def ready_to_fly(flags: Flags, settings: Settings) -> Places:
    """Return the folders of a flight, made; this version flies on paper only (row C5).

    Raises:
        Failure: KuCoin is asked for (exit code 2), or the state folder cannot be made (1).
    """
    if settings.bot.exchange != "paper":
        raise _paper_only(lacking(settings, confirmed=flags.confirm_live or ""))
    there = places(settings)
    try:
        private_folder(there.state)
    except OSError as error:
        raise Failure(
            f"the state folder {there.state} cannot be made: {error.strerror}",
            means="Without it no order can be noted before it is sent, so nothing was started.",
            todo="choose another folder with --state, or set paths.state",
        ) from None
    return there


def _unusable(refused: SettingsRefused) -> Failure:
    count = len(refused.problems)
    return Failure(
        "the settings cannot be used" if count == 1 else f"the settings cannot be used: {count} problems",
        means="\n".join(refused.problems) + "\nNothing was started and nothing was sent to an exchange.",
        todo="correct them; `radtui config defaults` shows every setting",
        code=Exit.USAGE,
        document={"ok": False, "problems": list(refused.problems)},
    )


def _paper_only(missing: tuple[str, ...]) -> Failure:
    lines = [f"Live trading would also need {line}." for line in missing]
    return Failure(
        "this version flies paper only: it has no KuCoin connection yet",
        means="\n".join(["Nothing was started, and paper is never taken silently where KuCoin is asked for.", *lines]),
        todo="leave --exchange kucoin out (or set bot.exchange = paper) to fly on the simulated exchange",
        code=Exit.USAGE,
    )
