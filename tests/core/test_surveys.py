"""A question what a stop would do: answered once, with what there is then; nothing else is asked for or changed."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from radtui.core.book import BookShown, Level
from radtui.core.commands import Answer, Survey
from radtui.core.events import BooksShown
from radtui.core.instruction import Ask, ExitPolicy, Instruction
from radtui.core.preview import Preview
from radtui.core.surveys import Surveys
from tests.core.holdings import holding
from tests.core.makers import XBT
from tests.core.rim import SYMBOLS, Rim

AT_ONCE = 16
STEPS = st.lists(st.tuples(st.booleans(), st.integers(0, 25).map(str)), max_size=80)
POLICIES = (None, ExitPolicy.KEEP, ExitPolicy.FLATTEN)


def question(name: str = "p", exits: ExitPolicy | None = None, *, foreign: bool = False) -> Instruction:
    return Instruction(id=name, ask=Ask.PREVIEW, who="lena", exits=exits, foreign=foreign)


def answered(rim: Rim, *books: BookShown, name: str = "p") -> Preview:
    rim.core.surveys.take(BooksShown(rim.at, name, books))
    (answer,) = rim.core.desk.clear()
    assert isinstance(answer, Answer)
    assert (answer.receipt.id, answer.receipt.who, answer.receipt.status) == (name, "lena", "preview")
    assert answer.receipt.preview is not None
    return answer.receipt.preview


@given(STEPS)
def test_each_question_is_answered_once_at_most_and_the_latest_are_those_that_wait(
    steps: list[tuple[bool, str]],
) -> None:
    core = Rim().core
    surveys, waiting = Surveys(core.desk, core.trading), list[str]()
    core.desk.clear()
    for asks, name in steps:
        if asks:
            surveys.ask(question(name))
            assert core.desk.clear() == [Survey(name, ())]
            waiting = [*waiting, *([] if name in waiting else [name])][-AT_ONCE:]
            continue
        surveys.take(BooksShown(core.desk.at, name, ()))
        told = [command.receipt.id for command in core.desk.clear() if isinstance(command, Answer)]
        assert told == ([name] if name in waiting else [])
        waiting = [each for each in waiting if each != name]


def test_the_latest_sixteen_wait() -> None:
    core = Rim().core
    for number in range(AT_ONCE + 3):
        core.surveys.ask(question(str(number)))
    core.desk.clear()
    for number in range(AT_ONCE + 3):
        core.surveys.take(BooksShown(core.desk.at, str(number), ()))
    told = [command.receipt.id for command in core.desk.clear() if isinstance(command, Answer)]
    assert told == [str(number) for number in range(3, AT_ONCE + 3)]


@pytest.mark.parametrize("exits", POLICIES)
@pytest.mark.parametrize("symbols", [(), SYMBOLS[:1], SYMBOLS])
def test_just_the_books_are_asked_for_that_a_close_would_need(
    symbols: tuple[str, ...], exits: ExitPolicy | None
) -> None:
    rim = holding(*symbols) if symbols else Rim()
    rim.core.surveys.ask(question(exits=exits))
    wanted = () if exits is ExitPolicy.KEEP else tuple(sorted(symbols))
    assert rim.core.desk.clear() == [Survey("p", wanted)]


@pytest.mark.parametrize("exits", POLICIES)
def test_what_is_closed_is_not_kept_and_what_is_kept_keeps_its_stop(exits: ExitPolicy | None) -> None:
    rim = holding(*SYMBOLS)
    rim.core.surveys.ask(question(exits=exits))
    rim.core.desk.clear()
    preview = answered(rim)
    counts = (len(preview.closes), len(preview.stops), len(preview.keeps))
    assert counts == ((0, 0, 2) if exits is ExitPolicy.KEEP else (2, 2, 0))
    assert preview.cancels == ()


def closed_meanwhile(rim: Rim) -> None:
    del rim.core.trading.positions.open[XBT.symbol]


def grown_meanwhile(rim: Rim) -> None:
    rim.signal(SYMBOLS[1], 0.9)
    rim.calm(6)
    rim.core.desk.clear()


@pytest.mark.parametrize(("change", "closes"), [(closed_meanwhile, ()), (grown_meanwhile, tuple(sorted(SYMBOLS)))])
def test_it_tells_of_the_moment_in_which_the_books_came(change: Callable[[Rim], None], closes: tuple[str, ...]) -> None:
    rim = holding(XBT.symbol)
    rim.core.surveys.ask(question())
    rim.core.desk.clear()
    change(rim)
    preview = answered(rim, BookShown(XBT.symbol, bids=(Level(rim.market.prices[XBT.symbol], 10**6),)))
    assert tuple(each.symbol for each in preview.closes) == closes
    assert {each.symbol for each in preview.closes if each.failing} == set(closes) - {XBT.symbol}
    assert preview.at == rim.core.desk.at
