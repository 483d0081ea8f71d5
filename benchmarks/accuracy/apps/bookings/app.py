"""Rooms and bookings: PUT and PATCH, conditional requests, opening hours, a waiting list."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from typing import Annotated, Any, Generic, Literal, TypeVar

from fastapi import APIRouter, Depends, FastAPI, Header, HTTPException, Query, Response
from fastapi.security import HTTPBasic, HTTPBasicCredentials
from pydantic import BaseModel, EmailStr, Field, model_validator

Item = TypeVar("Item")


class Equipment(StrEnum):
    projector = "projector"
    whiteboard = "whiteboard"
    phone = "phone"
    video = "video"


class Hours(BaseModel):
    opens: time
    closes: time


class RoomIn(BaseModel):
    name: str
    seats: int = Field(ge=1, le=500)
    floor: int = 0
    equipment: list[Equipment] = []
    hourly_rate: float | None = None
    hours: dict[Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"], Hours] | None = None
    step_free: bool | None = None


class Room(RoomIn):
    code: str
    revision: int


class Guest(BaseModel):
    name: str
    email: EmailStr | None = None
    vegetarian: bool = False


class BookingIn(BaseModel):
    room: str
    starts_at: datetime
    ends_at: datetime
    title: str
    guests: list[Guest] = []
    catering: Literal["none", "coffee", "lunch"] = "none"
    notes: str | None = None
    repeat: Weekly | Daily | None = None

    @model_validator(mode="after")
    def in_order(self) -> BookingIn:
        if self.ends_at <= self.starts_at:
            raise ValueError("a booking ends after it has begun")
        return self


class Weekly(BaseModel):
    every: Literal["week"]
    weekdays: list[int]
    until: date


class Daily(BaseModel):
    every: Literal["day"]
    times: int


class BookingPatch(BaseModel):
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    title: str | None = None
    catering: Literal["none", "coffee", "lunch"] | None = None
    notes: str | None = None
    guests: list[Guest] | None = None


class Booking(BaseModel):
    number: int
    room: str
    starts_at: datetime
    ends_at: datetime
    title: str
    guests: list[Guest]
    catering: str
    notes: str | None
    repeat: Weekly | Daily | None
    booked_by: str
    state: Literal["confirmed", "waiting", "cancelled"]
    cost: float | None


class Slot(BaseModel):
    starts_at: datetime
    ends_at: datetime


class Page(BaseModel, Generic[Item]):
    data: list[Item]
    cursor: str | None = None
    total: int


class Problem(BaseModel):
    type: str
    title: str
    status: int
    detail: str | None = None


class Refused(Exception):
    def __init__(self, status: int, title: str, detail: str | None = None) -> None:
        self.problem = Problem(type="about:blank", title=title, status=status, detail=detail)


BookingIn.model_rebuild()
Booking.model_rebuild()


class State:
    def __init__(self) -> None:
        self.rooms: dict[str, Room] = {}
        self.bookings: dict[int, Booking] = {}


state = State()
basic = HTTPBasic(auto_error=False)
PROBLEM = {"content": {"application/problem+json": {"schema": Problem.model_json_schema()}}, "description": "Refused"}


def responses(*statuses: int) -> dict[int | str, dict[str, Any]]:
    return dict.fromkeys(statuses, PROBLEM)


app = FastAPI(title="Bookings")
api = APIRouter(prefix="/api/v2")


@app.exception_handler(Refused)
async def refuse(_: object, refused: Refused) -> Response:
    body = refused.problem.model_dump_json(exclude_none=True)
    return Response(body, refused.problem.status, media_type="application/problem+json")


def user(credentials: Annotated[HTTPBasicCredentials | None, Depends(basic)]) -> str:
    if credentials is None or credentials.password != "letmein":
        raise Refused(401, "Who are you?")
    return credentials.username


User = Annotated[str, Depends(user)]


def find_room(code: str) -> Room:
    if code not in state.rooms:
        raise Refused(404, "No such room", code)
    return state.rooms[code]


def find(number: int) -> Booking:
    if number not in state.bookings:
        raise Refused(404, "No such booking")
    return state.bookings[number]


@api.get("/rooms", tags=["rooms"])
def rooms(
    equipment: Annotated[list[Equipment] | None, Query()] = None,
    seats: Annotated[int | None, Query(ge=1)] = None,
    max_rate: float | None = None,
    cursor: str | None = None,
    limit: int = 10,
) -> Page[Room]:
    found = [room for room in state.rooms.values() if not equipment or set(equipment) <= set(room.equipment)]
    found = [room for room in found if seats is None or room.seats >= seats]
    found = [room for room in found if max_rate is None or (room.hourly_rate or 0) <= max_rate]
    begin = int(cursor or "0", 16)
    more = f"{begin + limit:x}" if begin + limit < len(found) else None
    return Page(data=found[begin : begin + limit], cursor=more, total=len(found))


@api.put("/rooms/{code}", tags=["rooms"], responses=responses(401, 412))
def put_room(
    code: str, room: RoomIn, user: User, response: Response, if_match: Annotated[str | None, Header()] = None
) -> Room:
    """Create a room, or replace it."""
    known = state.rooms.get(code)
    if if_match is not None and (known is None or if_match != f'"{known.revision}"'):
        raise Refused(412, "Somebody else has changed this room")
    made = Room(code=code, revision=known.revision + 1 if known else 1, **room.model_dump())
    state.rooms[code] = made
    response.headers["ETag"] = f'"{made.revision}"'
    return made


@api.get("/rooms/{code}", tags=["rooms"], responses=responses(404))
def room(code: str, response: Response) -> Room:
    found = find_room(code)
    response.headers["ETag"] = f'"{found.revision}"'
    return found


@api.delete("/rooms/{code}", status_code=204, tags=["rooms"], responses=responses(401, 404, 409))
def close_room(code: str, user: User) -> None:
    find_room(code)
    if any(booking.room == code and booking.state == "confirmed" for booking in state.bookings.values()):
        raise Refused(409, "This room is booked")
    del state.rooms[code]


@api.get("/rooms/{code}/free", tags=["rooms"], responses=responses(404))
def free(
    code: str,
    day: date,
    minutes: Annotated[int, Query(ge=15)] = 60,
    tz: Annotated[str, Header(alias="X-Time-Zone")] = "UTC",
) -> list[Slot]:
    """Where a booking of some minutes fits in."""
    find_room(code)
    begin = datetime.combine(day, time(9), UTC)
    slots = [
        Slot(starts_at=begin + timedelta(hours=n), ends_at=begin + timedelta(hours=n, minutes=minutes))
        for n in range(8)
    ]
    taken = [booking for booking in state.bookings.values() if booking.room == code]
    return [slot for slot in slots if not any(overlap(slot, booking) for booking in taken)]


def overlap(one: Any, other: Any) -> bool:
    return one.starts_at < other.ends_at and other.starts_at < one.ends_at


@api.post("/bookings", status_code=201, tags=["bookings"], responses=responses(401, 404, 409))
def book(
    booking: BookingIn, user: User, dry_run: bool = False, prefer: Annotated[str | None, Header()] = None
) -> Booking:
    """Book a room. With ``Prefer: wait`` a taken one puts the booking on the waiting list."""
    room = find_room(booking.room)
    if len(booking.guests) > room.seats:
        raise Refused(409, "Too many guests", f"{room.name} has {room.seats} seats")
    confirmed = [one for one in state.bookings.values() if one.room == room.code and one.state == "confirmed"]
    waiting = any(overlap(booking, one) for one in confirmed)
    if waiting and prefer != "wait":
        raise Refused(409, "This room is taken")
    hours = (booking.ends_at - booking.starts_at).total_seconds() / 3600
    made = Booking(
        number=1000 + len(state.bookings), booked_by=user, state="waiting" if waiting else "confirmed",
        cost=None if room.hourly_rate is None else room.hourly_rate * hours, **booking.model_dump(),
    )  # fmt: skip
    if not dry_run:
        state.bookings[made.number] = made
    return made


@api.get("/bookings", tags=["bookings"], responses=responses(401))
def bookings(
    user: User,
    state_: Annotated[list[Literal["confirmed", "waiting", "cancelled"]] | None, Query(alias="state")] = None,
    from_: Annotated[datetime | None, Query(alias="from")] = None,
    to: datetime | None = None,
    order: Literal["asc", "desc"] = "asc",
    cursor: str | None = None,
) -> Page[Booking]:
    found = [one for one in state.bookings.values() if one.booked_by == user and (not state_ or one.state in state_)]
    found = [one for one in found if (from_ is None or one.starts_at >= from_) and (to is None or one.starts_at < to)]
    found.sort(key=lambda one: one.starts_at, reverse=order == "desc")
    return Page(data=found, total=len(found))


@api.get("/bookings/{number}", tags=["bookings"], responses=responses(401, 404))
def booking(number: int, user: User) -> Booking:
    return find(number)


@api.patch("/bookings/{number}", tags=["bookings"], responses=responses(401, 403, 404))
def change(number: int, patch: BookingPatch, user: User) -> Booking:
    found = find(number)
    if found.booked_by != user:
        raise Refused(403, "Not your booking")
    for name, value in patch.model_dump(exclude_unset=True).items():
        setattr(found, name, value)
    return found


@api.delete("/bookings/{number}", tags=["bookings"], responses=responses(401, 404))
def cancel(number: int, user: User, notify: bool = True) -> Booking:
    found = find(number)
    found.state = "cancelled"
    return found


@api.get("/bookings/{number}/guests/{index}", tags=["guests"], responses=responses(401, 404))
def guest(number: int, index: int, user: User) -> Guest:
    guests = find(number).guests
    if index >= len(guests):
        raise Refused(404, "No such guest")
    return guests[index]


@api.put("/bookings/{number}/guests", tags=["guests"], responses=responses(401, 404))
def invite(number: int, guests: list[Guest], user: User) -> list[Guest]:
    find(number).guests = guests
    return guests


@api.get("/calendar/{year}/{month}")
def calendar(year: int, month: int) -> dict[date, list[int]]:
    """The numbers of the bookings of each day."""
    if not 1 <= month <= 12:
        raise HTTPException(404, "No such month")
    days: dict[date, list[int]] = {}
    for one in state.bookings.values():
        if (one.starts_at.year, one.starts_at.month) == (year, month):
            days.setdefault(one.starts_at.date(), []).append(one.number)
    return days


@app.get("/ping", status_code=204)
def ping() -> None:
    pass


app.include_router(api)
