"""A market: accounts, listings with pictures, baskets, payments. FastAPI with OAuth2 and nested models."""

from __future__ import annotations

import base64
import uuid
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from enum import Enum
from ipaddress import IPv4Address
from typing import Annotated, Generic, Literal, TypeVar

from fastapi import (
    APIRouter,
    Cookie,
    Depends,
    FastAPI,
    File,
    Form,
    Header,
    HTTPException,
    Query,
    Response,
    UploadFile,
    status,
)
from fastapi.security import APIKeyHeader, OAuth2PasswordBearer, OAuth2PasswordRequestForm
from pydantic import AnyUrl, Base64Bytes, BaseModel, ConfigDict, EmailStr, Field, HttpUrl

T = TypeVar("T")
app = FastAPI(title="Market", version="2.3.0")
bearer = OAuth2PasswordBearer(tokenUrl="/auth/token", scopes={"sell": "Sell things", "buy": "Buy things"})
partner = APIKeyHeader(name="X-Partner-Key")


class Condition(str, Enum):
    new = "new"
    used = "used"
    refurbished = "refurbished"


class Page(BaseModel, Generic[T]):
    items: list[T]
    total: int
    page: int
    size: int
    next: str | None = None


class UserIn(BaseModel):
    email: EmailStr
    password: str = Field(min_length=8)
    full_name: str | None = None


class UserOut(BaseModel):
    id: uuid.UUID
    email: EmailStr
    full_name: str | None = None
    is_active: bool = True
    joined: date
    last_ip: IPv4Address | None = None


class Token(BaseModel):
    access_token: str
    token_type: str = "bearer"
    expires_in: int


class GeoPoint(BaseModel):
    lat: float
    lon: float


class Size(BaseModel):
    width: float
    height: float
    depth: float | None = None
    unit: Literal["cm", "in"] = "cm"


class ListingIn(BaseModel):
    title: str = Field(min_length=3, max_length=80)
    description: str | None = None
    price: Decimal = Field(gt=0)
    currency: Literal["EUR", "USD", "GBP"] = "EUR"
    condition: Condition
    tags: list[str] = []
    size: Size | None = None
    location: GeoPoint | None = None
    homepage: HttpUrl | None = None
    attributes: dict[str, str] = {}
    pickup_from: time | None = None


class ListingPatch(BaseModel):
    title: str | None = None
    description: str | None = None
    price: Decimal | None = None
    tags: list[str] | None = None


class Picture(BaseModel):
    id: int
    filename: str
    content_type: str
    size: int
    url: AnyUrl


class Listing(BaseModel):
    model_config = ConfigDict(from_attributes=True)
    id: int
    title: str
    description: str | None
    price: float
    currency: Literal["EUR", "USD", "GBP"]
    condition: Condition
    tags: list[str]
    size: Size | None
    location: GeoPoint | None
    homepage: HttpUrl | None
    attributes: dict[str, str]
    pickup_from: time | None
    seller_id: uuid.UUID
    pictures: list[Picture]
    created_at: datetime
    updated_at: datetime | None = None


class CardPayment(BaseModel):
    kind: Literal["card"]
    number: str
    expires: str


class TransferPayment(BaseModel):
    kind: Literal["transfer"]
    iban: str
    reference: str | None = None


class VoucherPayment(BaseModel):
    kind: Literal["voucher"]
    codes: list[str]


Payment = Annotated[CardPayment | TransferPayment | VoucherPayment, Field(discriminator="kind")]


class Line(BaseModel):
    listing_id: int
    quantity: int = Field(1, ge=1)


class OrderIn(BaseModel):
    lines: list[Line] = Field(min_length=1)
    payment: Payment
    note: str | None = None


class Order(BaseModel):
    id: uuid.UUID
    status: Literal["pending", "paid", "shipped", "cancelled"]
    lines: list[Line]
    payment: Payment
    total: float
    note: str | None
    placed_at: datetime
    delivery_estimate: timedelta
    route: tuple[float, float] | None = None


class Signature(BaseModel):
    data: Base64Bytes
    signed_by: str


class Problem(BaseModel):
    detail: str


