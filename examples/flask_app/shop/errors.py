"""Every error leaves the shop as JSON, because its clients are programs first."""

from collections.abc import Mapping

from flask import Flask, current_app, jsonify, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import HTTPException


class ValidationError(Exception):
    """The body was readable, but some of its fields make no sense; `fields` says which and why."""

    def __init__(self, fields: Mapping[str, str]) -> None:
        super().__init__(", ".join(fields))
        self.fields = dict(fields)


def validation_failed(error: ValidationError) -> ResponseReturnValue:
    return jsonify(error="validation failed", fields=error.fields), 422


def http_error(error: HTTPException) -> ResponseReturnValue:
    """Keep the status and headers (Allow, WWW-Authenticate...) that Werkzeug chose and replace only its HTML page."""
    response = error.get_response()
    answer = jsonify(error=error.name.lower(), detail=error.description)
    response.set_data(answer.get_data())
    response.content_type = "application/json"
    return response


def charge_failed(error: ConnectionError) -> ResponseReturnValue:
    """The payment provider is out of reach: the customer must learn that nothing was charged, and nothing else."""
    current_app.logger.error("%s %s failed: %s", request.method, request.path, error)
    return jsonify(error="internal server error", detail="The payment could not be made; nothing was charged."), 500


def register(app: Flask) -> None:
    app.register_error_handler(ValidationError, validation_failed)
    app.register_error_handler(HTTPException, http_error)
    app.register_error_handler(ConnectionError, charge_failed)
