import app as journal
import pytest

ANN, BOB = {"Authorization": "Bearer t-ann"}, {"Authorization": "Bearer t-bob"}


@pytest.fixture
def client():
    journal.posts.clear()
    return journal.app.test_client()


def write(client, who=ANN, **more):
    return client.post("/posts/", json={"title": "Hello", "body": "First words", **more}, headers=who)


def test_write(client):
    plain = write(client)
    assert plain.status_code == 201 and plain.json["state"] == "draft"
    full = write(
        client, BOB, state="published", tags=["a", "b"], source="https://example.com/x", publish_on="2026-05-01"
    )
    assert full.json["author"]["name"] == "Bob"
    assert write(client, source=None, state="archived").status_code == 201


def test_write_with_id(client):
    headers = {**ANN, "X-Request-Id": "7d444840-9dc0-11d1-b245-5ffdce74fad2"}
    assert client.post("/posts/", json={"title": "A", "body": "B"}, headers=headers).status_code == 201


def test_write_anonymous(client):
    assert client.post("/posts/", json={"title": "A", "body": "B"}).status_code == 401
    assert (
        client.post("/posts/", json={"title": "A", "body": "B"}, headers={"Authorization": "Bearer x"}).status_code
        == 401
    )


@pytest.mark.parametrize(
    "bad",
    [
        {},
        {"title": "A"},
        {"title": "", "body": "x"},
        {"title": "A", "body": "x", "state": "lost"},
        {"title": 3, "body": 4},
    ],
)
def test_write_refused(client, bad):
    assert client.post("/posts/", json=bad, headers=ANN).status_code == 422


def test_list(client):
    for number in range(14):
        write(client, ANN if number % 2 else BOB, title=f"Post {number}", state="published" if number % 3 else "draft")
    assert client.get("/posts/").json["pages"] == 2
    assert len(client.get("/posts/?page=2&per_page=5").json["posts"]) == 5
    assert client.get("/posts/?state=draft").json["total"] == 5
    assert client.get("/posts/?author_id=1&order=old").json["posts"][0]["title"] == "Post 1"
    assert client.get("/posts/?per_page=1000").status_code == 422
    assert client.get("/posts/?order=best").status_code == 422
    assert client.get("/counts").json["by_state"] == {"draft": 5, "published": 9}


def test_counts(client):
    assert client.get("/counts").json == {"posts": 0, "by_state": {}, "busy": False}
    write(client)
    assert client.get("/counts").json["by_state"] == {"draft": 1}


def test_show(client):
    made = write(client).json
    assert client.get(f"/posts/{made['id']}").json == made
    assert client.get("/posts/77").status_code == 404


def test_replace(client):
    made = write(client).json
    url = f"/posts/{made['id']}"
    assert (
        client.put(url, json={"title": "New", "body": "Words", "state": "published"}, headers=ANN).json["title"]
        == "New"
    )
    assert client.put(url, json={"title": "New", "body": "Words"}, headers=BOB).status_code == 403
    assert client.put(url, json={"title": "New"}, headers=ANN).status_code == 422
    assert client.put("/posts/77", json={"title": "New", "body": "Words"}, headers=ANN).status_code == 404


def test_delete(client):
    url = f"/posts/{write(client).json['id']}"
    assert client.delete(url, headers=BOB).status_code == 403
    assert client.delete(url).status_code == 401
    assert client.delete(url, headers=ANN).status_code == 204
    assert client.delete(url, headers=ANN).status_code == 404


def test_comments(client):
    url = f"/posts/{write(client).json['id']}/comments"
    assert client.post(url, json={"text": "Nice"}, headers=BOB).json["rating"] is None
    assert client.post(url, json={"text": "Good", "rating": 4}, headers=BOB).status_code == 201
    assert client.post(url, json={"text": "Bad", "rating": 1}, headers=ANN).status_code == 201
    assert client.post(url, json={"text": "Bad", "rating": 9}, headers=ANN).status_code == 422
    assert client.post(url, json={"rating": 3}, headers=ANN).status_code == 422
    assert client.post("/posts/77/comments", json={"text": "Hm"}, headers=ANN).status_code == 404
    assert client.get(url.removesuffix("/comments")).json["score"] == 2.5
