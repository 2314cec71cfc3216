"""Where studies lie: a journal file, or a database by its address."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final
from urllib.parse import parse_qsl, unquote, urlsplit

from radtui.resilience.redaction import named

if TYPE_CHECKING:
    from optuna import Study
    from optuna.samplers import BaseSampler
    from optuna.storages import BaseStorage

_POSTGRES: Final = "postgresql"
_BEGINS: Final = b'{"op_code":'
"""How every line of a journal does."""


class StorageLost(Exception):
    """A study's file or database cannot be used; the message says why, without secrets."""


class BadStorage(Exception):
    """No study can be kept there; the message says why and what to do."""


def is_address(storage: str) -> bool:
    """Return whether it is a database's address, and no file."""
    return "://" in storage


def address(asked: str) -> str:
    """Return an address of PostgreSQL as all libraries below know it.

    Raises:
        BadStorage: it is another database's.
    """
    scheme, _, rest = asked.partition("://")
    if scheme not in {_POSTGRES, "postgres"}:
        raise BadStorage(f"--storage {scheme}://… is none: give a file, or postgresql://HOST/DATABASE")
    return f"{_POSTGRES}://{rest}"


def secrets(storage: str) -> set[str]:
    """Return what of an address is nobody else's business, as it is typed and as it is meant."""
    parts = urlsplit(storage)
    told = {value for name, value in parse_qsl(parts.query) if "pass" in name.lower()}
    return told | ({parts.password, unquote(parts.password)} if parts.password else set())


def shown(storage: str) -> str:
    """Return where a study lies, without user, password and options."""
    if not is_address(storage):
        return storage
    parts = urlsplit(storage)
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path}"


def create(storage: str, name: str) -> Study:
    """Return the study of a name, made where it is not there yet.

    Raises:
        StorageLost: it cannot be opened.
    """
    import optuna

    with answering(storage):
        return optuna.create_study(
            storage=_storage(storage), study_name=name, direction="maximize", load_if_exists=True
        )


def load(storage: str, name: str, sampler: BaseSampler) -> Study:
    """Return a study that is there.

    Raises:
        StorageLost: it cannot be opened.
    """
    import optuna

    with answering(storage):
        return optuna.load_study(storage=_storage(storage), study_name=name, sampler=sampler)


@contextmanager
def answering(storage: str) -> Iterator[None]:
    """Turn what a file or a database fails with into words, whichever of the libraries below says it."""
    what = "the database of the study" if is_address(storage) else f"the study's file {storage}"
    try:
        yield
    except StorageLost:
        raise
    except ImportError as missing:
        library = missing.name or "psycopg"
        raise StorageLost(f"{what} needs {library}, which is not installed: pip install 'radtui[research]'") from None
    except Exception as error:  # supervision point: optuna, SQLAlchemy and the driver each have errors of their own
        raise StorageLost(f"{what} does not answer: {named(error).splitlines()[0]}") from None


def _storage(storage: str) -> BaseStorage:
    import optuna
    from optuna.storages import JournalStorage, RDBStorage
    from optuna.storages.journal import JournalFileBackend

    optuna.logging.set_verbosity(optuna.logging.ERROR)
    if not is_address(storage):
        from radtui.backtest.search.journal import DyingLock

        file = Path(storage)
        file.parent.mkdir(parents=True, exist_ok=True)
        _ours(file)
        return JournalStorage(JournalFileBackend(storage, DyingLock(file)))
    from sqlalchemy.pool import NullPool

    # a flight may take minutes: a connection that idles so long is one that somebody in between may have dropped
    driven = storage.replace(_POSTGRES, f"{_POSTGRES}+psycopg", 1)
    return RDBStorage(driven, engine_kwargs={"poolclass": NullPool})


def _ours(file: Path) -> None:
    """Refuse a file of something else, before the first line is written to it."""
    if file.exists():
        with file.open("rb") as opened:
            begin = opened.read(len(_BEGINS))
        if not _BEGINS.startswith(begin):
            raise StorageLost(f"the file {file} is no study, and stays as it is: name another one")
