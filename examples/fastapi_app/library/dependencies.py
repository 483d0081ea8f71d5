"""What endpoints ask for in their signatures, and what tests may replace with dependency_overrides."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Annotated, cast

from fastapi import Depends, HTTPException, Request
from fastapi.security import OAuth2PasswordBearer

from library.settings import Settings
from library.store import Book, Member, Store

Synopses = Callable[[str], str | None]


def get_store(request: Request) -> Store:
    return cast(Store, request.app.state.store)


def get_settings(request: Request) -> Settings:
    return cast(Settings, request.app.state.settings)


def get_today() -> date:
    """The date on which loans start. Tests replace it rather than wait three weeks."""
    return datetime.now(UTC).date()


def get_synopses() -> Synopses:
    """Where summaries of books come from, by ISBN. Without a contract with a publisher, from nowhere."""
    return lambda _isbn: None


StoreDependency = Annotated[Store, Depends(get_store)]
SettingsDependency = Annotated[Settings, Depends(get_settings)]
TodayDependency = Annotated[date, Depends(get_today)]
SynopsesDependency = Annotated[Synopses, Depends(get_synopses)]
BearerToken = Annotated[str, Depends(OAuth2PasswordBearer(tokenUrl="members/token"))]


def get_member(token: BearerToken, store: StoreDependency) -> Member:
    name = store.tokens.get(token)
    if name is None:
        raise HTTPException(401, "Unknown token", headers={"WWW-Authenticate": "Bearer"})
    return store.members[name]


CurrentMember = Annotated[Member, Depends(get_member)]


def require_librarian(member: CurrentMember) -> Member:
    if not member.is_librarian:
        raise HTTPException(403, "Only librarians may do that")
    return member


def find_book(book_id: int, store: StoreDependency) -> Book:
    """Turn the identifier in the path into a book, so that no endpoint forgets the 404."""
    book = store.books.get(book_id)
    if book is None:
        raise HTTPException(404, f"There is no book {book_id}")
    return book


FoundBook = Annotated[Book, Depends(find_book)]
