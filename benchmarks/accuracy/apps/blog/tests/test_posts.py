import pytest


def slugs(response):
    return [post["slug"] for post in response.json()]


def test_nothing_yet(client):
    assert client.get("/posts").json() == []


def test_newest_first(client, posts):
    assert slugs(client.get("/posts")) == ["notes-on-notes", "on-engines", "hello-world"]


def test_by_tag(client, posts):
    assert slugs(client.get("/posts?tag=meta")) == ["hello-world"]


def test_by_author(client, posts):
    assert slugs(client.get("/posts", params={"author": "grace"})) == []
    assert len(slugs(client.get("/posts", params={"author": "ada"}))) == 3


def test_since(client, posts):
    assert len(slugs(client.get("/posts?since=2020-01-31"))) == 3
    assert client.get("/posts?since=yesterday").status_code == 422


def test_window(client, posts):
    assert slugs(client.get("/posts?limit=1&offset=1")) == ["on-engines"]


def test_too_many(client):
    assert client.get("/posts?limit=1000").status_code == 422


def test_write(write):
    response = write("A first post")
    assert response.status_code == 201
    post = response.json()
    assert post["slug"] == "a-first-post"
    assert post["previous"] is None
    assert post["author"]["website"] is None


def test_write_with_cover(write):
    write("Before")
    post = write("Cover story", cover={"url": "https://img.example/c.jpg", "credit": "Grace"}).json()
    assert post["cover"]["credit"] == "Grace"
    assert post["previous"] == "before"


def test_write_twice(write):
    write("A first post")
    assert write("A first post").status_code == 409


def test_write_nothing(ada):
    response = ada.post("/posts", json={})
    assert response.status_code == 422
    assert len(response.json()["detail"]) == 2


def test_write_as_a_stranger(client):
    assert client.post("/posts", json={"title": "Spam", "body": "Buy"}).status_code == 401


def test_read(client, posts):
    post = client.get("/posts/on-engines").json()
    assert post["readingMinutes"] == 3
    assert post["cover"] is None


def test_read_with_cover(client, posts):
    assert client.get("/posts/notes-on-notes").json()["cover"]["alt"] == "A note"


def test_read_nothing(client):
    assert client.get("/posts/no-such-thing").status_code == 404


def test_drafts(ada, posts):
    assert slugs(ada.get("/posts/drafts")) == ["unfinished-business"]
    assert ada.get("/posts/drafts").json()[0]["publishedAt"] is None


def test_drafts_of_a_stranger(client):
    assert client.get("/posts/drafts").status_code == 401


@pytest.mark.parametrize("change", [{"title": "On steam"}, {"body": "Less"}, {"tags": ["new"], "title": "Renamed"}])
def test_edit(ada, posts, change):
    response = ada.patch("/posts/on-engines", json=change)
    assert response.status_code == 200
    assert {name: response.json()[name] for name in change} == change


def test_edit_a_foreign_post(client, posts):
    client.post("/session", data={"handle": "grace", "password": "open sesame"})
    assert client.patch("/posts/on-engines", json={"title": "Mine"}).status_code == 403


def test_edit_nothing(ada):
    assert ada.patch("/posts/nothing", json={"title": "Mine"}).status_code == 404


def test_remove(ada, posts):
    assert ada.delete("/posts/hello-world").status_code == 204
    assert ada.get("/posts/hello-world").status_code == 404


def test_like(client, posts):
    client.put("/posts/on-engines/like")
    assert client.put("/posts/on-engines/like").json() == {"likes": 2}


def test_tags(client, posts):
    assert client.get("/tags").json() == {"meta": 1, "engines": 1, "history": 2}


def test_archive(client, posts):
    assert client.get("/archive/1999").json() == {"year": 1999, "months": {}}
    year = client.get("/posts/on-engines").json()["publishedAt"][:4]
    assert sum(client.get(f"/archive/{year}").json()["months"].values()) == 3


def test_archive_of_no_year(client):
    assert client.get("/archive/lately").status_code == 422


def test_latest(client, posts):
    assert client.get("/latest", follow_redirects=False).headers["location"] == "/posts/unfinished-business"
    assert client.get("/latest").json()["title"] == "Unfinished business"


def test_latest_of_nothing(client):
    assert client.get("/latest").status_code == 404
