"""What goes over the wire. The store keeps its own records: passwords and pictures never get here by accident."""

from datetime import date
from typing import Annotated, Generic, TypeVar
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, field_validator

Item = TypeVar("Item")


def has_good_check_digit(isbn: str) -> bool:
    digits = [int(character) for character in isbn]
    return sum(digit * (3 if position % 2 else 1) for position, digit in enumerate(digits)) % 10 == 0


class BookIn(BaseModel):
    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)

    isbn: Annotated[str, Field(pattern=r"^\d{13}$", examples=["9780141439518"])]
    title: Annotated[str, Field(min_length=1, max_length=200)]
    author: Annotated[str, Field(min_length=1, max_length=100)]

    @field_validator("isbn")
    @classmethod
    def check_digit(cls, isbn: str) -> str:
        """Catch typing errors before a book is filed where nobody finds it."""
        if not has_good_check_digit(isbn):
            raise ValueError("the check digit is wrong")
        return isbn


class BookChange(BaseModel):
    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)

    title: Annotated[str | None, Field(min_length=1, max_length=200)] = None
    author: Annotated[str | None, Field(min_length=1, max_length=100)] = None


class BookOut(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    id: int
    isbn: str
    title: str
    author: str
    available: bool
    has_cover: bool


class MemberIn(BaseModel):
    name: Annotated[str, Field(min_length=2, max_length=40, pattern=r"^[a-z][a-z0-9_]*$")]
    password: Annotated[str, Field(min_length=8)]


class MemberOut(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    id: int
    name: str
    is_librarian: bool


class Token(BaseModel):
    access_token: str
    token_type: str = "bearer"


class LoanIn(BaseModel):
    book_id: int


class LoanOut(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    id: UUID
    book_id: int
    due: date


class CoverOut(BaseModel):
    filename: str
    size: int
    credit: str


class Page(BaseModel, Generic[Item]):
    items: list[Item]
    total: int
    offset: int
    limit: int
