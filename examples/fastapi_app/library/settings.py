"""What differs between a library in production and one in a test."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Settings:
    librarians: frozenset[str] = frozenset()
    opening_stock: tuple[tuple[str, str, str], ...] = ()  # (isbn, title, author), loaded when the application starts
    loan_days: int = 21
    largest_cover: int = 256 * 1024
    password_rounds: int = 600_000
