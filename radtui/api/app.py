"""The application: every route, typed errors, and a schema that says so."""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Mapping
from typing import Any, Final

from fastapi import APIRouter, FastAPI
from fastapi.openapi.utils import get_openapi
from pydantic.warnings import UnsupportedFieldAttributeWarning
from starlette.middleware.cors import CORSMiddleware

from radtui import __version__
from radtui.api.access import Access
from radtui.api.answers import components, kept_out
from radtui.api.asking import Asking
from radtui.api.errors import Limited, speak
from radtui.api.examples import examples
from radtui.api.outside import Outside
from radtui.api.routes import (
    alerts,
    backtest,
    bot,
    bots,
    choosing,
    config,
    looking,
    market,
    metrics,
    monitoring,
    orders,
    portfolio,
    reports,
    risk,
    strategies,
)
from radtui.api.routes.hall import refuse_the_unnamed
from radtui.api.streams import routes as streams
from radtui.api.streams.routes import Streams
from radtui.api.switchboard import Switchboard, path_of
from radtui.engine.handle import EngineHandle

warnings.filterwarnings("ignore", category=UnsupportedFieldAttributeWarning)
"""FastAPI silences it itself where it arises, but in a way that two doors in two threads take from one another."""
_SUBJECTS: Final = (
    bots, looking, bot, orders, risk, portfolio, choosing, strategies, backtest, market, monitoring, metrics, reports,
    alerts, config, streams,
)  # fmt: skip
ROUTES: Final[tuple[APIRouter, ...]] = tuple(subject.router for subject in _SUBJECTS)
_ASKED: Final = ["Authorization", "Content-Type", "Idempotency-Key"]
_BEARER: Final = {"type": "http", "scheme": "bearer", "description": "Over TCP; the control socket needs none."}


def application(
    handle: EngineHandle, outside: Outside | None = None, *, bot: str | None = None, at: str = ""
) -> FastAPI:
    """Return the API of one engine. There are no pages in it: nothing is loaded from elsewhere.

    Args:
        outside: the TCP port through which it is reached too; without one nobody gets in but by the control socket.
        bot: its name; None to ask it. at: the path below which it is found, for its schema.
    """
    app = _titled(at)
    app.state.handle, app.state.asking = handle, Asking(handle)
    app.state.fleet = {bot or handle.snapshot().bot: handle}
    app.state.streams = Streams(handle, app.state.asking)
    return _guarded(app, ROUTES, outside)


def hall(fleet: Mapping[str, EngineHandle], outside: Outside | None = None) -> FastAPI:
    """Return what several bots answer together: who they are, and what Prometheus scrapes."""
    app = _titled("")
    app.state.fleet = dict(fleet)
    refuse_the_unnamed(app, fleet)
    return _guarded(app, (bots.router, metrics.router), outside)


def switchboard(apps: Mapping[str, FastAPI], outside: Outside | None = None) -> Switchboard:
    """Return what one port answers for the bots behind it: all of them, each under its name."""
    if len(apps) == 1:
        return Switchboard(apps, *apps.values())
    return Switchboard(apps, hall({name: app.state.handle for name, app in apps.items()}, outside))


def applications(fleet: Mapping[str, EngineHandle], outside: Outside | None = None) -> dict[str, FastAPI]:
    """Return the application of each, by the name of its bot."""
    alone = len(fleet) == 1
    return {
        name: application(each, outside, bot=name, at="" if alone else path_of(name)) for name, each in fleet.items()
    }


def _titled(at: str) -> FastAPI:
    servers = [{"url": at}] if at else None
    return FastAPI(title="radtui", version=__version__, docs_url=None, redoc_url=None, servers=servers)


def _guarded(app: FastAPI, routers: Iterable[APIRouter], outside: Outside | None) -> FastAPI:
    for router in routers:
        app.include_router(router)
    speak(app)
    app.add_middleware(Limited)
    app.add_middleware(Access, outside=outside)
    if outside is not None and outside.origins:
        app.add_middleware(
            CORSMiddleware,
            allow_origins=outside.origins,
            allow_methods=["GET", "POST", "PUT", "PATCH", "DELETE"],
            allow_headers=_ASKED,
        )
    app.openapi = lambda: _schema(app)  # type: ignore[method-assign]  # FastAPI's own way to extend it
    return app


def _schema(app: FastAPI) -> dict[str, Any]:
    if app.openapi_schema is None:
        made = get_openapi(title=app.title, version=app.version, routes=app.routes, servers=app.servers or None)
        parts = made.setdefault("components", {})
        schemas = parts.setdefault("schemas", {})
        schemas.update(components())
        for name, example in examples().items():
            schemas[name]["examples"] = [example]
        parts["securitySchemes"] = {"bearer": _BEARER}
        made["security"] = [{"bearer": []}, {}]
        for methods in made["paths"].values():
            for method, operation in methods.items():
                operation["responses"] = kept_out(method) | operation["responses"]
        app.openapi_schema = made
    return app.openapi_schema
