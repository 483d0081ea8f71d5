"""The errors that a user can cause, or has to know about.

    MirrorError                 base of them all: one line that names the thing, the place and the remedy
      +- ConfigError            a setting that cannot be used (option, environment, ini or [tool.mirror])
      +- PortError              the echo port cannot be had
      +- ProxyError             the proxy named by --mirror-proxy does not answer, or answers for itself
      +- WireError              an exchange that did not make its trip over the wire
      +- CaptureError           a capture (JSONL, HAR, flows, pcap) that cannot be read or written
      +- LearnError             a question about, or a merge of, what was learned that makes no sense
      +- DocumentError          an OpenAPI document that cannot be read, written or updated
      +- HubError               a hub that cannot be reached, or refuses
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


class CaptureError(MirrorError):
    """A file cannot be read or written as a capture; the message names the file, the place in it and the remedy."""


class LearnError(MirrorError):
    """What was asked of a learned model is not in it; the message names what was meant perhaps."""


class DocumentError(MirrorError):
    """A text is no OpenAPI document, or cannot become what was asked for; the message names the line and the remedy."""


class HubError(MirrorError):
    """The hub named by MIRROR_HUB is not there, or does not accept this process."""


class FrameworkMissing(MirrorError, ImportError):
    """An adapter needs a framework that is not installed; the message holds the ``pip install`` line."""
