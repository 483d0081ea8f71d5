"""A small lending library: create_app() builds one application with its own in-memory store."""

from library.application import create_app
from library.settings import Settings

__all__ = ["Settings", "create_app"]
