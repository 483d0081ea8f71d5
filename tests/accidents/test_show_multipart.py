"""``mirror show`` printed an upload as hexadecimal from its first delimiter on, and a form with escaped line ends."""

from __future__ import annotations

from mirror import Headers
from mirror.readable import pretty

TYPE = Headers.from_text([("Content-Type", 'multipart/form-data; boundary="b1"')])
UPLOAD = (
    b'--b1\r\nContent-Disposition: form-data; name="title"\r\n\r\ninvoice\r\n'
    b'--b1\r\nContent-Disposition: form-data; name="data"\r\nContent-Type: application/json\r\n\r\n{"a":1}\r\n'
    b'--b1\r\nContent-Disposition: form-data; name="file"\r\nContent-Type: image/png\r\n\r\n\x89PNG\r\n\r\n\xff\r\n'
    b"--b1--\r\n"
)


def test_each_part_is_laid_out() -> None:
    assert pretty(UPLOAD, TYPE).split("\n") == [
        "--b1", 'Content-Disposition: form-data; name="title"', "", "invoice",
        "--b1", 'Content-Disposition: form-data; name="data"', "Content-Type: application/json", "",
        "{", '  "a": 1', "}",
        "--b1", 'Content-Disposition: form-data; name="file"', "Content-Type: image/png", "",
        "(9 bytes of image/png)", "89 504e470d 0a0d0aff",
        "--b1--",
    ]  # fmt: skip


def test_what_werkzeug_sends_begins_with_an_empty_line() -> None:
    assert pretty(b"\r\n" + UPLOAD, TYPE) == pretty(UPLOAD, TYPE)


def test_what_is_no_multipart_is_shown_as_it_is() -> None:
    assert pretty(b"hello", TYPE) == "hello"
    assert pretty(b"--b1\r\nhello", TYPE) == "--b1\nhello"
    assert pretty(b"\xff\xfe", TYPE) == "(2 bytes of text/plain)\nfffe"
    assert pretty(UPLOAD[:60], TYPE).startswith("--b1\nContent-Disposition")
