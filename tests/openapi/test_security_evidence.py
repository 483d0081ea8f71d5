"""What operations ask for, by what became of requests with credentials and without."""

from __future__ import annotations

import pytest

from mirror.openapi.evidence import Answer, Content, Credentials, Operation, Requests
from mirror.openapi.security import Security
from mirror.openapi.texts import Texts

KEY = "header x-api-key"


def operation(answers: dict[int, int], **credentials: Credentials) -> Operation:
    """An operation that answered so often; ``credentials`` by name, with ``_`` for a blank and ``bare`` for none."""
    accepted = sum(count for status, count in answers.items() if status < 400)
    return Operation(
        sum(answers.values()),
        requests={"accepted": Requests(accepted)} if accepted else {},
        answers={status: Answer(count) for status, count in answers.items()},
        credentials={"" if name == "bare" else name.replace("_", " ", 1): kept for name, kept in credentials.items()},
    )


@pytest.mark.parametrize(
    ("name", "matters"), [("header_x-token", False), ("header_token", False), ("header_x-till", True)]
)
def test_that_all_requests_have_it_is_enough_but_for_names_that_parameters_have(name: str, matters: bool) -> None:
    operations = {"GET /a": operation({200: 3}, **{name: Credentials(3)})}
    assert bool(Security(operations).schemes) is matters


def test_what_was_never_accepted_is_no_scheme() -> None:
    assert Security({"GET /a": operation({404: 1}, **{"header_x-till": Credentials(0, 0, 1)})}).schemes == {}


@pytest.mark.parametrize(
    ("status", "is_asked_for"), [(404, False), (409, False), (410, False), (412, False), (423, False), (422, True)]
)
def test_who_was_let_in_without_is_not_asked(status: int, is_asked_for: bool) -> None:
    operations = {"GET /a": operation({200: 2, status: 1}, bearer=Credentials(2), bare=Credentials(0, 0, 1))}
    assert Security(operations).of("GET /a") == ([{"bearer": []}] if is_asked_for else None)


def test_a_denial_beside_a_look_leaves_it_asked_for() -> None:
    operations = {"GET /a": operation({200: 2, 401: 1, 404: 1}, bearer=Credentials(2), bare=Credentials(0, 1, 1))}
    assert Security(operations).of("GET /a") == [{"bearer": []}]


def test_cookies_are_asked_for_where_other_operations_ask() -> None:
    """Of one that nobody has tried without."""
    tried = operation({200: 1, 401: 1}, cookie_session=Credentials(1), bare=Credentials(0, 1))
    operations = {"GET /a": tried, "GET /b": operation({200: 2}, cookie_session=Credentials(2))}
    assert Security(operations).of("GET /b") == [{"cookie.session": []}]


def test_nor_where_as_many_do_without() -> None:
    tried = operation({200: 1, 401: 1}, cookie_session=Credentials(1), bare=Credentials(0, 1))
    open_to_all = operation({200: 2}, cookie_session=Credentials(1), bare=Credentials(1))
    unknown = operation({200: 2}, cookie_session=Credentials(2))
    operations = {"GET /a": tried, "GET /b": open_to_all, "GET /c": unknown}
    assert Security(operations).of("GET /c") is None


def test_credentials_that_were_never_accepted_are_one_or_the_other() -> None:
    denied = operation({401: 2}, **{"bearer": Credentials(0, 1), "header_x-api-key": Credentials(0, 1)})
    assert Security({"GET /a": denied}).of("GET /a") == [{"bearer": []}, {"header.x-api-key": []}]


def test_denials_are_of_requests_without_where_more_were_denied() -> None:
    """A request may have had credentials of another kind."""
    operations = {"GET /a": operation({200: 1, 403: 1}, bearer=Credentials(1), cookie_theme=Credentials(1, 1))}
    assert Security(operations).of("GET /a") == [{"bearer": []}]


@pytest.mark.parametrize(
    ("tokens", "plain", "expected"),
    [(2, 0, "JWT"), (2, 1, None)],
)
def test_tokens_are_called_jwt_where_nothing_else_was_accepted(tokens: int, plain: int, expected: str | None) -> None:
    each = {"bearer_jwt": Credentials(tokens), "bearer": Credentials(plain, 1)}
    scheme = Security({"GET /a": operation({200: tokens + plain, 401: 1}, **each)}).schemes["bearer"]
    assert scheme.get("bearerFormat") == expected


@pytest.mark.parametrize(("status", "is_login"), [(200, True), (303, False)])
def test_a_password_is_exchanged_for_a_token_by_an_answer(status: int, is_login: bool) -> None:
    login = operation({status: 1})
    fields = {"username": Texts(1), "password": Texts(1)}
    login.requests["accepted"].contents["application/x-www-form-urlencoded"] = Content(1, family="form", fields=fields)
    answer = Content(1, family="json")
    answer.shape.add({"access_token": "x"})
    login.answers[status].contents["application/json"] = answer
    asked = operation({200: 1, 401: 1}, bearer=Credentials(1), bare=Credentials(0, 1))
    scheme = Security({"POST /token": login, "GET /a": asked}).schemes["bearer"]
    assert (scheme["type"] == "oauth2") is is_login