NOW = datetime(2026, 3, 14, 15, 9, 26, tzinfo=UTC)
users: dict[str, dict] = {}
listings: dict[int, dict] = {}
orders: dict[uuid.UUID, dict] = {}
signatures: dict[uuid.UUID, Signature] = {}
pictures: dict[int, bytes] = {}
favourites: dict[uuid.UUID, list[int]] = {}


def reset() -> None:
    for each in (users, listings, orders, signatures, pictures, favourites):
        each.clear()


def current_user(token: Annotated[str, Depends(bearer)]) -> dict:
    for user in users.values():
        if f"token-{user['id']}" == token:
            return user
    raise HTTPException(status.HTTP_401_UNAUTHORIZED, "Could not validate credentials", {"WWW-Authenticate": "Bearer"})


Me = Annotated[dict, Depends(current_user)]
auth = APIRouter(prefix="/auth", tags=["auth"])
market = APIRouter(prefix="/listings", tags=["listings"])
trade = APIRouter(prefix="/orders", tags=["orders"], responses={404: {"model": Problem}})


@auth.post("/register", response_model=UserOut, status_code=201, responses={409: {"model": Problem}})
def register(user: UserIn):
    if user.email in users:
        raise HTTPException(409, "Email already registered")
    users[user.email] = {
        **user.model_dump(),
        "id": uuid.uuid5(uuid.NAMESPACE_DNS, user.email),
        "joined": date(2026, 3, 14),
    }
    return users[user.email]


@auth.post("/token", response_model=Token, responses={400: {"model": Problem}})
def login(form: Annotated[OAuth2PasswordRequestForm, Depends()]):
    user = users.get(form.username)
    if user is None or user["password"] != form.password:
        raise HTTPException(400, "Incorrect username or password")
    user["last_ip"] = "10.1.2.3"
    return {"access_token": f"token-{user['id']}", "expires_in": 3600}


@auth.get("/me", response_model=UserOut)
def me(user: Me):
    """The account of whoever asks."""
    return user


@market.get("", response_model=Page[Listing])
def search(
    q: str | None = None,
    condition: Condition | None = None,
    tag: Annotated[list[str], Query()] = [],
    min_price: Annotated[float | None, Query(ge=0)] = None,
    max_price: float | None = None,
    sort: Literal["price", "-price", "created_at"] = "created_at",
    page: Annotated[int, Query(ge=1)] = 1,
    size: Annotated[int, Query(ge=1, le=50)] = 10,
):
    found = [
        each
        for each in listings.values()
        if (q is None or q.lower() in each["title"].lower())
        and (condition is None or each["condition"] == condition)
        and all(one in each["tags"] for one in tag)
        and (min_price is None or float(each["price"]) >= min_price)
        and (max_price is None or float(each["price"]) <= max_price)
    ]
    key = sort.lstrip("-")
    found.sort(key=lambda each: each[key], reverse=sort.startswith("-"))
    start = (page - 1) * size
    more = f"/listings?page={page + 1}" if start + size < len(found) else None
    return {"items": found[start : start + size], "total": len(found), "page": page, "size": size, "next": more}


@market.post("", response_model=Listing, status_code=201)
def offer(listing: ListingIn, user: Me):
    number = len(listings) + 1
    listings[number] = {
        **listing.model_dump(),
        "id": number,
        "seller_id": user["id"],
        "pictures": [],
        "created_at": NOW,
    }
    return listings[number]


def found_listing(listing_id: int) -> dict:
    if listing_id not in listings:
        raise HTTPException(404, "Listing not found")
    return listings[listing_id]


Found = Annotated[dict, Depends(found_listing)]


@market.get("/{listing_id}", response_model=Listing, responses={404: {"model": Problem}})
def show(listing: Found, response: Response, currency: Annotated[str | None, Cookie()] = None):
    response.headers["X-Currency"] = currency or "EUR"
    return listing


@market.patch("/{listing_id}", response_model=Listing, responses={403: {"model": Problem}, 404: {"model": Problem}})
def change(listing: Found, patch: ListingPatch, user: Me):
    if listing["seller_id"] != user["id"]:
        raise HTTPException(403, "Not your listing")
    listing.update(patch.model_dump(exclude_unset=True), updated_at=NOW)
    return listing


@market.delete("/{listing_id}", status_code=204, responses={403: {"model": Problem}, 404: {"model": Problem}})
def remove(listing: Found, user: Me):
    if listing["seller_id"] != user["id"]:
        raise HTTPException(403, "Not your listing")
    del listings[listing["id"]]


