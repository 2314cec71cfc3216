"""The application: every route, typed errors, and a schema that says so."""

from __future__ import annotations

from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from radtui import __version__
from radtui.api.answers import components
from radtui.api.asking import Asking
from radtui.api.errors import Limited, speak
from radtui.api.routes import bot, looking, reports
from radtui.engine.handle import EngineHandle


def application(handle: EngineHandle) -> FastAPI:
    """Return the API of one engine. There are no pages in it: nothing is loaded from elsewhere."""
    app = FastAPI(title="radtui", version=__version__, docs_url=None, redoc_url=None)
    app.state.handle, app.state.asking = handle, Asking(handle)
    for routes in (looking, bot, reports):
        app.include_router(routes.router)
    speak(app)
    app.add_middleware(Limited)
    app.openapi = lambda: _schema(app)  # type: ignore[method-assign]  # FastAPI's own way to extend it
    return app


def _schema(app: FastAPI) -> dict[str, Any]:
    if app.openapi_schema is None:
        made = get_openapi(title=app.title, version=app.version, routes=app.routes)
        made.setdefault("components", {}).setdefault("schemas", {}).update(components())
        app.openapi_schema = made
    return app.openapi_schema
