"""Serves an example application on a port: ``python openapi_served.py flask_app|fastapi_app PORT``.

Passwords are hashed quickly, and there is somebody who may do everything (``openapi_login`` logs in as them).
"""

from __future__ import annotations

import sys
from pathlib import Path

EXAMPLES = Path(__file__).parents[2] / "examples"


def serve(example: str, port: int) -> None:
    from werkzeug.serving import run_simple

    sys.path.insert(0, str(EXAMPLES / example))
    if example == "flask_app":
        import shop

        app = shop.create_app(
            {"STAFF_EMAILS": frozenset({"staff@example.com"}), "PASSWORD_HASH_METHOD": "pbkdf2:sha256:1"}
        )
        run_simple("127.0.0.1", port, app, threaded=True)
    else:
        import uvicorn

        import library

        settings = library.Settings(librarians=frozenset({"hypatia"}), password_rounds=1)
        uvicorn.run(library.create_app(settings), host="127.0.0.1", port=port, log_level="warning")


if __name__ == "__main__":
    serve(sys.argv[1], int(sys.argv[2]))
