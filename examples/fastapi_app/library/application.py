"""Put the pieces together. Nothing is shared between two applications, so every test may have its own."""

import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse

from library import books, hall, loans, members
from library.reports import create_reports
from library.settings import Settings
from library.store import Store

logger = logging.getLogger("library")


@asynccontextmanager
async def lifespan(app: FastAPI) -> AsyncIterator[None]:
    """Open with the stock of the settings; close by making every token worthless."""
    store: Store = app.state.store
    for isbn, title, author in app.state.settings.opening_stock:
        store.add_book(isbn, title, author)
    yield
    store.tokens.clear()


async def publisher_unreachable(request: Request, error: Exception) -> JSONResponse:
    """Readers learn that it is not their fault; the details are for the log."""
    logger.error("%s %s failed: %s", request.method, request.url.path, error)
    return JSONResponse({"detail": "The publisher does not answer"}, status_code=500)


async def unexpected(_request: Request, _error: Exception) -> JSONResponse:
    """The last resort, so that even a bug is answered in JSON."""
    return JSONResponse({"detail": "Something went wrong"}, status_code=500)


def create_app(settings: Settings | None = None) -> FastAPI:
    app = FastAPI(title="Library", lifespan=lifespan)
    app.state.settings = settings or Settings()
    app.state.store = Store()
    app.add_exception_handler(ConnectionError, publisher_unreachable)
    app.add_exception_handler(Exception, unexpected)
    for module in (hall, books, members, loans):
        app.include_router(module.router)
    app.mount("/reports", create_reports(app.state.store))
    return app
