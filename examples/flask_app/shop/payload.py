"""What clients sent, read in one place so that nonsense is refused in the same words everywhere."""

from typing import Any

from flask import abort, request


def json_object() -> dict[str, Any]:
    """The JSON body; Flask itself refuses what is not JSON, but takes a list or a number."""
    payload = request.get_json()
    if not isinstance(payload, dict):
        abort(400, "Send a JSON object.")
    return payload


def query_number(name: str, default: int, largest: int) -> int:
    try:
        number = int(request.args.get(name, default))
    except ValueError:
        number = 0
    if not 1 <= number <= largest:
        abort(400, f"{name} must be a number from 1 to {largest}.")
    return number
