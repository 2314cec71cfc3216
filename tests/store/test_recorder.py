"""The recorder: the same records with a thread and without, no secret in them, and a disk that does what it likes."""

from __future__ import annotations

import threading
import zlib
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest

from radtui.core.commands import Say
from radtui.core.events import Event, FeedChanged, OrderRefused, OrderUnclear, ReadFailed, Restored
from radtui.core.facts import Trouble
from radtui.core.memory import Memory, pack
from radtui.core.positions import Plan
from radtui.store.masking import Redaction
from radtui.store.recorder import InlineRecorder, ThreadRecorder
from radtui.store.recording import FRAME, MAGIC, Segment, chain, opened
from radtui.store.rerun import rerun
from radtui.store.shelf import FolderShelf, MemoryShelf
from tests.core.makers import NOW
from tests.store.recordings import CONFIG, price, recorded, records, story

SECRETS = ("marker-alpha-5ecret", "marker-beta-5ecret")
WITHIN = 10.0


def redact(text: str) -> str:
    for secret in SECRETS:
        text = text.replace(secret, "••••")
    return text


REDACTION = Redaction(suspects=lambda raw: any(secret.encode() in raw for secret in SECRETS), redact=redact)


class MoodyShelf(MemoryShelf):
    """A disk that fails while it is told to, and can be waited for."""

    def __init__(self) -> None:
        super().__init__()
        self.failing = False
        self.stuck = threading.Event()
        self.stuck.set()
        self.failed = threading.Event()
        self.written = threading.Semaphore(0)

    def append(self, piece: bytes) -> None:
        self.stuck.wait(WITHIN)
        if self.failing:
            self.failed.set()
            raise OSError(28, "No space left on device")
        super().append(piece)
        self.written.release()


def tell(recorder: ThreadRecorder | InlineRecorder, events: list[Event]) -> None:
    for event in events:
        recorder.note(event, [])


def unfolded(content: bytes) -> bytes:
    """Return every byte that a segment holds once it is decompressed."""
    inflate, at, whole = zlib.decompressobj(-zlib.MAX_WBITS), len(MAGIC), b""
    while at < len(content):
        size, _ = FRAME.unpack_from(content, at)
        whole += inflate.decompress(content[at + FRAME.size : at + FRAME.size + size])
        at += FRAME.size + size
    return whole


def talkative(secret: str) -> list[Event]:
    """Return a flight in which everybody quotes a secret."""
    memory = Memory(plans={f"t-{secret}-1": Plan(stop=price(1).price, target=None, reason=f"because {secret}")})
    start, *rest = story(3)
    assert isinstance(start, Restored)
    entry = next(event.client_id for event in rest if hasattr(event, "client_id"))
    return [
        msgspec.structs.replace(start, memory=pack(memory), who=secret),
        *rest,
        OrderUnclear(NOW, entry, f"no answer to {secret}"),
        OrderRefused(NOW, entry, f"KC-API-SIGN {secret} is wrong"),
        ReadFailed(NOW, secret),
        FeedChanged(NOW, "market feed", f"wss://x/?token={secret} broke"),
    ]


@pytest.mark.parametrize("secret", SECRETS)
@pytest.mark.parametrize("each", [False, True])
def test_no_byte_of_a_recording_holds_a_secret_and_it_can_be_replayed(secret: str, each: bool) -> None:
    clear = unfolded(*recorded(talkative(secret), each=each))
    assert secret.encode() in clear, "the secret does not come to the recorder: this test shows nothing"
    (content,) = recorded(talkative(secret), redaction=REDACTION, each=each)
    assert secret.encode() not in unfolded(content)
    outcome = rerun([Segment(content)])
    assert outcome.diverged is None
    assert outcome.masked >= 5


def test_a_state_in_the_middle_holds_no_secret_either() -> None:
    contents = recorded([*talkative(SECRETS[0]), *map(price, range(50))], redaction=REDACTION, segment=1, each=True)
    assert len(contents) > 40
    assert not any(SECRETS[0].encode() in unfolded(content) for content in contents)
    for number, content in enumerate(contents[:-1]):
        assert rerun([Segment(content)]).diverged is None, f"segment {number}"


def on_thread(shelf: MemoryShelf, **bounds: int) -> ThreadRecorder:
    recorder = ThreadRecorder(shelf, REDACTION, **bounds)
    recorder.begin(CONFIG, lambda: b"\xc0")
    return recorder


