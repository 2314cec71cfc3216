"""The application: every route, typed errors, and a schema that says so."""

from __future__ import annotations

from typing import Any, Final

from fastapi import APIRouter, FastAPI
from fastapi.openapi.utils import get_openapi
from starlette.middleware.cors import CORSMiddleware

from radtui import __version__
from radtui.api.access import Access
from radtui.api.answers import components, kept_out
from radtui.api.asking import Asking
from radtui.api.errors import Limited, speak
from radtui.api.examples import examples
from radtui.api.outside import Outside
from radtui.api.routes import alerts, bot, config, looking, market, metrics, monitoring, orders, reports, risk
from radtui.api.streams import routes as streams
from radtui.api.streams.routes import Streams
from radtui.engine.handle import EngineHandle

_SUBJECTS: Final = (looking, bot, orders, risk, market, monitoring, metrics, reports, alerts, config, streams)
ROUTES: Final[tuple[APIRouter, ...]] = tuple(subject.router for subject in _SUBJECTS)
_ASKED: Final = ["Authorization", "Content-Type", "Idempotency-Key"]
_BEARER: Final = {"type": "http", "scheme": "bearer", "description": "Over TCP; the control socket needs none."}


def application(handle: EngineHandle, outside: Outside | None = None) -> FastAPI:
    """Return the API of one engine. There are no pages in it: nothing is loaded from elsewhere.

    Args:
        outside: the TCP port through which it is reached too; without one nobody gets in but by the control socket.
    """
    app = FastAPI(title="radtui", version=__version__, docs_url=None, redoc_url=None)
    app.state.handle, app.state.asking = handle, Asking(handle)
    app.state.streams = Streams(handle, app.state.asking)
    for router in ROUTES:
        app.include_router(router)
    speak(app)
    app.add_middleware(Limited)
    app.add_middleware(Access, outside=outside)
    if outside is not None and outside.origins:
        app.add_middleware(
            CORSMiddleware,
            allow_origins=outside.origins,
            allow_methods=["GET", "POST", "PATCH", "DELETE"],
            allow_headers=_ASKED,
        )
    app.openapi = lambda: _schema(app)  # type: ignore[method-assign]  # FastAPI's own way to extend it
    return app


def _schema(app: FastAPI) -> dict[str, Any]:
    if app.openapi_schema is None:
        made = get_openapi(title=app.title, version=app.version, routes=app.routes)
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
