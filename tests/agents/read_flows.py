"""Prints a mitmproxy flow file as JSON lines. Runs in mitmproxy's own Python: nothing of ours, no other library."""

import base64
import json
import sys

from mitmproxy.io import FlowReader


def text(data):
    return base64.b64encode(data or b"").decode()


def fields(headers):
    return [[text(name), text(value)] for name, value in headers.fields]


with open(sys.argv[1], "rb") as file:
    for flow in FlowReader(file).stream():
        request, response = flow.request, flow.response
        seen = [
            text(request.data.method),
            text(request.data.path),
            fields(request.headers),
            text(request.raw_content),
            response.status_code,
            text(response.data.reason),
            fields(response.headers),
            text(response.raw_content),
        ]
        talk = flow.websocket
        if talk is not None:
            seen.append([[one.from_client, one.is_text, text(one.content)] for one in talk.messages])
            seen.append([talk.closed_by_client, talk.close_code, talk.close_reason])
        print(json.dumps(seen))
