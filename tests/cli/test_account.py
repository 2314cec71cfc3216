"""One engine an account: the lock is named after the account, the journal after bot and kind of money."""

from __future__ import annotations

import os
import platform
from hashlib import sha256
from pathlib import Path

import pytest

from radtui.cli.account import account_lock, control_socket, hold, journal_file
from radtui.cli.failures import Failure
from radtui.settings.folders import accounts_folder, control_folder
from radtui.settings.layers import Entry, Layer
from radtui.settings.places import Places, places
from radtui.settings.tree import Settings

KEY = "62ab-one-key-of-many"
KUCOIN = {"bot.exchange": "kucoin", "kucoin.key": KEY}
REHEARSAL = {**KUCOIN, "kucoin.url": "http://127.0.0.1:1"}


def at(folder: Path, values: dict[str, str]) -> tuple[Settings, Places]:
    written = {"bot.name": "alpha", "paths.state": str(folder), **values}
    settings = Settings.of([Layer.of(Entry(key, value, "test") for key, value in written.items())])
    return settings, places(settings)


@pytest.mark.parametrize(
    ("values", "name"),
    [({}, "alpha.db"), (REHEARSAL, "alpha-rehearsal.db"), ({**KUCOIN, "bot.mode": "live"}, "alpha-kucoin.db")],
)
def test_paper_rehearsals_and_real_money_have_a_journal_each(tmp_path: Path, values: dict[str, str], name: str) -> None:
    assert journal_file(*at(tmp_path, values)) == tmp_path / name


def test_no_two_journals_share_a_socket_and_all_lie_in_one_folder(tmp_path: Path) -> None:
    asked = [at(tmp_path / "a", {}), at(tmp_path / "b", {}), at(tmp_path / "a", {"bot.name": "beta"})]
    sockets = {control_socket(*each) for each in asked}
    assert len(sockets) == 3
    assert {each.parent for each in sockets} == {control_folder()}
    assert {each.name.split(".")[0] for each in sockets} == {"alpha", "beta"}


def test_one_journal_has_one_socket_however_its_folder_is_written(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "link").symlink_to("a")
    written = [tmp_path / "a", tmp_path / "link", tmp_path / "b" / ".." / "a"]
    assert len({control_socket(*at(each, {})) for each in written}) == 1


def test_two_bots_on_one_key_exclude_each_other_from_whatever_folder_and_the_key_is_not_written_down(
    tmp_path: Path,
) -> None:
    digest, locks = sha256(KEY.encode()).hexdigest()[:16], accounts_folder()
    with hold(*at(tmp_path / "one", REHEARSAL)):
        assert (locks / f"{digest}.lock").exists()
        other, there = at(tmp_path / "two", {**KUCOIN, "bot.name": "beta", "bot.mode": "live"})
        lock, what = account_lock(other, there)
        holder = lock.holder()
        assert holder is not None
        assert what == "the KuCoin account of this API key"
        with pytest.raises(Failure, match="already flying") as refusal, hold(other, there):
            pass
        assert f"(pid {os.getpid()}, started 20" in refusal.value.means
        assert f" on {platform.node()} as `" in refusal.value.means
        assert refusal.value.code == 1
        assert not any(KEY in path.name or KEY in path.read_text() for path in locks.iterdir())


def test_one_paper_bot_in_two_folders_is_two_accounts(tmp_path: Path) -> None:
    with hold(*at(tmp_path / "one", {})), hold(*at(tmp_path / "two", {})):
        assert (tmp_path / "two" / "locks" / "paper-alpha.lock").exists()


def test_where_no_lock_can_be_made_nothing_starts(tmp_path: Path) -> None:
    (tmp_path / "locks").touch()
    with pytest.raises(Failure, match="lock of this account cannot be made") as refusal, hold(*at(tmp_path, {})):
        pass
    assert "two engines could fly one account" in refusal.value.means


def test_paper_and_kucoin_of_one_bot_do_not(tmp_path: Path) -> None:
    with hold(*at(tmp_path, {})):
        lock, what = account_lock(*at(tmp_path, KUCOIN))
        assert lock.holder() is None
        assert what != account_lock(*at(tmp_path, {}))[1]
