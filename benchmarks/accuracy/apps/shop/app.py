"""A small shop: a catalogue, orders with nested lines, and three ways to pay."""

from __future__ import annotations

import secrets
from datetime import UTC, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Literal
from uuid import UUID, uuid4

from fastapi import APIRouter, Body, Depends, FastAPI, HTTPException, Query, Response, status
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from pydantic import BaseModel, EmailStr, Field, HttpUrl


class Category(StrEnum):
    tools = "tools"
    garden = "garden"
    kitchen = "kitchen"


class OrderStatus(StrEnum):
    placed = "placed"
    paid = "paid"
    shipped = "shipped"
    cancelled = "cancelled"


class Dimensions(BaseModel):
    width: float
    height: float
    depth: float | None = None


class ProductIn(BaseModel):
    name: str = Field(min_length=2, max_length=80)
    price: float = Field(gt=0)
    category: Category
    stock: int = Field(ge=0, default=0)
    description: str | None = None
    tags: list[str] = []
    dimensions: Dimensions | None = None
    picture: HttpUrl | None = None


class Product(ProductIn):
    id: int
    created_at: datetime
    discontinued: bool = False


class ProductPage(BaseModel):
    items: list[Product]
    total: int
    page: int
    size: int
    next: int | None


class Address(BaseModel):
    street: str
    city: str
    postcode: str
    country: str = Field(min_length=2, max_length=2)


class Customer(BaseModel):
    id: UUID
    email: EmailStr
    name: str
    address: Address | None = None


class CustomerIn(BaseModel):
    email: EmailStr
    name: str
    password: str = Field(min_length=8)
    address: Address | None = None


class LineIn(BaseModel):
    product_id: int
    quantity: int = Field(ge=1, le=100)
    note: str | None = None


class Line(BaseModel):
    product_id: int
    name: str
    quantity: int
    unit_price: float
    amount: float


class OrderIn(BaseModel):
    lines: list[LineIn] = Field(min_length=1)
    shipping: Address | None = None
    coupon: str | None = None


class CardPayment(BaseModel):
    method: Literal["card"]
    number: str
    expires: str
    holder: str


class TransferPayment(BaseModel):
    method: Literal["transfer"]
    iban: str
    bic: str | None = None


class VoucherPayment(BaseModel):
    method: Literal["voucher"]
    code: str


Payment = Annotated[CardPayment | TransferPayment | VoucherPayment, Field(discriminator="method")]


class Receipt(BaseModel):
    order_id: UUID
    method: Literal["card", "transfer", "voucher"]
    amount: float
    paid_at: datetime


class Order(BaseModel):
    id: UUID
    status: OrderStatus
    customer_id: UUID
    lines: list[Line]
    shipping: Address | None
    discount: float
    total: float
    placed_at: datetime
    paid_at: datetime | None = None


class Token(BaseModel):
    access_token: str
    token_type: Literal["bearer"]
    expires_in: int


class Credentials(BaseModel):
    email: EmailStr
    password: str


class Problem(BaseModel):
    detail: str


class State:
    def __init__(self) -> None:
        self.products: dict[int, Product] = {}
        self.customers: dict[UUID, Customer] = {}
        self.passwords: dict[str, str] = {}
        self.tokens: dict[str, UUID] = {}
        self.orders: dict[UUID, Order] = {}


state = State()
bearer = HTTPBearer(auto_error=False)
app = FastAPI(title="Shop", version="1.4.0")


def current_customer(credentials: Annotated[HTTPAuthorizationCredentials | None, Depends(bearer)]) -> Customer:
    if credentials is None or credentials.credentials not in state.tokens:
        raise HTTPException(401, "Not authenticated", {"WWW-Authenticate": "Bearer"})
    return state.customers[state.tokens[credentials.credentials]]


Me = Annotated[Customer, Depends(current_customer)]
UNAUTHENTICATED = {401: {"model": Problem}}
MISSING = {404: {"model": Problem, "description": "There is no such thing."}}

products = APIRouter(prefix="/products", tags=["products"])
orders = APIRouter(prefix="/orders", tags=["orders"], responses=UNAUTHENTICATED)


@app.post("/customers", status_code=201, tags=["customers"], responses={409: {"model": Problem}})
def register(customer: CustomerIn) -> Customer:
    """Open an account."""
    if customer.email in state.passwords:
        raise HTTPException(409, "This e-mail address is taken")
    made = Customer(id=uuid4(), **customer.model_dump(exclude={"password"}))
    state.customers[made.id] = made
    state.passwords[customer.email] = customer.password
    return made


@app.post("/login", tags=["customers"], responses=UNAUTHENTICATED)
def login(credentials: Credentials) -> Token:
    if state.passwords.get(credentials.email) != credentials.password:
        raise HTTPException(401, "Wrong e-mail address or password")
    token = secrets.token_urlsafe(24)
    state.tokens[token] = next(c.id for c in state.customers.values() if c.email == credentials.email)
    return Token(access_token=token, token_type="bearer", expires_in=3600)


@app.get("/customers/me", tags=["customers"], responses=UNAUTHENTICATED)
def me(customer: Me) -> Customer:
    return customer


@app.put("/customers/me/address", tags=["customers"], responses=UNAUTHENTICATED)
def move(address: Address, customer: Me) -> Customer:
    customer.address = address
    return customer


