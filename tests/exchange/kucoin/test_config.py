import msgspec
import pytest

from radtui.core.order import MarginMode
from radtui.exchange.kucoin.config import KucoinConfig


def test_what_nobody_knows_is_refused():
    with pytest.raises(msgspec.ValidationError, match="leverage"):
        msgspec.convert({"leverage": 3}, KucoinConfig)


def test_the_usual_ones_are_safe():
    config = KucoinConfig()
    assert config.margin_mode is MarginMode.ISOLATED
    assert config.symbols == ()
