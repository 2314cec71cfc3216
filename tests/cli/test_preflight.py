"""Nothing flies on KuCoin before it was looked at, and nothing with real money before somebody said so (row C5)."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from radtui.cli import kucoin
from radtui.cli.failures import Failure
from radtui.cli.flags import Flags
from radtui.cli.opening import opened
from radtui.cli.preflight import ask_for_word, check_settings, pass_preflight, wait_for_preflight
from radtui.exchange.check import Check, fail, ok, partial, warn
from radtui.settings.tree import Settings

KEYS = {"KUCOIN_API_KEY": "kkkkkk", "KUCOIN_API_SECRET": "ssssss", "KUCOIN_API_PASSPHRASE": "pppppp"}
LOCAL = "http://127.0.0.1:4711"


@pytest.fixture(autouse=True)
def keys(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in KEYS.items():
        monkeypatch.setenv(name, value)


def checked(headless: bool, **flags: object) -> Settings:
    typed = Flags(exchange="kucoin", **flags)  # type: ignore[arg-type]
    settings = opened(typed).settings
    check_settings(settings, typed, headless=headless)
    return settings


def test_a_rehearsal_needs_no_word() -> None:
    checked(True, kucoin_url=LOCAL)
    checked(False, kucoin_url=LOCAL, fresh=True)


def test_real_money_needs_the_flag_where_nobody_can_type() -> None:
    with pytest.raises(Failure, match="never traded headless by accident") as failure:
        checked(True, mode="live")
    assert failure.value.code == 2
    assert "--i-know-this-is-real-money" in failure.value.means
    checked(True, mode="live", i_know_this_is_real_money=True)


def test_the_cockpit_takes_no_flag_for_the_word() -> None:
    with pytest.raises(Failure, match="is for headless"):
        checked(False, mode="live", i_know_this_is_real_money=True)
    checked(False, mode="live")


def test_live_at_a_local_address_is_treated_as_real_money() -> None:
    with pytest.raises(Failure, match="by accident"):
        checked(True, mode="live", kucoin_url=LOCAL)


def test_a_real_account_is_not_begun_anew() -> None:
    with pytest.raises(Failure, match="--fresh cannot begin a real account anew"):
        checked(True, mode="live", i_know_this_is_real_money=True, fresh=True)


@pytest.mark.parametrize("headless", [True, False])
@pytest.mark.parametrize("mode", ["paper", "live"])
@pytest.mark.parametrize("url", [LOCAL, "https://api-futures.kucoin.com", "https://127.0.0.1.example.com"])
@pytest.mark.parametrize("word", [True, False])
@pytest.mark.parametrize("lost", [None, *KEYS])
def test_no_combination_leads_to_real_money_but_the_one(
    monkeypatch: pytest.MonkeyPatch, headless: bool, mode: str, url: str, word: bool, lost: str | None
) -> None:
    if lost:
        monkeypatch.delenv(lost)
    rehearsal = mode == "paper" and url == LOCAL
    allowed = lost is None and (rehearsal or (mode == "live" and word == headless))
    try:
        checked(headless, mode=mode, kucoin_url=url, i_know_this_is_real_money=word)
    except Failure as failure:
        refusal: Failure | None = failure
    else:
        refusal = None
    assert (refusal is None) == allowed
    if refusal is not None:
        assert refusal.code == 2
        assert not any(secret in refusal.text() for secret in KEYS.values())


@pytest.mark.parametrize("flag", [{"seed": "1"}, {"speed": "60"}, {"balance": "5"}])
def test_what_only_paper_has_is_refused(flag: dict[str, object]) -> None:
    with pytest.raises(Failure, match=f"--{next(iter(flag))} only exist"):
        checked(True, kucoin_url=LOCAL, **flag)


Script = Callable[..., None]


@pytest.fixture
def exchange_says(monkeypatch: pytest.MonkeyPatch) -> Script:
    """Have the look at the exchange find these."""

    def say(*checks: Check) -> None:
        async def look(_settings: Settings, tell: Callable[[Check], None], *, keyed: bool) -> tuple[Check, ...]:
            assert keyed
            for check in checks:
                tell(check)
            return checks

        monkeypatch.setattr(kucoin, "look", look)

    return say


def test_a_passed_preflight_tells_only_of_warnings(exchange_says: Script) -> None:
    note = warn("API key", "open to all", "bind it")
    exchange_says(ok("clock", "right"), note)
    told: list[Check] = []
    assert pass_preflight(checked(True, kucoin_url=LOCAL), told.append) == (ok("clock", "right"), note)
    assert told == [note]


def test_a_failed_preflight_says_each_reason_with_its_remedy(exchange_says: Script) -> None:
    exchange_says(fail("API key", "wrong secret", "copy it again"), fail("symbols", "no BTC", "say XBT"))
    with pytest.raises(Failure, match="not ready to fly: API key, symbols") as failure:
        pass_preflight(checked(True, kucoin_url=LOCAL), lambda _: None)
    assert failure.value.code == 1
    for words in ("wrong secret", "copy it again", "no BTC", "say XBT", "Nothing was started"):
        assert words in failure.value.means
    assert "doctor --live" in failure.value.todo


def test_an_exchange_that_is_away_is_waited_for_and_what_does_not_pass_is_not(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    away, wrong = fail("exchange", "no answer", "wait", passing=True), fail("API key", "wrong", "copy it")
    answers = [(away,), (away,), (ok("exchange", "open"), partial("margin mode", "cross", "switch it"))]

    async def look(_settings: Settings, tell: Callable[[Check], None], *, keyed: bool) -> tuple[Check, ...]:
        found = answers.pop(0)
        for check in found:
            tell(check)
        return found

    monkeypatch.setattr(kucoin, "look", look)
    told, waits = list[Check](), list[float]()
    found = wait_for_preflight(checked(True, kucoin_url=LOCAL), told.append, waits.append)
    assert [check.name for check in found] == ["exchange", "margin mode"]
    assert waits == [5.0, 10.0]
    assert [check.name for check in told] == ["exchange", "exchange", "margin mode"]
    assert "no answer" in told[0].said
    answers.append((away, wrong))
    with pytest.raises(Failure, match="API key"):
        wait_for_preflight(checked(True, kucoin_url=LOCAL), told.append, waits.append)
    assert len(waits) == 2


@pytest.mark.parametrize("typed", ["", "\n", "yes\n", "RADTUI\n", "radtui2\n"])
def test_another_word_than_the_name_leaves(typed: str) -> None:
    with pytest.raises(Failure, match="not confirmed") as failure:
        ask_for_word(checked(False, mode="live"), (), lambda: typed)
    assert failure.value.code == 1


def test_the_name_is_the_word_and_the_money_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    money = ok("money", "equity 10,000.00 USDT, 9,000.00 available")
    ask_for_word(checked(False, mode="live"), [money], lambda: "radtui\n")
    said = capsys.readouterr().err
    assert "REAL MONEY at api-futures.kucoin.com" in said
    assert "equity 10,000.00 USDT" in said
    assert not any(secret in said for secret in KEYS.values())