@products.get("")
def search(
    q: Annotated[str | None, Query(min_length=2)] = None,
    category: Category | None = None,
    min_price: float | None = None,
    max_price: float | None = None,
    tag: Annotated[list[str] | None, Query()] = None,
    in_stock: bool = False,
    sort: Literal["name", "price", "-price"] = "name",
    page: Annotated[int, Query(ge=1)] = 1,
    size: Annotated[int, Query(ge=1, le=50)] = 20,
) -> ProductPage:
    """Search the catalogue."""
    found = [p for p in state.products.values() if not p.discontinued]
    if q is not None:
        found = [p for p in found if q.lower() in p.name.lower()]
    if category is not None:
        found = [p for p in found if p.category == category]
    if min_price is not None:
        found = [p for p in found if p.price >= min_price]
    if max_price is not None:
        found = [p for p in found if p.price <= max_price]
    if tag:
        found = [p for p in found if set(tag) <= set(p.tags)]
    if in_stock:
        found = [p for p in found if p.stock]
    found.sort(key=lambda p: p.name if sort == "name" else p.price, reverse=sort == "-price")
    begin = (page - 1) * size
    more = page + 1 if begin + size < len(found) else None
    return ProductPage(items=found[begin : begin + size], total=len(found), page=page, size=size, next=more)


@products.post("", status_code=201, responses=UNAUTHENTICATED)
def add_product(product: ProductIn, customer: Me) -> Product:
    made = Product(id=len(state.products) + 1, created_at=datetime.now(UTC), **product.model_dump())
    state.products[made.id] = made
    return made


@products.get("/featured")
def featured() -> list[Product]:
    """The three dearest."""
    return sorted(state.products.values(), key=lambda p: -p.price)[:3]


@products.get("/{product_id}", responses=MISSING)
def product(product_id: int) -> Product:
    if product_id not in state.products:
        raise HTTPException(404, "No such product")
    return state.products[product_id]


@products.patch("/{product_id}/stock", responses=MISSING | UNAUTHENTICATED)
def restock(product_id: int, amount: Annotated[int, Body(embed=True)], customer: Me) -> Product:
    if product_id not in state.products:
        raise HTTPException(404, "No such product")
    state.products[product_id].stock += amount
    return state.products[product_id]


@products.delete("/{product_id}", status_code=204, responses=MISSING | UNAUTHENTICATED)
def discontinue(product_id: int, customer: Me) -> Response:
    if product_id not in state.products:
        raise HTTPException(404, "No such product")
    state.products[product_id].discontinued = True
    return Response(status_code=204)


def own_order(order_id: UUID, customer: Me) -> Order:
    order = state.orders.get(order_id)
    if order is None or order.customer_id != customer.id:
        raise HTTPException(404, "No such order")
    return order


OwnOrder = Annotated[Order, Depends(own_order)]


@orders.post("", status_code=status.HTTP_201_CREATED, responses={409: {"model": Problem}})
def place(order: OrderIn, customer: Me) -> Order:
    lines = []
    for line in order.lines:
        wanted = state.products.get(line.product_id)
        if wanted is None or wanted.stock < line.quantity:
            raise HTTPException(409, f"Product {line.product_id} is not available")
        wanted.stock -= line.quantity
        amount = float(Decimal(str(wanted.price)) * line.quantity)
        lines.append(
            Line(product_id=wanted.id, name=wanted.name, quantity=line.quantity, unit_price=wanted.price, amount=amount)
        )
    sum_ = sum(line.amount for line in lines)
    discount = round(sum_ * 0.1, 2) if order.coupon == "WELCOME10" else 0.0
    made = Order(
        id=uuid4(), status=OrderStatus.placed, customer_id=customer.id, lines=lines,
        shipping=order.shipping or customer.address, discount=discount, total=round(sum_ - discount, 2),
        placed_at=datetime.now(UTC),
    )  # fmt: skip
    state.orders[made.id] = made
    return made


@orders.get("")
def my_orders(customer: Me, status: OrderStatus | None = None) -> list[Order]:
    mine = [order for order in state.orders.values() if order.customer_id == customer.id]
    return [order for order in mine if status in (None, order.status)]


@orders.get("/{order_id}", responses=MISSING)
def order(order: OwnOrder) -> Order:
    return order


@orders.post("/{order_id}/payment", responses=MISSING | {402: {"model": Problem}, 409: {"model": Problem}})
def pay(order: OwnOrder, payment: Payment) -> Receipt:
    """Pay by card, transfer or voucher."""
    if order.status != OrderStatus.placed:
        raise HTTPException(409, "This order cannot be paid")
    if isinstance(payment, VoucherPayment) and payment.code != "GIFT-500":
        raise HTTPException(402, "This voucher is not worth anything")
    order.status, order.paid_at = OrderStatus.paid, datetime.now(UTC)
    return Receipt(order_id=order.id, method=payment.method, amount=order.total, paid_at=order.paid_at)


@orders.post("/{order_id}/cancel", responses=MISSING)
def cancel(order: OwnOrder, reason: Annotated[str | None, Body(embed=True)] = None) -> Order:
    order.status = OrderStatus.cancelled
    return order


app.include_router(products)
app.include_router(orders)
