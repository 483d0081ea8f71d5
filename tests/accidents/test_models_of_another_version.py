"""A partial model of another mirror, which a worker of a cluster may have, was read as if it were of this one."""

from __future__ import annotations

import msgspec
import pytest

from mirror.cli.learning import Learned
from mirror.openapi.model import Model


def test_they_are_refused() -> None:
    made = msgspec.msgpack.decode(Learned(Model()).to_bytes())
    assert Learned.from_bytes(msgspec.msgpack.encode(made)).model == Model()
    made["model"]["version"] = 2
    with pytest.raises(msgspec.ValidationError, match="version"):
        Learned.from_bytes(msgspec.msgpack.encode(made))
