"""Tools that stand in for the network: nothing of mirror's passes through them, nor is anything of theirs disturbed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest


def test_responses(alike: Callable[..., Any], pytester: pytest.Pytester) -> None:
    pytest.importorskip("responses", reason="needs responses")
    pytester.makepyfile("""
        import responses
        from library import library
        from shop import UPSTREAM, shop
        from starlette.testclient import TestClient

        @responses.activate(assert_all_requests_are_fired=True)
        def test_mocked():
            responses.get(UPSTREAM, body="7")
            assert shop.test_client().get("/upstream").text == "7"
            assert [call.request.url for call in responses.calls] == [UPSTREAM]

        @responses.activate
        def test_no_call_at_all():
            assert shop.test_client().get("/old", follow_redirects=True).text == "hello"
            assert TestClient(library).get("/hello").text == "hello"
            assert len(responses.calls) == 0
            assert len(responses.registered()) == 0

        @responses.activate
        def test_the_network_is_out_of_reach():
            import pytest, requests
            with pytest.raises(requests.ConnectionError):
                shop.test_client().get("/upstream")
    """)
    run = alike()
    assert run.published == 1 + 3 + 1
    assert run.status == 0


def test_requests_mock(alike: Callable[..., Any], pytester: pytest.Pytester) -> None:
    pytest.importorskip("requests_mock", reason="needs requests-mock")
    pytester.makepyfile("""
        import pytest
        import requests_mock as tool
        from library import library
        from shop import UPSTREAM, shop
        from starlette.testclient import TestClient

        def test_mocked(requests_mock):
            requests_mock.get(UPSTREAM, text="7")
            assert shop.test_client().get("/upstream").text == "7"
            assert [request.url for request in requests_mock.request_history] == [UPSTREAM]

        def test_no_call_at_all(requests_mock):
            assert shop.test_client().get("/hello").text == "hello"
            assert TestClient(library).get("/hello").text == "hello"
            assert requests_mock.call_count == 0

        def test_the_network_is_out_of_reach(requests_mock):
            with pytest.raises(tool.NoMockAddress):
                shop.test_client().get("/upstream")
    """)
    run = alike(using=["requests_mock"])
    assert run.published == 1 + 2 + 1
    assert run.status == 0


def test_respx(alike: Callable[..., Any], pytester: pytest.Pytester) -> None:
    pytest.importorskip("respx", reason="needs respx")
    pytester.makepyfile("""
        import respx
        from library import library
        from shop import UPSTREAM, shop
        from starlette.testclient import TestClient

        @respx.mock
        def test_mocked():
            route = respx.get(UPSTREAM).respond(text="7")
            client = TestClient(library)
            assert client.get("/upstream").text == "7"
            assert client.get("/upstream-async").text == "7"
            assert route.call_count == 2
            assert [str(call.request.url) for call in respx.calls] == [UPSTREAM] * 2

        def test_no_call_at_all(respx_mock):
            assert TestClient(library).get("/hello").text == "hello"
            assert shop.test_client().get("/hello").text == "hello"
            assert respx_mock.calls.call_count == 0

        @respx.mock(using="httpx", assert_all_called=False)
        def test_mocked_at_the_client(respx_mock):
            respx_mock.get(UPSTREAM).respond(text="8")
            assert shop.test_client().get("/hello").text == "hello"
            assert len(respx_mock.calls) == 0
    """)
    run = alike(using=["respx"])
    assert run.published == 2 + 2 + 1
    assert run.status == 0


CASSETTE = """\
interactions:
- request:
    body: null
    headers: {}
    method: GET
    uri: http://upstream.test/price
  response:
    body: {string: '7'}
    headers: {content-type: [text/plain]}
    status: {code: 200, message: OK}
version: 1
"""


def test_vcrpy(alike: Callable[..., Any], pytester: pytest.Pytester) -> None:
    pytest.importorskip("vcr", reason="needs vcrpy")
    cassette = pytester.path / "price.yaml"
    cassette.write_text(CASSETTE)
    pytester.makepyfile("""
        import vcr
        from library import library
        from shop import shop
        from starlette.testclient import TestClient

        def test_recorded():
            with vcr.use_cassette("price.yaml", record_mode="none") as cassette:
                assert shop.test_client().get("/upstream").text == "7"
                assert shop.test_client().get("/hello").text == "hello"
                assert cassette.play_count == 1 and cassette.all_played and len(cassette) == 1

        def test_nothing_is_added():
            with vcr.use_cassette("new.yaml", record_mode="new_episodes") as cassette:
                assert shop.test_client().get("/old", follow_redirects=True).text == "hello"
                assert len(cassette) == 0
    """)
    run = alike()
    assert run.published == 2 + 2
    assert run.status == 0
    assert cassette.read_text() == CASSETTE
    assert not (pytester.path / "new.yaml").exists()


def test_httpretty(alike: Callable[..., Any], pytester: pytest.Pytester) -> None:
    pytest.importorskip("httpretty", reason="needs httpretty")
    pytester.makepyfile("""
        import httpretty
        from shop import UPSTREAM, shop

        @httpretty.activate(verbose=False, allow_net_connect=False)
        def test_mocked():
            httpretty.register_uri(httpretty.GET, UPSTREAM, body="7")
            assert shop.test_client().get("/upstream-urllib").text == "7"
            assert shop.test_client().get("/hello").text == "hello"
            assert [request.url for request in httpretty.latest_requests()] == [UPSTREAM]

        @httpretty.activate(verbose=False, allow_net_connect=False)
        def test_no_call_at_all():
            assert shop.test_client().get("/hello").text == "hello"
            assert httpretty.latest_requests() == []
    """)
    run = alike()
    assert run.published == 2 + 1
    assert run.status == 0


def test_mocket(alike: Callable[..., Any], pytester: pytest.Pytester) -> None:
    pytest.importorskip("mocket", reason="needs mocket")
    pytester.makepyfile("""
        from shop import UPSTREAM, shop
        from mocket import Mocket, mocketize
        from mocket.mocks.mockhttp import Entry

        @mocketize(strict_mode=True)
        def test_mocked():
            Entry.single_register(Entry.GET, UPSTREAM, body="7")
            assert shop.test_client().get("/upstream").text == "7"
            assert shop.test_client().get("/hello").text == "hello"
            assert [request.path for request in Mocket.request_list()] == ["/price"]

        @mocketize(strict_mode=True)
        def test_no_call_at_all():
            assert shop.test_client().get("/hello").text == "hello"
            assert Mocket.request_list() == []
    """)
    run = alike()
    assert run.published == 2 + 1
    assert run.status == 0
