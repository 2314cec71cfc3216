"""When to act: the dead man's clock. Pure: words and times in, whether to act out.

Times are monotonic nanoseconds of the guardian's own process.
"""

from __future__ import annotations

from typing import Final

from radtui.core.guarding import Beat, Landed, Phase
from radtui.guard.journal import Memory

SECOND: Final = 1_000_000_000
STALL: Final = 5 * SECOND
"""A guardian that was itself asleep for longer cannot say who was silent meanwhile."""


class Watch:
    """Follows one engine over all its lives.

    Attributes:
        beat: the latest; None before the first.

    Args:
        silence: nanoseconds without a beat after which it is time.
        memory: what an earlier process knew; the silence is counted anew.
    """

    def __init__(self, silence: int, now: int, memory: Memory | None = None) -> None:
        memory = memory or Memory()
        acting = memory.phase is Phase.ACTING  # it was interrupted: it begins again, if nobody beats meanwhile
        self.phase = Phase.WATCHING if acting else memory.phase
        self.beat = memory.beat
        self._silence = silence
        self._heard_at = self._looked_at = now

    def heard(self, beat: Beat, now: int) -> bool:
        """Take a beat; return whether the engine has come back from a silence in which the guardian acted."""
        if not beat.recovered:
            return False
        returned = self.phase in {Phase.ACTING, Phase.ACTED}
        self.beat, self.phase, self._heard_at = beat, Phase.WATCHING, now
        return returned

    def landed(self, word: Landed) -> bool:
        """Take a farewell; return whether it was that of the engine that beat last."""
        if self.beat is None or word.boot != self.beat.boot:
            return False
        self.phase = Phase.LANDED
        return True

    def due(self, now: int) -> bool:
        """Return whether it is time to act; called at least once a second, after what was heard was taken."""
        gap = now - self._looked_at
        self._looked_at = now
        if gap > STALL:
            self._heard_at = min(now, self._heard_at + gap)
        return self.phase is Phase.WATCHING and now - self._heard_at > self._silence

    def begin(self) -> None:
        """Note that it acts."""
        self.phase = Phase.ACTING

    def finish(self) -> None:
        """Note that it has acted; only a beat makes it act again."""
        self.phase = Phase.ACTED

    def memory(self) -> Memory:
        """Return what the next process must know."""
        return Memory(phase=self.phase, beat=self.beat)
