"""Passwords that look like names survived in texts; passwords that are words took other words apart; both cost time."""

from __future__ import annotations

import json

import pytest
from factories import make_exchange, make_response

from mirror.exchange import Route
from mirror.redact.redactor import Redactor


def knowing(*values: str) -> Redactor:
    redactor = Redactor()
    body = json.dumps({"password": list(values)}).encode()
    redactor.redact(make_exchange(None, make_response(200, body, headers=[("Content-Type", "application/json")])))
    return redactor


@pytest.mark.parametrize(
    "value",
    ["Password123!", "SuperSecret1", "my-secret", "hunter-password", "TopSecret2024!", "dev-api-key", "MySession"],
)
def test_a_password_that_looks_like_a_name(value: str) -> None:
    redactor = knowing(value)
    for text in (f"it was {value} there", f"assert '{value}' == 'x'", f"x\\n{value}", f"%20{value}%20"):
        assert value not in redactor.text(text)
    exchange = redactor.redact(
        make_exchange(error=f"ValueError: {value} is wrong", test=f"tests/t.py::test_a[{value}]")
    )
    assert value not in exchange.error
    assert exchange.test.startswith("tests/t.py::test_a[redacted-")


def test_a_comparison_is_no_assignment() -> None:
    text = "assert 'Zq9hunterSECRET77' == 'x'"
    assert Redactor().text(text) == text


def test_a_password_within_other_words_is_another_word() -> None:
    redactor = knowing("orders", "orders-page", "password", "winter2024")
    for text in (
        "tests/test_orders.py: total_orders, the orders, orders.py",
        "password reset",
        "orders-page.html",
        "winter2024.py xwinter2024 winter2024_",
    ):
        assert redactor.text(text) == text
    assert redactor.text("assert 'orders'").startswith("assert 'redacted-")
    assert redactor.text("an orders-page!").startswith("an redacted-")
    assert "winter" not in redactor.text("see winter2024.")


def test_many_known_values_cost_no_more_than_one() -> None:
    redactor = knowing(*[f"secret-{number:05d}-x" for number in range(4096)])
    lookups = []

    class Counted(str):
        __slots__ = ()

        def __getitem__(self, key):  # type: ignore[no-untyped-def]
            lookups.append(key)
            return str(self)[key]

    assert redactor._known.replace(Counted("nothing stands here " * 5)) == "nothing stands here " * 5
    assert len(lookups) <= 100
    assert "secret-04095-x" not in redactor.text("a secret-04095-x")


def test_names_of_tests_stay_what_they_became() -> None:
    redactor = Redactor()
    name = "tests/test_login.py::test_login[password=Winter2024!]"
    assert redactor.name(name) == name
    assert redactor.name("t.py::test[alice@shop.example]").startswith("t.py::test[user-")
    redactor.redact(
        make_exchange(None, make_response(200, b"password=Winter2024!", headers=[("Content-Type", "text/plain")]))
    )
    assert redactor.name(name) == name
    other = redactor.name("tests/test_login.py::test_other[Winter2024!]")
    assert "Winter" not in other
    assert redactor.name(other) == other


def test_docs_of_routes() -> None:
    doc = "Log in as alice@shop.example with password=Zq9hunter.\n\n:param password: the password"
    exchange = make_exchange(route=Route("/password/{token}", "shop.login_password", doc))
    route = Redactor().redact(exchange).route
    assert "alice" not in route.doc
    assert "Zq9hunter" not in route.doc
    assert route.doc.endswith(":param password: the password")
    assert (route.template, route.endpoint) == ("/password/{token}", "shop.login_password")
