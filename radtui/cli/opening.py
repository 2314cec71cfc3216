"""From the flags to the settings, and to the leave to fly: what every command that needs settings does first."""

from __future__ import annotations

from radtui.cli.crash import report_to
from radtui.cli.failures import Exit, Failure
from radtui.cli.flags import Flags
from radtui.health.channels.address import secrets_in
from radtui.resilience.redaction import hide
from radtui.settings.folders import private_folder
from radtui.settings.loading import Loaded, SettingsRefused, load
from radtui.settings.places import Places, places
from radtui.settings.tokens import parse_tokens
from radtui.settings.tree import Settings


def opened(flags: Flags) -> Loaded:
    """Return the settings of this command; their secrets are masked from now on.

    Raises:
        Failure: something in them is wrong (exit code 2); it names every fault.
    """
    try:
        loaded = load(flags.layer(), config=flags.config)
    except SettingsRefused as refused:
        raise unusable(refused) from None
    report_to(places(loaded.settings).state)
    keep_secret(loaded.settings)
    return loaded


def keep_secret(settings: Settings) -> None:
    """Have the secrets of `settings` masked in all output from now on."""
    kucoin, tokens = settings.kucoin, settings.api.tokens
    hide(value.get_secret_value() for value in (kucoin.key, kucoin.secret, kucoin.passphrase) if value)
    hide(part for url in settings.alerts.channels.values() for part in secrets_in(url.get_secret_value()))
    hide(token.secret for token in parse_tokens(tokens.get_secret_value() if tokens else ""))


def ready_to_fly(flags: Flags, settings: Settings, *, headless: bool) -> Places:
    """Return the folders of a flight, made.

    Raises:
        Failure: KuCoin is asked for and something for it is missing (exit code 2), or the state folder cannot be made
            (1).
    """
    if settings.bot.exchange != "paper":
        from radtui.cli.preflight import check_settings

        check_settings(settings, flags, headless=headless)
    if settings.bots and not headless:
        raise Failure(
            "several bots fly without a cockpit of their own",
            means="The settings have [bots.*] tables. Nothing was started.",
            todo="`radtui run --headless`, then `radtui attach`; or leave the tables out for a single bot",
            code=Exit.USAGE,
        )
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


def unusable(refused: SettingsRefused) -> Failure:
    """Return what a person is told of settings with faults."""
    count = len(refused.problems)
    return Failure(
        "the settings cannot be used" if count == 1 else f"the settings cannot be used: {count} problems",
        means="\n".join(refused.problems) + "\nNothing was started and nothing was sent to an exchange.",
        todo="correct them; `radtui config defaults` shows every setting",
        code=Exit.USAGE,
        document={"ok": False, "problems": list(refused.problems)},
    )