def test_with_a_thread_it_is_the_same_records() -> None:
    shelf, events = MemoryShelf(), story(50)
    recorder = on_thread(shelf)
    tell(recorder, events)
    recorder.close()
    assert [record.event for record in records(*map(bytes, shelf.segments))] == events
    assert not recorder.trouble


def test_what_waits_is_written_without_being_asked() -> None:
    shelf = MoodyShelf()
    recorder = on_thread(shelf)
    tell(recorder, story(5))
    assert shelf.written.acquire(timeout=WITHIN)  # the head
    assert shelf.written.acquire(timeout=WITHIN)  # a block
    assert len(records(bytes(shelf.segments[0]))) == len(story(5))
    recorder.close()


def test_a_full_disk_costs_events_and_says_so_and_is_forgiven(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("radtui.store.recorder._AGAIN_AFTER", 0.05)
    shelf = MoodyShelf()
    shelf.failing = True
    recorder = on_thread(shelf)
    tell(recorder, story(5))
    assert shelf.failed.wait(WITHIN)
    tell(recorder, story(5))
    assert "No space left" in recorder.trouble
    shelf.failing = False
    told = 2 * len(story(5))
    while not shelf.written.acquire(timeout=0.05):
        recorder.note(price(told), [])
        told += 1
        assert told < 1_000
    recorder.close()
    head = Segment(bytes(shelf.segments[-1])).head
    assert head.number >= 2
    assert head.lost == head.first - 1 >= 2 * len(story(5))
    assert "No space left" in head.why
    assert not recorder.trouble


def test_a_disk_that_does_not_answer_holds_nobody_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("radtui.store.recorder._CLOSE_WITHIN", 0.05)
    shelf = MoodyShelf()
    shelf.stuck.clear()
    recorder = on_thread(shelf, most=2_000)
    tell(recorder, [price(number) for number in range(200)])
    assert "does not keep up" in recorder.trouble
    recorder.close()
    shelf.stuck.set()


def test_a_recorder_that_was_never_begun_takes_and_ends() -> None:
    for recorder in (InlineRecorder(MemoryShelf()), ThreadRecorder(MemoryShelf(), REDACTION)):
        recorder.note(price(1), [])
        recorder.close()
        assert not recorder.trouble


def test_large_flights_are_cut_into_segments_that_stand_alone() -> None:
    events = [*story(), *map(price, range(5_000))]
    contents = recorded(events, segment=5_000)
    heads = [Segment(content).head for content in contents]
    assert len(heads) > 3
    assert [head.number for head in heads] == list(range(1, len(heads) + 1))
    assert all(head.alone for head in heads)
    assert [record.event for record in records(*contents)] == events
    assert [record.sequence for record in records(*contents)] == list(range(1, len(events) + 1))


def test_files_stay_within_their_bound(tmp_path: Path) -> None:
    bound = 400_000
    recorder = InlineRecorder(FolderShelf(tmp_path, NOW, bound=bound, days=7), segment=bound // 8, batch=4_000)
    recorder.begin(CONFIG, lambda: b"\xc0")
    for number in range(60_000):
        recorder.note(price(number), [])
        if number % 10_000 == 0:
            assert sum(path.stat().st_size for path in tmp_path.rglob("*.radrec")) <= bound
    recorder.close()
    (boot,) = chain(tmp_path)
    assert opened(boot[0]).head.number > 1
    assert bound // 2 < sum(path.stat().st_size for path in boot) <= bound


def test_a_folder_that_cannot_be_written_is_said_and_nothing_more(tmp_path: Path) -> None:
    (tmp_path / "recordings").write_text("a file is in the way")
    recorder = InlineRecorder(FolderShelf(tmp_path / "recordings", NOW, bound=10_000, days=7), batch=0)
    recorder.begin(CONFIG, lambda: b"")
    tell(recorder, story(3))
    assert recorder.trouble.startswith("events are not recorded: NotADirectoryError: ")
    recorder.close()


TOLD: list[Callable[[str], Event]] = [
    lambda secret: ReadFailed(NOW, secret),
    lambda secret: OrderRefused(NOW, "t-1-1", secret),
]


@pytest.mark.parametrize("tell_secret", TOLD)
def test_an_answer_that_quotes_a_secret_is_masked_too(tell_secret: Callable[[str], Event]) -> None:
    shelf = MemoryShelf()
    recorder = InlineRecorder(shelf, REDACTION)
    recorder.begin(CONFIG, lambda: b"")
    recorder.note(tell_secret("x"), [Say(Trouble("k", f"quotes {SECRETS[1]}", "w"), "core")])
    recorder.close()
    assert SECRETS[1].encode() not in unfolded(bytes(shelf.segments[0]))
