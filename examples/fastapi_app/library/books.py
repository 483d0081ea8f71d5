"""The catalogue: everybody may look, librarians may change it."""

from hashlib import sha256
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Header, HTTPException, Query, Request, Response, UploadFile

from library.dependencies import (
    FoundBook,
    SettingsDependency,
    StoreDependency,
    SynopsesDependency,
    require_librarian,
)
from library.models import BookChange, BookIn, BookOut, CoverOut, Page
from library.store import Book, Cover

router = APIRouter(prefix="/books", tags=["books"])

COVER_SIGNATURES = {"image/png": b"\x89PNG\r\n\x1a\n", "image/jpeg": b"\xff\xd8\xff"}
FOR_LIBRARIANS = [Depends(require_librarian)]


@router.get("/", response_model=Page[BookOut])
async def list_books(
    request: Request,
    response: Response,
    store: StoreDependency,
    author: str = "",
    offset: Annotated[int, Query(ge=0)] = 0,
    limit: Annotated[int, Query(ge=1, le=50)] = 10,
) -> dict[str, object]:
    """One page of the catalogue, optionally of one author, with a Link to the next page."""
    found = [book for book in store.books.values() if author.lower() in book.author.lower()]
    if offset + limit < len(found):
        next_page = request.url.include_query_params(offset=offset + limit, limit=limit)
        response.headers["Link"] = f'<{next_page}>; rel="next"'
    return {"items": found[offset : offset + limit], "total": len(found), "offset": offset, "limit": limit}


@router.post("/", status_code=201, response_model=BookOut, dependencies=FOR_LIBRARIANS)
async def add_book(book_in: BookIn, request: Request, response: Response, store: StoreDependency) -> Book:
    """File a book and say where it is."""
    if store.book_by_isbn(book_in.isbn):
        raise HTTPException(409, "This ISBN is in the catalogue already")
    book = store.add_book(**book_in.model_dump())
    response.headers["Location"] = request.app.url_path_for("show_book", book_id=book.id)
    return book


@router.head("/{book_id}", include_in_schema=False)
@router.get("/{book_id}", response_model=BookOut)
async def show_book(book: FoundBook, if_none_match: Annotated[str | None, Header()] = None) -> Response:
    """One book, with an ETag so that the terminals in the reading room mostly get an empty 304."""
    body = BookOut.model_validate(book).model_dump_json().encode()
    headers = {"ETag": f'"{sha256(body).hexdigest()[:16]}"'}
    if if_none_match == headers["ETag"]:
        return Response(status_code=304, headers=headers)
    return Response(body, media_type="application/json", headers=headers)


@router.patch("/{book_id}", response_model=BookOut, dependencies=FOR_LIBRARIANS)
async def change_book(book: FoundBook, change: BookChange) -> Book:
    """Correct a title or an author. An ISBN never changes: another ISBN is another book."""
    for name, value in change.model_dump(exclude_none=True).items():
        setattr(book, name, value)
    return book


@router.delete("/{book_id}", status_code=204, dependencies=FOR_LIBRARIANS)
async def remove_book(book: FoundBook, store: StoreDependency) -> None:
    """Withdraw a book, unless somebody is still reading it."""
    if not book.available:
        raise HTTPException(409, "This book is lent")
    store.remove_book(book)


@router.put("/{book_id}/cover", response_model=CoverOut, dependencies=FOR_LIBRARIANS)
async def upload_cover(
    book: FoundBook, settings: SettingsDependency, cover: UploadFile, credit: Annotated[str, Form()] = ""
) -> CoverOut:
    """Keep a picture after a look at its size and its first bytes: names and types are only claims."""
    content = await cover.read(settings.largest_cover + 1)
    if len(content) > settings.largest_cover:
        raise HTTPException(413, f"A cover has at most {settings.largest_cover} bytes")
    media_type = cover.content_type or ""
    if media_type not in COVER_SIGNATURES or not content.startswith(COVER_SIGNATURES[media_type]):
        raise HTTPException(415, "Send a PNG or a JPEG picture")
    book.cover = Cover(content, media_type)
    return CoverOut(filename=cover.filename or "", size=len(content), credit=credit)


@router.get("/{book_id}/cover", response_class=Response)
async def download_cover(book: FoundBook) -> Response:
    """The picture, byte for byte."""
    if book.cover is None:
        raise HTTPException(404, "This book has no cover")
    return Response(book.cover.content, media_type=book.cover.media_type)


@router.get("/{book_id}/synopsis")
def show_synopsis(book: FoundBook, synopses: SynopsesDependency) -> dict[str, str]:
    """What the publisher says about a book. Not `async`: asking a publisher blocks, so it happens in a thread."""
    synopsis = synopses(book.isbn)
    if synopsis is None:
        raise HTTPException(404, "Nobody wrote a synopsis of this book")
    return {"isbn": book.isbn, "synopsis": synopsis}
