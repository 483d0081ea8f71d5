"""Adapters: framework traffic becomes exchanges.

``wsgi`` and ``asgi`` observe calls at the gateway; ``routes`` reads which route the framework matched; ``seams`` knows
where in-process clients call their application; ``flask`` and ``starlette`` hold the client classes for a conftest.
"""
