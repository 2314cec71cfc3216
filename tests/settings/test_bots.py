"""A bot's own settings are documented, closed and frozen like all others, and so are the account's."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from radtui.exchange.shared.limits import AccountLimits
from radtui.settings.bots import Account, OneBot
from radtui.settings.keys import BOT_KEYS, Key, lookup


@pytest.mark.parametrize("key", BOT_KEYS.values(), ids=BOT_KEYS)
def test_every_key_says_what_it_means_and_is_found_under_any_name(key: Key) -> None:
    assert key.meaning
    assert key.allowed
    assert lookup(key.name.replace("NAME", "alpha")) is key


def test_unknown_keys_and_changes_are_refused() -> None:
    with pytest.raises(ValidationError, match="not permitted"):
        OneBot.model_validate({"nonsense": 1})
    with pytest.raises(ValidationError, match="frozen"):
        setattr(OneBot(), "budget", 1)  # noqa: B010 - mypy knows that it is frozen


def test_the_accounts_limits_are_those_of_what_they_configure() -> None:
    limits, section = AccountLimits(), Account()
    assert (section.exposure, section.margin_share) == (limits.exposure, limits.margin_share)
