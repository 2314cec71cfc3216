"""What may be asked of an engine from here, and what is said where it may not."""

import pytest
from lines import REACHES

from radtui.core.instruction import Ask, Receipt
from radtui.engine import wire
from radtui.engine.helm import FREE_FOR_ALL
from radtui.tui.reach import HERE, unheard_of

AWAY = ("lost", "connecting", "refused")


@pytest.mark.parametrize("name", REACHES)
def test_an_emergency_stop_is_hindered_only_by_a_token_that_may_look(name: str) -> None:
    assert bool(REACHES[name].hinders(Ask.EMERGENCY_STOP, "c")) is (name == "only-looking")


@pytest.mark.parametrize("ask", Ask)
def test_here_and_with_control_nothing_is_hindered(ask: Ask) -> None:
    assert not any(REACHES[name].hinders(ask, "c") for name in ("live", "far", "free", "late", "tabs"))
    assert not HERE.hinders(ask, "c")


@pytest.mark.parametrize("name", AWAY)
def test_off_the_line_nothing_is_asked_and_it_is_said(name: str) -> None:
    reach = REACHES[name]
    assert reach.hinders(Ask.PAUSE, "c").startswith(f"{reach.trouble}: nothing was asked; the bot flies on")
    assert not reach.through


@pytest.mark.parametrize("name", ["watching", "taken"])
@pytest.mark.parametrize("ask", sorted(set(Ask) - FREE_FOR_ALL))
def test_who_watches_is_told_who_holds_control_and_the_key_that_takes_it(name: str, ask: Ask) -> None:
    said = REACHES[name].hinders(ask, "f9")
    assert said.startswith("bob/pts-4 holds control: nothing was asked; f9 takes over")


def test_a_cockpit_alone_with_its_engine_has_nothing_to_tell() -> None:
    assert not HERE.told
    assert all(reach.told for reach in REACHES.values())


@pytest.mark.parametrize("status", [wire.WITHDRAWN, wire.LOST])
def test_what_no_engine_wrote_is_known_by_the_words_of_the_wire(status: str) -> None:
    receipt = Receipt(id="1", ask=Ask.PAUSE, success=False, message="", status=status, at=0)
    assert unheard_of(receipt)
