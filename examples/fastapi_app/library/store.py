"""What the library remembers. It lives as long as the application object it belongs to."""

from dataclasses import dataclass
from datetime import date
from itertools import count
from uuid import UUID, uuid4


@dataclass
class Cover:
    content: bytes
    media_type: str


@dataclass
class Book:
    id: int
    isbn: str
    title: str
    author: str
    cover: Cover | None = None
    available: bool = True

    @property
    def has_cover(self) -> bool:
        return self.cover is not None


@dataclass
class Member:
    id: int
    name: str
    salt: bytes
    password_hash: bytes
    is_librarian: bool


@dataclass
class Loan:
    id: UUID
    book_id: int
    member_id: int
    due: date


@dataclass(frozen=True)
class Event:
    id: int
    kind: str
    book_id: int


class Store:
    """Plain dictionaries behind the operations that must keep them consistent with one another."""

    def __init__(self) -> None:
        self.books: dict[int, Book] = {}
        self.members: dict[str, Member] = {}
        self.loans: dict[UUID, Loan] = {}
        self.tokens: dict[str, str] = {}
        self.events: list[Event] = []
        self.letters: list[str] = []
        self._book_ids = count(1)

    def add_book(self, isbn: str, title: str, author: str) -> Book:
        book = Book(next(self._book_ids), isbn, title, author)
        self.books[book.id] = book
        self._record("added", book)
        return book

    def remove_book(self, book: Book) -> None:
        del self.books[book.id]
        self._record("removed", book)

    def book_by_isbn(self, isbn: str) -> Book | None:
        return next((book for book in self.books.values() if book.isbn == isbn), None)

    def add_member(self, name: str, salt: bytes, password_hash: bytes, *, is_librarian: bool) -> Member:
        member = Member(len(self.members) + 1, name, salt, password_hash, is_librarian)
        self.members[name] = member
        return member

    def lend(self, book: Book, member: Member, due: date) -> Loan:
        loan = Loan(uuid4(), book.id, member.id, due)
        self.loans[loan.id] = loan
        book.available = False
        self._record("lent", book)
        return loan

    def take_back(self, loan: Loan) -> None:
        del self.loans[loan.id]
        book = self.books[loan.book_id]
        book.available = True
        self._record("returned", book)

    def _record(self, kind: str, book: Book) -> None:
        self.events.append(Event(len(self.events) + 1, kind, book.id))
