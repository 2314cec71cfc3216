"""What one reader of ``/ws/engine`` is told: the picture, the changes, the facts, however the line is cut."""

from __future__ import annotations

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from radtui.api.asking import Asking
from radtui.api.keyring import Caller, Scope
from radtui.api.streams.engine import EngineStream
from radtui.api.streams.news import News
from radtui.api.streams.telling import Burnt, Telling
from radtui.core.facts import Envelope, MetricsReset
from radtui.core.instruction import Ask
from radtui.engine import wire
from radtui.engine.helm import EMBEDDED
from radtui.engine.replica import Replica
from radtui.engine.wire import Acked, Answered, Events, Hello, Helm, Missed, Resume, TakeHelm, Tell, Whole
from tests.api.callers import Scripted
from tests.engine.pictures import pictures

CONTROL = Caller("cli:alice", Scope.CONTROL)


@pytest.fixture(autouse=True, scope="module")
def flown() -> None:
    pictures()  # it takes longer than a property may


def fact(sequence: int) -> Envelope:
    return Envelope(sequence=sequence, bot="b", at=sequence, who="test", fact=MetricsReset("test"))


class Bot:
    """A scripted engine and the door's shared parts."""

    def __init__(self) -> None:
        self.engine = Scripted()
        self.news, self.asking, self.burnt = News(self.engine), Asking(self.engine), Burnt()

    def stream(self, caller: Caller = CONTROL, run: str = "r1") -> EngineStream:
        return EngineStream(self.news, Telling(self.engine, self.asking, self.burnt, caller.name), caller, run)

    def show(self, sequence: int, kept: int = 1000) -> None:
        """Let the engine have said facts up to `sequence`, and keep the last ones."""
        first = self.engine.facts[-1].sequence + 1 if self.engine.facts else self.engine.seen.sequence + 1
        self.engine.facts = [*self.engine.facts, *map(fact, range(first, sequence + 1))][-kept:]
        self.engine.seen = msgspec.structs.replace(self.engine.seen, sequence=sequence, at=sequence)


@pytest.fixture
def bot() -> Bot:
    return Bot()


def greeted(stream: EngineStream) -> list[wire.FromServer]:
    return [wire.from_server(text) for text in stream.greeting()]


def due(stream: EngineStream) -> list[wire.FromServer]:
    return [wire.from_server(text) for text in stream.due()]


def say(stream: EngineStream, said: wire.FromClient) -> None:
    stream.heard(wire.encode(said).decode())


def test_the_picture_comes_first_then_only_what_is_new(bot: Bot) -> None:
    stream = bot.stream()
    hello, whole = greeted(stream)
    assert isinstance(hello, Hello)
    assert (hello.bot, hello.run, hello.scope, hello.version) == ("scripted", "r1", "control", wire.VERSION)
    assert whole == Whole(sequence=0, at=1, snapshot=bot.engine.seen)
    assert due(stream) == []
    bot.show(2)
    events, changed = due(stream)
    assert events == Events(events=(fact(1), fact(2)))
    assert isinstance(changed, wire.Changed)
    assert due(stream) == []


def test_many_facts_come_in_frames_of_a_bounded_size(bot: Bot) -> None:
    stream = bot.stream()
    greeted(stream)
    bot.show(1000)
    frames = [each for each in due(stream) if isinstance(each, Events)]
    assert [len(each.events) for each in frames] == [200] * 5
    assert [each.sequence for frame in frames for each in frame.events] == list(range(1, 1001))


@pytest.mark.parametrize(
    ("after", "heard"),
    [
        (90, [*range(91, 101)]),
        (100, []),
        (-1, []),
        (30, ["missed 80", *range(81, 101)]),
        (0, ["missed 80", *range(81, 101)]),
        (5000, ["missed 100"]),
    ],
)
def test_one_goes_on_where_one_left_off_and_hears_of_what_is_gone(bot: Bot, after: int, heard: list[object]) -> None:
    bot.show(100, kept=20)
    stream = bot.stream()
    greeted(stream)
    say(stream, Resume(after=after))
    assert _plain(due(stream)) == heard
    bot.show(101, kept=20)
    assert _plain(due(stream)) == [101]


