"""The errors that a user can cause, or has to know about.

    MirrorError                 base of them all: one line that names the thing, the place and the remedy
      +- ConfigError            a setting that cannot be used (option, environment, ini or [tool.mirror])
      +- PortError              the echo port cannot be had
      +- ProxyError             the proxy named by --mirror-proxy does not answer, or answers for itself
      +- WireError              an exchange that did not make its trip over the wire
      +- FrameworkMissing       an adapter was asked for whose framework is not installed

They are printed without a traceback. Nothing that happens while an exchange is published is ever raised into a
test: the recorder catches it, counts it and tells it in the summary.
"""


class MirrorError(Exception):
    """Base of mirror's own errors. ``str(error)`` is one line fit for a user."""


class ConfigError(MirrorError):
    """A setting has no usable value; the message names the setting and the source that it came from."""


class PortError(MirrorError):
    """The echo server cannot listen on the address it was told to use."""


class ProxyError(MirrorError):
    """The proxy is not there, or its reply is not a reply to the exchange."""


class WireError(MirrorError):
    """One exchange could not be published; the message says why."""


class FrameworkMissing(MirrorError, ImportError):
    """An adapter needs a framework that is not installed; the message holds the ``pip install`` line."""