@market.post("/{listing_id}/pictures", response_model=Picture, status_code=201, responses={415: {"model": Problem}})
async def add_picture(
    listing: Found, user: Me, file: Annotated[UploadFile, File()], caption: Annotated[str | None, Form()] = None
):
    if not (file.content_type or "").startswith("image/"):
        raise HTTPException(415, "Only images")
    data = await file.read()
    number = len(pictures) + 1
    pictures[number] = data
    made = {
        "id": number,
        "filename": file.filename,
        "content_type": file.content_type,
        "size": len(data),
        "url": f"https://cdn.example.com/pictures/{number}",
    }
    listing["pictures"].append(made)
    return made


@market.get(
    "/{listing_id}/pictures/{picture_id}", response_class=Response, responses={200: {"content": {"image/png": {}}}}
)
def picture(listing: Found, picture_id: int):
    return Response(pictures[picture_id], media_type="image/png")


@market.put("/{listing_id}/favourite", response_model=dict[str, int])
def favour(listing: Found, user: Me):
    kept = favourites.setdefault(user["id"], [])
    if listing["id"] not in kept:
        kept.append(listing["id"])
    return {"count": len(kept)}


@trade.post("", response_model=Order, status_code=201)
def order(order: OrderIn, user: Me, idempotency_key: Annotated[str | None, Header()] = None):
    total = 0.0
    for line in order.lines:
        total += float(found_listing(line.listing_id)["price"]) * line.quantity
    number = uuid.uuid5(uuid.NAMESPACE_URL, f"order-{len(orders)}")
    orders[number] = {
        "id": number,
        "status": "pending" if order.payment.kind == "transfer" else "paid",
        **order.model_dump(),
        "total": total,
        "placed_at": NOW,
        "delivery_estimate": timedelta(days=3),
        "route": (48.2, 16.4) if order.note else None,
        "owner": user["id"],
    }
    return orders[number]


@trade.get("", response_model=list[Order])
def my_orders(
    user: Me,
    status: Annotated[list[Literal["pending", "paid", "shipped", "cancelled"]] | None, Query()] = None,
    since: date | None = None,
):
    return [
        each for each in orders.values() if each["owner"] == user["id"] and (not status or each["status"] in status)
    ]


def found_order(order_id: uuid.UUID) -> dict:
    if order_id not in orders:
        raise HTTPException(404, "Order not found")
    return orders[order_id]


@trade.get("/{order_id}", response_model=Order)
def show_order(order: Annotated[dict, Depends(found_order)], user: Me):
    return order


@trade.post("/{order_id}/cancel", response_model=Order, responses={409: {"model": Problem}})
def cancel(order: Annotated[dict, Depends(found_order)], user: Me):
    if order["status"] == "cancelled":
        raise HTTPException(409, "Already cancelled")
    order["status"] = "cancelled"
    return order


@trade.put("/{order_id}/signature", status_code=204)
def sign(order: Annotated[dict, Depends(found_order)], signature: Signature):
    signatures[order["id"]] = signature


@trade.get("/{order_id}/signature", response_model=Signature)
def signature(order: Annotated[dict, Depends(found_order)]):
    kept = signatures[order["id"]]
    return {"data": base64.b64encode(kept.data), "signed_by": kept.signed_by}


@app.get("/stats", tags=["partners"])
def stats(key: Annotated[str, Depends(partner)]) -> dict[str, dict[str, int]]:
    if key != "p-1234":
        raise HTTPException(403, "Bad key")
    counts: dict[str, dict[str, int]] = {}
    for each in listings.values():
        kept = counts.setdefault(each["condition"], {"offers": 0, "pictures": 0})
        kept["offers"] += 1
        kept["pictures"] += len(each["pictures"])
    return counts


@app.get("/rates")
def rates(symbols: str | None = None) -> dict[str, float]:
    known = {"USD": 1.09, "GBP": 0.86, "CHF": 0.97, "JPY": 161.2}
    return {name: rate for name, rate in known.items() if not symbols or name in symbols.split(",")}


@app.get("/health")
def health() -> dict[str, str]:
    return {"status": "ok"}


app.include_router(auth)
app.include_router(market)
app.include_router(trade)