def test_an_engine_that_has_just_begun_keeps_nothing(bot: Bot) -> None:
    bot.engine.seen = msgspec.structs.replace(bot.engine.seen, sequence=50)
    stream = bot.stream()
    greeted(stream)
    say(stream, Resume(after=40))
    assert _plain(due(stream)) == ["missed 50"]


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 4), st.booleans()), max_size=12))
def test_a_cut_line_hears_in_the_end_what_an_uninterrupted_one_hears(steps: list[tuple[int, int, bool]]) -> None:
    bot, (shown, facts) = Bot(), pictures()
    bot.engine.seen = msgspec.structs.replace(shown[0], sequence=0)
    steady, broken = Replica("b", "s1", "n"), Replica("b", "s2", "n")
    line = {each: _begin(bot, each) for each in (steady, broken)}
    said = 0
    for new, frames, cut in [*steps, (0, 10**6, False)]:
        bot.engine.facts = list(facts[: min(len(facts), said + new)])
        said = len(bot.engine.facts)
        sequence = bot.engine.facts[-1].sequence if said else 0
        bot.engine.seen = msgspec.structs.replace(shown[min(said, len(shown) - 1)], sequence=sequence)
        _hear(line[steady], steady, 10**6)
        _hear(line[broken], broken, frames if cut else 10**6)
        if cut:
            line[broken] = _begin(bot, broken)
    assert broken.snapshot == steady.snapshot == bot.engine.seen
    assert broken.events(0) == steady.events(0) == list(facts[:said])


def test_who_is_slow_gets_one_change_for_many(bot: Bot) -> None:
    stream, far = bot.stream(), Replica("b", "s", "n")
    hello, whole = greeted(stream)
    far.begin(hello, 0.0)
    far.heard(whole, 0.0)
    for shown in pictures()[0]:
        bot.engine.seen = msgspec.structs.replace(shown, sequence=0)
    (only,) = due(stream)
    far.heard(only, 0.0)
    assert far.snapshot == bot.engine.seen


def test_an_engine_that_never_stops_talking_is_seen_all_the_same(bot: Bot) -> None:
    stream = bot.stream()
    greeted(stream)
    bot.show(10)
    said = []
    for frame in stream.due():
        said.append(wire.from_server(frame))
        bot.show(bot.engine.seen.sequence + 10)
        assert len(said) < 10
    assert [type(each) for each in said] == [Events, wire.Changed]


def test_readers_who_keep_step_share_one_encoding(bot: Bot) -> None:
    first, second = bot.stream(), bot.stream()
    greeted(first), greeted(second)
    bot.engine.seen = msgspec.structs.replace(bot.engine.seen, at=9)
    (said,), (again,) = list(first.due()), list(second.due())
    assert said is again


def test_an_instruction_is_acknowledged_and_answered_after_the_picture(bot: Bot) -> None:
    stream = bot.stream()
    greeted(stream)
    say(stream, Resume(after=-1, seat="s", name="laptop"))
    say(stream, Tell(key="k", ask=Ask.STOP, why="because"))
    told = [each for each in due(stream) if not isinstance(each, Helm)]
    assert [type(each) for each in told] == [Acked]
    (heard,) = bot.engine.heard
    assert (heard.ask, heard.who, heard.why) == (Ask.STOP, "cli:alice/laptop", "because")
    bot.engine.done()
    bot.engine.seen = msgspec.structs.replace(bot.engine.seen, at=5)
    picture, answer = due(stream)
    assert isinstance(picture, wire.Changed)
    assert answer == Answered(key="k", receipt=bot.engine.receipts["i1"])


def test_who_may_only_look_changes_nothing(bot: Bot) -> None:
    stream = bot.stream(Caller("api:eye", Scope.READ))
    hello, _ = greeted(stream)
    assert isinstance(hello, Hello)
    assert hello.scope == "read"
    say(stream, Resume(after=-1, seat="s"))
    for said in (Tell(key="k", ask=Ask.EMERGENCY_STOP), wire.Withdraw(key="k", ask=Ask.STOP), TakeHelm()):
        say(stream, said)
    answers = due(stream)
    assert [each.receipt.message for each in answers if isinstance(each, Answered)] == [
        "this token may only look: nothing was done; use one of scope control"
    ] * 2
    assert not bot.engine.heard
    assert not bot.news.helm.view("s").yours
    say(bot_stream := bot.stream(), Tell(key="k", ask=Ask.STOP))
    assert isinstance(due(bot_stream)[0], Acked), "its keys burn nobody's"


