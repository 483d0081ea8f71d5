"""Settings: what each value may be, what it is refused with, and which source wins."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, strategies as st

from mirror import Exchange, Headers, Request, Response, Settings
from mirror.config import DEFAULT_HEADER, OPTIONS, Source, environment, path_filter, pyproject, resolve
from mirror.errors import ConfigError

# Values -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "given_value", "value"),
    [
        ("port", "8900", 8900),
        ("port", " 8900 ", 8900),
        ("port", 0, 0),
        ("port", 65535, 65535),
        ("host", "::1", "::1"),
        ("host", "fe80::1%eth0", "fe80::1%eth0"),
        ("proxy", "http://localhost:8080", "http://localhost:8080"),
        ("proxy", "http://localhost:8080/", "http://localhost:8080/"),
        ("proxy", "localhost:8080", "localhost:8080"),
        ("proxy", "http://[::1]:8080", "http://[::1]:8080"),
        ("proxy", "", None),
        ("include", "/a /b*", ("/a", "/b*")),
        ("include", ["/a b", "*"], ("/a b", "*")),
        ("include", "/[!a]", ("/[!a]",)),
        ("include", (), ()),
        ("exclude", "*/health", ("*/health",)),
        ("correlation_header", "X-Trace", "X-Trace"),
        ("correlation_header", "true", DEFAULT_HEADER),
        ("correlation_header", True, DEFAULT_HEADER),
        ("correlation_header", False, None),
        ("correlation_header", "", None),
        ("strict", "yes", True),
        ("strict", "Off", False),
        ("strict", True, True),
    ],
)
def test_a_value_is_read(name: str, given_value: Any, value: Any) -> None:
    assert getattr(Settings(**{name: given_value}), name) == value


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("port", "eighty", "port= 'eighty': a port is a number"),
        ("port", -1, "from 0"),
        ("port", 65536, "to 65535"),
        ("port", True, "a port is a number"),
        ("port", 80.0, "a port is a number"),
        ("port", "٨٠", "a port is a number"),
        ("host", "a b", "an address to listen on"),
        ("host", "", "an address to listen on"),
        ("host", 1, "an address to listen on"),
        ("proxy", "https://a:1", "speaks 'https'"),
        ("proxy", "http://a", "lacks a host or a port"),
        ("proxy", "http://:80", "lacks a host or a port"),
        ("proxy", "http://a:0", "lacks a host or a port"),
        ("proxy", "http://a:b", "is no URL"),
        ("proxy", "http://[::1:80", "is no URL"),
        ("proxy", "http://a:1?b", "holds more than an address"),
        ("proxy", 8080, "write http://HOST:PORT"),
        ("proxy_mode", "transparent", "write reverse or forward"),
        ("proxy_mode", "forward", "without a proxy"),
        ("include", "orders", "begins with / or *"),
        ("include", [1], "begins with / or *"),
        ("include", 3, "write a glob such as /api/*, or a list of them"),
        ("exclude", "/[", "the bracket is not closed"),
        ("exclude", "/a[]b", "the bracket is not closed"),
        ("correlation_header", "a b", "the name of a header field"),
        ("correlation_header", 3, "the name of a header field"),
        ("correlation_header", "content-LENGTH", "a meaning of its own"),
        ("strict", "perhaps", "write true or false"),
        ("strict", 1, "write true or false"),
        ("history", -1, "a number of exchanges"),
        ("history", "all", "a number of exchanges"),
    ],
)
def test_a_value_is_refused_in_one_line(name: str, value: Any, words: str) -> None:
    with pytest.raises(ConfigError) as info:
        Settings(**{name: value})
    assert words in str(info.value)
    assert "\n" not in str(info.value)


@given(st.sampled_from([option.name for option in OPTIONS]), st.text() | st.integers() | st.booleans() | st.none())
def test_any_value_is_read_or_refused_but_never_breaks(name: str, value: Any) -> None:
    with suppress(ConfigError):
        Settings(**{name: value})


def test_settings_are_frozen_and_equal_by_value() -> None:
    assert Settings(port=1) == Settings(port="1")  # type: ignore[arg-type]
    with pytest.raises(AttributeError):
        Settings().port = 1  # type: ignore[misc]


# Sources ------------------------------------------------------------------------------------------------------------


def test_the_first_source_that_says_something_wins() -> None:
    first = Source("--mirror-{}", {"port": None, "include": [], "host": ""})
    second = Source("MIRROR_{}", {"port": "1", "include": "/a"})
    third = Source("ini mirror_{} =", {"port": "2", "host": "::1"})
    assert resolve([first, second, third]) == Settings(port=1, include=("/a",), host="::1")
    assert resolve([]) == Settings()


@pytest.mark.parametrize(
    ("label", "where"),
    [
        ("--mirror-{}", "--mirror-proxy-mode 'up'"),
        ("MIRROR_{}", "MIRROR_PROXY_MODE 'up'"),
        ("ini mirror_{} =", "ini mirror_proxy_mode = 'up'"),
        ("pyproject.toml [tool.mirror] {}", "pyproject.toml [tool.mirror] proxy_mode 'up'"),
    ],
)
def test_an_error_names_the_setting_as_its_source_writes_it(label: str, where: str) -> None:
    with pytest.raises(ConfigError) as info:
        resolve([Source(label, {"proxy_mode": "up"})])
    assert str(info.value).startswith(where)


def test_the_environment_is_a_source() -> None:
    environ = {"MIRROR_PORT": "1", "MIRROR_CORRELATION_HEADER": "1", "MIRROR_UNKNOWN": "x", "OTHER": "y"}
    assert resolve([environment(environ)]) == Settings(port=1, correlation_header=DEFAULT_HEADER)


def test_the_tables_of_pyproject_are_a_source(tmp_path: Path) -> None:
    table = '[tool.mirror]\nport = 1\ncorrelation-header = true\ninclude = ["/ü*", "/a b"]'
    (tmp_path / "pyproject.toml").write_text(table, "utf-8")
    assert resolve([pyproject(tmp_path)]) == Settings(
        port=1, correlation_header=DEFAULT_HEADER, include=("/ü*", "/a b")
    )


@pytest.mark.parametrize("content", [None, b"", b"[tool.other]\nport = 1", b"not TOML, and not for us"])
def test_a_pyproject_without_our_table_says_nothing(tmp_path: Path, content: bytes | None) -> None:
    if content is not None:
        (tmp_path / "pyproject.toml").write_bytes(content)
    assert resolve([pyproject(tmp_path)]) == Settings()


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"[tool.mirror\nport = 1", "cannot be read as TOML"),
        (b"[tool.mirror]\nhost = '\xff'", "cannot be read as TOML"),
        (b"[[tool.mirror]]\nport = 1", "is not a table"),
        (b"[tool.mirror]\npotr = 1", "potr: no such setting; there are mirror, port, host, proxy"),
    ],
)
def test_a_pyproject_that_cannot_be_read_is_refused(tmp_path: Path, content: bytes, words: str) -> None:
    (tmp_path / "pyproject.toml").write_bytes(content)
    with pytest.raises(ConfigError) as info:
        pyproject(tmp_path)
    assert words in str(info.value)
    assert str(tmp_path / "pyproject.toml") in str(info.value)


# Which paths --------------------------------------------------------------------------------------------------------


def exchange(target: str) -> Exchange:
    return Exchange("1", Request("GET", target, Headers()), Response(200, "OK", Headers()), "wsgi", 0.0, 0.0)


def test_without_globs_there_is_nothing_to_ask() -> None:
    assert path_filter(Settings()) is None


@pytest.mark.parametrize(
    ("include", "exclude", "target", "reason"),
    [
        ("/a", "", "/a", None),
        ("/a", "", "/a?b=/c", None),
        ("/a", "", "/ab", "not included"),
        ("/a/*", "", "/a/b/c", None),
        ("/a/*", "", "/a", "not included"),
        ("/a /b", "", "/b", None),
        ("/ü", "", "/%C3%BC", None),
        ("*.json", "", "/x.JSON", "not included"),
        ("/[ab]", "", "/b", None),
        ("", "/a", "/a", "excluded"),
        ("", "/a", "/b", None),
        ("/*", "/static/*", "/static/x.css", "excluded"),
        ("*", "", "*", None),
    ],
)
def test_globs_match_the_whole_decoded_path(include: str, exclude: str, target: str, reason: str | None) -> None:
    ignore = path_filter(Settings(include=include, exclude=exclude))  # type: ignore[arg-type]
    assert ignore is not None
    assert ignore(exchange(target)) == reason
