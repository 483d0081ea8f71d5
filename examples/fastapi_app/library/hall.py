"""The entrance hall: a greeting, the news, and signs for those who come with an old address."""

import json
from collections.abc import AsyncIterator
from typing import Annotated

from fastapi import APIRouter, Cookie, Header, HTTPException
from fastapi.responses import PlainTextResponse, RedirectResponse, StreamingResponse

from library.dependencies import StoreDependency
from library.store import Event

router = APIRouter(tags=["hall"])

GREETINGS = {"en": "Welcome", "fr": "Bienvenue à la bibliothèque", "ja": "ようこそ"}


@router.get("/", response_class=PlainTextResponse)
async def greet(language: Annotated[str, Cookie()] = "en") -> str:
    """Greet visitors in the language they chose on an earlier visit."""
    return GREETINGS.get(language, GREETINGS["en"])


@router.get("/language/{language}", response_class=RedirectResponse)
async def choose_language(language: str) -> RedirectResponse:
    """Remember a language in a cookie and go back to the hall."""
    if language not in GREETINGS:
        raise HTTPException(404, f"Choose one of {', '.join(GREETINGS)}")
    response = RedirectResponse("/", status_code=303)
    response.set_cookie("language", language, max_age=30 * 24 * 3600, httponly=True, samesite="lax")
    return response


@router.get("/isbn/{isbn}", response_class=RedirectResponse)
async def former_address(isbn: str, store: StoreDependency) -> RedirectResponse:
    """Printed catalogues still name books by ISBN."""
    book = store.book_by_isbn(isbn)
    if book is None:
        raise HTTPException(404, f"There is no book with the ISBN {isbn}")
    return RedirectResponse(f"/books/{book.id}", status_code=301)


def server_sent(event: Event) -> str:
    data = json.dumps({"book_id": event.book_id})
    return f"id: {event.id}\nevent: {event.kind}\ndata: {data}\n\n"


@router.get("/news", response_class=StreamingResponse)
async def follow_news(store: StoreDependency, last_event_id: Annotated[int, Header(ge=0)] = 0) -> StreamingResponse:
    """Everything since Last-Event-ID as server-sent events. Then it ends: clients come back after `retry`."""

    async def events() -> AsyncIterator[str]:
        yield "retry: 15000\n\n"
        for event in store.events[last_event_id:]:
            yield server_sent(event)

    return StreamingResponse(events(), media_type="text/event-stream", headers={"Cache-Control": "no-store"})