def test_a_cockpit_without_the_helm_is_told_who_has_it(bot: Bot) -> None:
    alice, bob = bot.stream(), bot.stream(Caller("api:bob", Scope.CONTROL))
    greetings = []
    for stream, seat in ((alice, "a"), (bob, "b")):
        greetings.append(greeted(stream)[0])
        say(stream, Resume(after=-1, seat=seat, name=seat))
        say(stream, TakeHelm(over=False))
    assert [each.yours for each in due(alice) if isinstance(each, Helm)] == [True]
    assert isinstance(greetings[1], Hello)
    assert (greetings[1].helm.holder, greetings[1].helm.yours) == ("cli:alice/a", False)
    assert due(bob) == []
    say(bob, Tell(key="k", ask=Ask.START))
    (refused,) = due(bob)
    assert isinstance(refused, Answered)
    assert (refused.receipt.status, refused.receipt.refused) == (wire.REFUSED, True)
    assert not bot.engine.heard
    say(bob, Tell(key="e", ask=Ask.EMERGENCY_STOP))
    assert [each.ask for each in bot.engine.heard] == [Ask.EMERGENCY_STOP]
    alice.left()
    say(bob, Tell(key="k2", ask=Ask.START))
    assert [each.ask for each in bot.engine.heard] == [Ask.EMERGENCY_STOP, Ask.START]
    assert bot.news.helm.view("b").yours, "who steers a free helm has it"
    due(bob)
    say(bob, Tell(key="k", ask=Ask.START))
    assert isinstance(due(bob)[0], Answered), "who was told that nothing was done may rely on it"
    assert len(bot.engine.heard) == 2


def test_the_same_key_of_two_callers_is_two_instructions(bot: Bot) -> None:
    told = Tell(key="k", ask=Ask.EMERGENCY_STOP, why="now")
    lines = [bot.stream(Caller(name, Scope.CONTROL)) for name in ("api:alice", "api:bob", "api:alice")]
    for stream in lines:
        greeted(stream)
        say(stream, told)
    first, others, again = ([each for each in due(stream) if isinstance(each, Acked)] for stream in lines)
    assert [each.who for each in bot.engine.heard] == ["api:alice", "api:bob"]
    assert first[0].ack.id == again[0].ack.id != others[0].ack.id
    say(lines[1], wire.Withdraw(key="k", ask=Ask.EMERGENCY_STOP))
    say(lines[1], wire.Withdraw(key="mine", ask=Ask.STOP))
    say(lines[0], Tell(key="mine", ask=Ask.STOP))
    assert len(bot.engine.heard) == 3, "what bob gave up was not alice's"


@pytest.mark.parametrize("caller", [Caller("api:a", Scope.CONTROL), Caller("api:a", Scope.READ)])
def test_no_line_can_name_the_seat_of_the_embedded_cockpit(bot: Bot, caller: Caller) -> None:
    bot.news.helm.take(EMBEDDED, "alice", 1, over=False)
    stream = bot.stream(caller)
    greeted(stream)
    with pytest.raises(msgspec.DecodeError):
        stream.heard(f'{{"type":"Resume","after":-1,"seat":"{EMBEDDED}"}}')
    stream.left()
    assert bot.news.helm.view(EMBEDDED).yours


def test_who_may_only_look_sits_nowhere(bot: Bot) -> None:
    leads, looks = bot.stream(), bot.stream(Caller("api:b", Scope.READ))
    for stream in (leads, looks):
        greeted(stream)
        say(stream, Resume(after=-1, seat="a"))
        say(stream, TakeHelm())
    assert bot.news.helm.view("a").yours
    leads.left()
    assert not bot.news.helm.view("a").holder, "who only looks keeps no seat warm"
    looks.left()


def test_a_line_that_asks_and_asks_is_ended(bot: Bot) -> None:
    from radtui.api.streams.telling import MOST, TooMany

    stream = bot.stream()
    greeted(stream)
    for number in range(MOST):
        say(stream, Tell(key=f"k{number}", ask=Ask.PREVIEW))
    with pytest.raises(TooMany):
        say(stream, Tell(key="k-more", ask=Ask.PREVIEW))
    assert len(bot.engine.heard) == MOST


def _plain(said: list[wire.FromServer]) -> list[object]:
    heard: list[object] = []
    for each in said:
        if isinstance(each, Events):
            heard += [envelope.sequence for envelope in each.events]
        elif isinstance(each, Missed):
            heard.append(f"missed {each.after}")
    return heard


def _begin(bot: Bot, far: Replica) -> EngineStream:
    stream = bot.stream()
    hello, whole = greeted(stream)
    for said in far.begin(hello, 0.0):
        if isinstance(said, Resume) and said.after < 0:
            said = msgspec.structs.replace(said, after=0)  # noqa: PLW2901  # both are to hear all there ever was
        say(stream, said)
    far.heard(whole, 0.0)
    return stream


def _hear(stream: EngineStream, far: Replica, frames: int) -> None:
    for number, text in enumerate(stream.due()):
        if number >= frames:
            return  # the rest is never made: the line breaks here
        far.heard(wire.from_server(text), 0.0)
