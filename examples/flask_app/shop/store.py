"""What the shop remembers. It lives as long as the application object it belongs to."""

from dataclasses import dataclass, field
from itertools import count
from typing import cast
from uuid import UUID, uuid4

from flask import current_app


@dataclass
class Picture:
    content: bytes
    media_type: str
    filename: str


@dataclass
class Product:
    id: int
    name: str
    price_cents: int
    stock: int
    picture: Picture | None = None


@dataclass
class User:
    id: int
    email: str
    password_hash: str
    is_staff: bool = False
    cart: dict[int, int] = field(default_factory=dict)


@dataclass
class Order:
    id: UUID
    user_id: int
    lines: list[dict[str, int]]
    total_cents: int


class Store:
    """Plain dictionaries behind the few operations that hand out identifiers."""

    def __init__(self) -> None:
        self.products: dict[int, Product] = {}
        self.users: dict[int, User] = {}
        self.orders: dict[UUID, Order] = {}
        self.tokens: dict[str, int] = {}
        self._product_ids = count(1)
        self._user_ids = count(1)

    def add_product(self, name: str, price_cents: int, stock: int = 0) -> Product:
        product = Product(next(self._product_ids), name, price_cents, stock)
        self.products[product.id] = product
        return product

    def remove_product(self, product: Product) -> None:
        """Empty it out of the carts too, or their owners could no longer look at them."""
        del self.products[product.id]
        for user in self.users.values():
            user.cart.pop(product.id, None)

    def add_user(self, email: str, password_hash: str, *, is_staff: bool = False) -> User:
        user = User(next(self._user_ids), email, password_hash, is_staff)
        self.users[user.id] = user
        return user

    def add_order(self, user: User, lines: list[dict[str, int]], total_cents: int) -> Order:
        order = Order(uuid4(), user.id, lines, total_cents)
        self.orders[order.id] = order
        return order

    def user_by_email(self, email: str) -> User | None:
        return next((user for user in self.users.values() if user.email == email), None)


def get_store() -> Store:
    """The store of the application that is handling the current request."""
    return cast(Store, current_app.extensions["shop"])
