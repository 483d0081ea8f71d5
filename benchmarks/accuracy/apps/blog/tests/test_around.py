def test_comments(client, posts):
    assert client.get("/posts/on-engines/comments").json() == []
    first = client.post("/posts/on-engines/comments", json={"text": "Nice!"})
    assert first.status_code == 201
    assert first.json()["author"] == "anonymous"
    assert first.json()["replies"] == []


def test_thread(client, posts):
    url = "/posts/hello-world/comments"
    first = client.post(url, json={"text": "Hello", "author": "bob"}).json()["id"]
    second = client.post(url, json={"text": "Hello bob", "author": "cy", "replyTo": first}).json()["id"]
    client.post(url, json={"text": "Hello cy", "author": "bob", "replyTo": second})
    (thread,) = client.get(url).json()
    assert thread["replies"][0]["replies"][0]["text"] == "Hello cy"
    assert client.get("/posts/hello-world").json()["commentCount"] == 3


def test_reply_to_nothing(client, posts):
    response = client.post("/posts/hello-world/comments", json={"text": "What?", "replyTo": 99})
    assert response.status_code == 404


def test_say_nothing(client, posts):
    assert client.post("/posts/hello-world/comments", json={"text": ""}).status_code == 422


def test_comment_nowhere(client):
    assert client.get("/posts/nowhere/comments").status_code == 404


def test_author(client):
    assert client.get("/authors/grace").json()["website"] == "https://grace.example"
    assert client.get("/authors/ada").json()["bio"] == "Numbers"
    assert client.get("/authors/nobody").status_code == 404


def test_feed(client, posts):
    response = client.get("/feed.xml")
    assert response.headers["content-type"].startswith("application/rss+xml")
    assert "Hello, world!" in response.text


def test_home(client):
    assert "light" in client.get("/").text
    assert "dark" in client.get("/", headers={"Cookie": "theme=dark"}).text


def test_preferences(client):
    assert client.get("/preferences").json() == {"theme": "light", "language": "en"}
    response = client.get("/preferences", headers={"Cookie": "theme=dark; language=fr"})
    assert response.json() == {"theme": "dark", "language": "fr"}


def test_nowhere(client):
    assert client.get("/wp-login.php").status_code == 404
