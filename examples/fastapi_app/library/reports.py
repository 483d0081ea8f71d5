"""Figures for the town council: an application of its own, mounted under /reports, with its own documentation."""

import csv
import io
from collections import Counter
from collections.abc import Iterator

from fastapi import FastAPI
from fastapi.responses import StreamingResponse

from library.dependencies import StoreDependency
from library.store import Store


def create_reports(store: Store) -> FastAPI:
    """Build the reports about one store; being a separate application, they know nothing of members' tokens."""
    reports = FastAPI(title="Library reports")
    reports.state.store = store
    reports.get("/activity")(count_activity)
    reports.get("/books.csv", response_class=StreamingResponse)(export_books)
    return reports


async def count_activity(store: StoreDependency) -> dict[str, int]:
    """How often what happened."""
    return dict(Counter(event.kind for event in store.events))


def export_books(store: StoreDependency) -> StreamingResponse:
    """The whole catalogue, row by row: it may be long, so it is never built in memory."""
    books = list(store.books.values())

    def rows() -> Iterator[str]:
        yield "isbn,title,author\r\n"
        for book in books:
            line = io.StringIO()
            csv.writer(line).writerow([book.isbn, book.title, book.author])
            yield line.getvalue()

    return StreamingResponse(rows(), media_type="text/csv")
