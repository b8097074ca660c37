"""Keeps other websites out: a page elsewhere can reach a loopback port, but cannot forge where it comes from."""

from __future__ import annotations

from typing import Final

from aiohttp import hdrs, web

from sandbox import same_machine

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
    """Return why a request is refused; None if it is not.

    In addition to `same_machine`, requests that change something need a header and a content type that another site
    can't send without a CORS preflight.
    """
    reason = same_machine.refusal(request, port)
    if reason is not None:
        return reason
    if request.method == hdrs.METH_POST and (
        request.content_type != "application/json" or OWN_HEADER not in request.headers
    ):
        return "Only the page itself may do this."
    return None
