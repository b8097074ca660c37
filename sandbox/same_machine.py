"""Keeps other websites out of a loopback port: a page elsewhere can reach it, but cannot forge where it comes from."""

from __future__ import annotations

from aiohttp import hdrs, web


def refusal(request: web.BaseRequest, port: int) -> str | None:
    """Return why a request is refused; None if it is not.

    The host must be this machine's own name for the port (a foreign name that resolves to loopback is DNS rebinding),
    and an origin must be that host.
    """
    hosts = {f"{name}:{port}" for name in ("127.0.0.1", "localhost", "[::1]")}
    host = request.headers.get(hdrs.HOST, "")
    if host not in hosts:
        return "This port is only served to this computer."
    origin = request.headers.get(hdrs.ORIGIN)
    if origin is not None and origin != f"http://{host}":
        return "Another website may not use this port."
    if request.headers.get("Sec-Fetch-Site", "same-origin") not in ("same-origin", "none"):
        return "Another website may not use this port."
    return None
