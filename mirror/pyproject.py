"""``[tool.mirror]`` of a pyproject.toml, as it stands there.

Read in every pytest run, mirrored or not: so a file that does not speak of us is told by a look at its bytes.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from mirror.errors import ConfigError

# The key ``mirror`` wherever TOML can have it: [tool.mirror], [tool."mirror".redact], mirror.port = 1, {mirror = {}}.
KEY = re.compile(rb"(?<![\w-])mirror[\"']?[ \t]*[.\]=\r\n]")


def tool_mirror(path: Path) -> dict[str, Any]:
    """The table; empty where there is none. Raises ConfigError where the file cannot be read as TOML."""
    try:
        data = path.read_bytes()
    except OSError:
        return {}
    if not KEY.search(data):
        return {}
    import tomllib

    try:
        tool = tomllib.loads(data.decode("utf-8")).get("tool", {})
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path} cannot be read as TOML: {error}") from None
    table = tool.get("mirror", {}) if isinstance(tool, dict) else {}
    if not isinstance(table, dict):
        raise ConfigError(f"{path}: [tool.mirror] is not a table")
    return table
