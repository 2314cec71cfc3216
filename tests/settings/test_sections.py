"""Every setting is documented, closed and frozen, and its defaults are those of what it configures."""

from decimal import Decimal

import msgspec
import pytest
from pydantic import ValidationError

from radtui.core.config import CoreConfig, Limits
from radtui.core.exit_terms import HOUSE
from radtui.core.tiers import BY_BALANCE
from radtui.core.windowing import Window
from radtui.engine.config import EngineConfig
from radtui.exchange.kucoin.config import KucoinConfig
from radtui.settings.keys import KEYS, Key
from radtui.settings.risk import Risk
from radtui.settings.sections import Cycle, Kucoin, Section
from radtui.settings.tree import SECTIONS, Settings


@pytest.mark.parametrize("key", KEYS.values(), ids=KEYS)
def test_every_setting_says_what_it_means_and_what_it_may_be(key: Key) -> None:
    assert key.meaning
    assert key.allowed


@pytest.mark.parametrize("section", SECTIONS.values(), ids=SECTIONS)
def test_every_section_refuses_unknown_keys_and_changes(section: type[Section]) -> None:
    with pytest.raises(ValidationError, match="not permitted"):
        section.model_validate({"nonsense": 1})
    with pytest.raises(ValidationError, match="frozen"):
        setattr(section(), next(iter(section.model_fields)), 1)


def test_the_defaults_are_those_of_core_and_engine() -> None:
    made = Settings().engine_config(boot=1, autostart=False, virtual=False)
    core = CoreConfig(bot="radtui", boot=1, speed=60, limits=Risk().limits, exit_terms=HOUSE, window=Window(trades=5))
    assert made == EngineConfig(core=core)


def test_the_limits_are_those_of_core_and_what_core_leaves_to_whoever_asks() -> None:
    asked = {"leverage_adapts": True, "group_share": Decimal("0.4"), "spread": Decimal("0.01")}
    left = {"leverage": None, "position_share": None}
    tiers = tuple(msgspec.structs.replace(tier, **left) for tier in BY_BALANCE)
    assert Risk().limits == msgspec.structs.replace(Limits(), **asked, volatility=Decimal("0.1"), tiers=tiers)


def test_the_defaults_of_production() -> None:
    cycle = Cycle()
    assert (cycle.interval, cycle.max_retries, cycle.retry_delay) == (300, 3, 60)


def test_the_defaults_of_kucoin_are_those_of_its_client() -> None:
    client, section = KucoinConfig(), Kucoin()
    assert (section.url, section.max_topics) == (client.hosts.futures, client.topics)
    assert section.margin_mode.upper() == client.margin_mode


def test_a_refusal_by_pydantic_shows_no_value() -> None:
    with pytest.raises(ValidationError) as refused:
        Kucoin(url="https://me:hunter2hunter2@x")
    assert "hunter2" not in str(refused.value)
