"""The same application, as an asynchronous client sees it: several requests may be under way at once."""

from collections.abc import AsyncIterator

import anyio
import pytest
from fastapi import FastAPI

from library.store import Book, Store

try:
    import httpx2 as httpx
except ModuleNotFoundError:
    import httpx  # type: ignore[no-redef]

pytestmark = pytest.mark.anyio


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture
async def async_client(application: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(app=application)
    async with httpx.AsyncClient(transport=transport, base_url="https://library.example") as client:
        yield client


async def bearer(client: httpx.AsyncClient, name: str) -> dict[str, str]:
    await client.post("/members/", json={"name": name, "password": "correct horse"})
    response = await client.post("/members/token", data={"username": name, "password": "correct horse"})
    return {"Authorization": f"Bearer {response.json()['access_token']}"}


async def test_a_book_is_shown(async_client: httpx.AsyncClient, emma: Book) -> None:
    response = await async_client.get(f"/books/{emma.id}")
    assert response.status_code == 200
    assert response.json()["title"] == "Emma"


async def test_a_redirect_is_followed_on_demand(async_client: httpx.AsyncClient, emma: Book) -> None:
    response = await async_client.get(f"/isbn/{emma.isbn}")
    assert response.status_code == 301
    followed = await async_client.get(f"/isbn/{emma.isbn}", follow_redirects=True)
    assert followed.url == f"https://library.example/books/{emma.id}"


async def test_only_one_of_many_gets_the_book(async_client: httpx.AsyncClient, store: Store, emma: Book) -> None:
    readers = [await bearer(async_client, name) for name in ("ada", "bob", "eve")]
    statuses: list[int] = []

    async def borrow(headers: dict[str, str]) -> None:
        response = await async_client.post("/loans/", json={"book_id": emma.id}, headers=headers)
        statuses.append(response.status_code)

    async with anyio.create_task_group() as group:
        for headers in readers:
            group.start_soon(borrow, headers)
    assert sorted(statuses) == [201, 409, 409]
    assert len(store.loans) == len(store.letters) == 1


async def test_the_news_arrive_line_by_line(async_client: httpx.AsyncClient, emma: Book) -> None:
    async with async_client.stream("GET", "/news") as response:
        lines = [line async for line in response.aiter_lines()]
    assert lines == ["retry: 15000", "", "id: 1", "event: added", f'data: {{"book_id": {emma.id}}}', ""]


async def test_a_cookie_stays_with_its_client(async_client: httpx.AsyncClient, application: FastAPI) -> None:
    assert (await async_client.get("/language/ja")).status_code == 303
    assert (await async_client.get("/")).text == "ようこそ"
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(app=application), base_url="https://library.example"
    ) as another:
        assert (await another.get("/")).text == "Welcome"
