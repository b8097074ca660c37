"""Keeps other websites out: a page elsewhere can reach a loopback port, but cannot forge where it comes from."""

from __future__ import annotations

from typing import Final

from aiohttp import hdrs, web

OWN_HEADER: Final = "X-Sandbox"

HEADERS: Final = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; style-src-attr 'unsafe-inline'; connect-src 'self';"
        " img-src 'self' http: https: data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}


def refusal(request: web.BaseRequest, port: int) -> str | None:
    """Returns why a request is not let in, None when it is.

    The host must be this machine's own name for the port (a foreign name that resolves to loopback is DNS rebinding),
    an origin must be the page's own, and whatever changes something carries a header and a content type that no
    other site can send without asking first.
    """
    hosts = {f"{name}:{port}" for name in ("127.0.0.1", "localhost", "[::1]")}
    host = request.headers.get(hdrs.HOST, "")
    if host not in hosts:
        return "This page is only served to this computer."
    origin = request.headers.get(hdrs.ORIGIN)
    if origin is not None and origin != f"http://{host}":
        return "Another website may not use this page."
    if request.headers.get("Sec-Fetch-Site", "same-origin") not in ("same-origin", "none"):
        return "Another website may not use this page."
    if request.method == hdrs.METH_POST and (
        request.content_type != "application/json" or OWN_HEADER not in request.headers
    ):
        return "Only the page itself may do this."
    return None
