import pytest
from flask import Flask, session
from flask.testing import FlaskClient

from shop.store import Product

ADA = {"email": "ada@mail.example", "password": "correct horse"}


@pytest.fixture
def browser(client: FlaskClient) -> FlaskClient:
    """A client whose user has an account and is not logged in yet."""
    client.post("/auth/register", json=ADA)
    return client


def test_strangers_are_sent_to_the_login_form(browser: FlaskClient) -> None:
    response = browser.get("/account")
    assert response.status_code == 302
    assert response.location == "/login?next=/account"


def test_the_login_form_is_where_strangers_end(browser: FlaskClient) -> None:
    response = browser.get("/account", follow_redirects=True)
    assert response.status_code == 200
    assert [earlier.status_code for earlier in response.history] == [302]
    assert response.request.path == "/login"
    assert '<form method="post">' in response.text


def test_logging_in_leads_back_to_the_page_that_asked(browser: FlaskClient) -> None:
    response = browser.post("/login?next=/account", data=ADA, follow_redirects=True)
    assert response.request.path == "/account"
    assert "<h1>ada@mail.example</h1>" in response.text
    assert "Welcome back!" in response.text
    assert "Welcome back!" not in browser.get("/account").text


def test_logging_in_sets_a_session_cookie(browser: FlaskClient) -> None:
    with browser:
        response = browser.post("/login", data=ADA)
        assert session["user_id"] == 1
    assert response.status_code == 303
    cookie = browser.get_cookie("session")
    assert cookie is not None
    assert cookie.http_only
    assert browser.get("/auth/me").get_json()["email"] == "ada@mail.example"


@pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example/", "/\\evil.example"])
def test_logging_in_never_leads_out_of_the_shop(browser: FlaskClient, target: str) -> None:
    response = browser.post("/login", query_string={"next": target}, data=ADA)
    assert response.location == "/account"


def test_a_wrong_password_starts_no_session(browser: FlaskClient) -> None:
    response = browser.post("/login", data=ADA | {"password": "wrong horse"})
    assert response.status_code == 401
    assert browser.get_cookie("session") is None


def test_a_login_form_without_a_password_is_a_bad_request(browser: FlaskClient) -> None:
    assert browser.post("/login", data={"email": "ada@mail.example"}).status_code == 400


def test_logging_out_forgets_the_session(browser: FlaskClient) -> None:
    with browser.session_transaction() as prepared:
        prepared["user_id"] = 1
    assert browser.get("/account").status_code == 200
    assert browser.post("/logout").location == "/login"
    assert browser.get("/account").status_code == 302


def test_two_browsers_have_two_sessions(app: Flask, browser: FlaskClient) -> None:
    browser.post("/login", data=ADA)
    assert browser.get("/account").status_code == 200
    assert app.test_client().get("/account").status_code == 302


def test_the_currency_is_kept_in_a_cookie(client: FlaskClient, teapot: Product) -> None:
    assert client.get(f"/products/{teapot.id}").get_json()["display_price"] == "€24.50"
    response = client.put("/preferences/currency", json={"currency": "GBP"}, follow_redirects=True)
    assert response.request.path == "/products/"
    assert response.get_json()["items"][0]["display_price"] == "£24.50"
    client.delete("/preferences/currency")
    assert client.get_cookie("currency") is None
    assert client.get(f"/products/{teapot.id}").get_json()["display_price"] == "€24.50"


def test_an_unknown_currency_is_refused(client: FlaskClient) -> None:
    response = client.put("/preferences/currency", json={"currency": "XYZ"})
    assert response.status_code == 400
    assert response.get_json()["detail"] == "Choose one of EUR, USD, GBP."
    assert "Set-Cookie" not in response.headers
