from __future__ import annotations

from pathlib import Path

import pytest

from radtui.strategies.base import StrategyRefused
from radtui.strategies.catalogue import BUILT_IN, known, load
from radtui.strategies.installed import installed
from radtui.strategies.proving import contract, prove
from tests.strategies.packages import install


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.syspath_prepend(tmp_path)
    return tmp_path


def test_what_a_package_offers_is_found_by_its_name(folder: Path) -> None:
    install(folder, "owls_a", "silent = owls_a:Silent")
    (offer,) = installed()
    assert (offer.name, offer.package) == ("silent", "owls_a 1.2")
    assert known() == [*BUILT_IN, "silent"]
    assert load("silent")(contract()).name == "silent"
    assert prove(load("silent")) == []


def test_nothing_is_imported_before_it_is_asked_for(folder: Path) -> None:
    install(folder, "owls_b", "silent = owls_b:Silent", source="raise RuntimeError('imported')")
    assert [offer.name for offer in installed()] == ["silent"]
    with pytest.raises(
        StrategyRefused, match=r"strategy silent of owls_b 1.2 cannot be loaded: RuntimeError: imported"
    ):
        load("silent")


@pytest.mark.parametrize(
    ("offers", "told"),
    [
        ("silent = owls_c:Loud", "cannot be loaded: AttributeError"),
        ("silent = owls_d:Silent", "cannot be loaded: ModuleNotFoundError"),
        ("silent = owls_c:HOLD", r"owls_c:HOLD of owls_c 1.2 is not a strategy: a class with on_candle"),
    ],
)
def test_an_offer_that_cannot_be_kept_is_refused(folder: Path, offers: str, told: str) -> None:
    install(folder, "owls_c", offers)
    with pytest.raises(StrategyRefused, match=told):
        load("silent")


def test_a_built_in_name_cannot_be_taken_over(folder: Path) -> None:
    install(folder, "owls_e", "rsi = owls_e:Silent")
    assert load("rsi").name == "rsi"
    assert known() == list(BUILT_IN)


def test_of_two_that_offer_one_name_neither_is_chosen(folder: Path) -> None:
    install(folder, "owls_f", "silent = owls_f:Silent")
    install(folder, "owls_g", "silent = owls_g:Silent")
    with pytest.raises(StrategyRefused, match=r"owls_f 1.2 and owls_g 1.2 each offer a strategy silent"):
        load("silent")


def test_an_unknown_name_is_answered_with_what_is_installed_too(folder: Path) -> None:
    install(folder, "owls_h", "silent = owls_h:Silent")
    with pytest.raises(StrategyRefused, match=r"did you mean silent\?.*; built in: ema_cross, .*; installed: silent; "):
        load("silnt")
