"""Header fields that say nothing about an interface: what HTTP, browsers, proxies and tracers put into messages."""

from __future__ import annotations

import re

# IANA, Hypertext Transfer Protocol (HTTP) Field Name Registry (RFC 9110 section 16.3.1), as of 2025, without those of
# WebDAV, OData and OSLC, which their interfaces would document, and those that nobody sends but to an interface that
# reads them: Accept-Language (but for browsers), conditions and ranges, Last-Event-ID, Prefer.
REGISTERED = frozenset(
    """
    a-im accept accept-additions accept-ch accept-charset accept-datetime accept-encoding accept-features
    accept-patch accept-post accept-ranges accept-signature access-control
    access-control-allow-credentials access-control-allow-headers access-control-allow-methods
    access-control-allow-origin access-control-expose-headers access-control-max-age access-control-request-headers
    access-control-request-method age allow alpn alt-svc alt-used alternates authentication-control authentication-info
    authorization available-dictionary cache-control cache-status capsule-protocol cdn-cache-control cdn-loop
    clear-site-data client-cert client-cert-chain close connection content-base content-digest content-disposition
    content-encoding content-id content-language content-length content-location content-md5 content-range
    content-security-policy content-security-policy-report-only content-type content-version cookie cookie2
    cross-origin-embedder-policy cross-origin-embedder-policy-report-only cross-origin-opener-policy
    cross-origin-opener-policy-report-only cross-origin-resource-policy date delta-base deprecation dictionary-id digest
    dpop dpop-nonce early-data etag expect expect-ct expires forwarded from host http2-settings
    if-range im keep-alive last-modified link
    link-template location max-forwards memento-datetime mime-version negotiate nel origin origin-agent-cluster p3p
    permissions-policy ping-from ping-to pragma preference-applied priority proxy-authenticate
    proxy-authentication-info proxy-authorization proxy-connection proxy-status public public-key-pins
    public-key-pins-report-only referer referrer-policy refresh reporting-endpoints repr-digest retry-after
    server server-timing set-cookie set-cookie2 signature signature-input strict-transport-security sunset
    surrogate-capability surrogate-control tcn te timing-allow-origin traceparent tracestate trailer transfer-encoding
    upgrade uri use-as-dictionary user-agent vary via want-content-digest want-digest want-repr-digest warning
    www-authenticate x-content-type-options x-frame-options
    """.split()
)

# Not registered, and in use by all: browsers (Fetch metadata, client hints), proxies, content delivery networks,
# tracing (W3C Baggage, Zipkin's B3, Jaeger and the vendors), development tools, and mirror's own.
CUSTOMARY = frozenset(
    """
    dnt downlink ect rtt save-data device-memory dpr viewport-width width upgrade-insecure-requests purpose x-purpose
    x-moz x-requested-with x-client-data x-xss-protection x-download-options x-dns-prefetch-control
    x-permitted-cross-domain-policies x-powered-by x-aspnet-version x-aspnetmvc-version x-ua-compatible report-to
    x-forwarded-for x-forwarded-host x-forwarded-proto x-forwarded-port x-forwarded-prefix x-forwarded-server
    x-forwarded-scheme x-forwarded-ssl x-forwarded-path x-original-url x-original-host x-original-forwarded-for
    x-real-ip x-client-ip x-cluster-client-ip true-client-ip x-scheme x-via x-cache x-cache-hits x-served-by x-timer
    x-accel-buffering x-accel-expires x-accel-redirect x-sendfile x-varnish x-proxy-id front-end-https
    baggage b3 uber-trace-id sentry-trace x-amzn-trace-id x-cloud-trace-context x-trace-id x-span-id
    elastic-apm-traceparent newrelic postman-token mirror-correlation-id x-pingback x-robots-tag x-original-method
    """.split()
)
FAMILIES = re.compile(r":.*|(?:sec|cf|x-b3|x-datadog|x-envoy|x-vercel|fly|x-newrelic|x-ot-span|x-chrome|cmcd|cmsd)-.*")

ANSWERS = frozenset({"etag", "link", "retry-after"})
"""Registered, and nevertheless what clients of one interface need and those of another do not: what to send back as
If-None-Match, where the next page is, when to come again."""


def cased(name: str) -> str:
    """A name in small letters as people write it: ``X-Total-Count``, ``ETag``."""
    return "ETag" if name == "etag" else "-".join(part.capitalize() for part in name.split("-"))


def is_standard(name: str) -> bool:
    """Whether a header field, its name in small letters, is part of no interface's own."""
    return name in REGISTERED or name in CUSTOMARY or FAMILIES.fullmatch(name) is not None


def is_custom(name: str) -> bool:
    """Whether a header field, its name in small letters, is one that an interface has of its own."""
    return not is_standard(name) or name in ANSWERS
