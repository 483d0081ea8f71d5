def test_log_in(client):
    response = client.post("/session", data={"handle": "ada", "password": "open sesame"})
    assert response.status_code == 204
    assert "session" in client.cookies


def test_log_in_as_nobody(client):
    assert client.post("/session", data={"handle": "eve", "password": "x"}).status_code == 403


def test_log_in_without_password(client):
    assert client.post("/session", data={"handle": "ada"}).status_code == 422


def test_who_am_i(ada):
    assert ada.get("/session").json()["displayName"] == "Ada L."


def test_stranger(client):
    assert client.get("/session").status_code == 401


def test_log_out(ada):
    assert ada.delete("/session").status_code == 204
    assert ada.get("/session").status_code == 401
