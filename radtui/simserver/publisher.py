"""Says on the feed what happens on the floor, in the order in which it happened."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from radtui.simserver.floor import Floor, Said
from radtui.simserver.news.account import AccountNews
from radtui.simserver.news.clock import ClockNews
from radtui.simserver.news.market import MarketNews
from radtui.simserver.news.news import News
from radtui.simserver.news.orders import OrderNews
from radtui.simserver.session import Session
from radtui.simserver.sessions import Sessions


class Publisher:
    """Listens to a floor and speaks to its sessions."""

    def __init__(self, floor: Floor, sessions: Sessions) -> None:
        self._floor = floor
        self._sessions = sessions
        self._market = MarketNews(floor.boards, sessions)
        self._clock = ClockNews(floor, sessions)
        self._orders = OrderNews(floor)
        self._account = AccountNews(floor)
        sessions.greet = self._greet
        floor.listen(self._hear)

    def look(self) -> None:
        """Move the market to the present, and say what happened and what is due."""
        self._floor.move()
        at = self._floor.now()
        self._say(self._market.look(at))
        self._say(self._clock.look(at))
        self._sessions.look(at)

    def _hear(self, said: Sequence[Said]) -> None:
        self._say(self._market.look(self._floor.now()))
        self._say(self._orders.hear(said))
        self._say(self._account.hear(said))
        self._say(self._clock.hear(said))

    def _say(self, news: Iterable[News]) -> None:
        for each in news:
            self._sessions.publish(each.topic, each.message)

    def _greet(self, session: Session, topic: str) -> None:
        """Say what a new listener should not have to wait for."""
        present = self._market.present(topic)
        messages = [present] if present is not None else self._clock.present(topic, self._floor.now())
        for message in messages:
            self._sessions.publish(topic, message, only=session)
