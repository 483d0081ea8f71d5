"""A client class that was first imported in a fixture started a mirror of its own, beside the one of the run: the
exchanges of that test were in no capture and no count."""

from __future__ import annotations

import pytest
from runs import run, told

from mirror.store.capture import read


@pytest.mark.parametrize("workers", [(), ("-n", "1")])
def test_its_first_test_counts_too(pytester: pytest.Pytester, workers: tuple[str, ...]) -> None:
    pytester.makeconftest("""
        import pytest
        from flask import Flask

        @pytest.fixture
        def client():
            from mirror.adapters.flask import MirrorClient

            app = Flask("shop")
            app.add_url_rule("/<name>", view_func=lambda name: name)
            return MirrorClient(app)
    """)
    pytester.makepyfile("""
        import pytest

        @pytest.mark.parametrize("name", ["one", "two", "three"])
        def test_it(client, name):
            assert client.get("/" + name).text == name
    """)
    result = run(pytester, "--mirror-capture=kept.jsonl", *workers)
    result.assert_outcomes(passed=3)
    if not workers:
        assert told(result).made == 3
        kept = list(read(pytester.path / "kept.jsonl"))
        assert [exchange.request.target for exchange in kept] == ["/one", "/two", "/three"]
        assert all(exchange.test for exchange in kept)
