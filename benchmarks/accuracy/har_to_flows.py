"""Writes an archive as a flow file of mitmproxy's; run by the Python of mitmproxy2swagger, which brings mitmproxy.

    python har_to_flows.py ARCHIVE FLOWS

mitmproxy2swagger reads archives as well, but ends with an AttributeError at the first form in one.
"""

import json
import sys
from pathlib import Path

from mitmproxy.io import FlowWriter
from mitmproxy.io.har import request_to_flow

archive, flows = map(Path, sys.argv[1:])
with flows.open("wb") as file:
    writer = FlowWriter(file)
    for entry in json.loads(archive.read_text("utf-8"))["log"]["entries"]:
        writer.add(request_to_flow(entry))
