"""Web addresses: a canonical form for comparing, and a safe form for showing.

Pure and total: nothing here raises on any input text.
"""

from __future__ import annotations

import contextlib
import ipaddress
import re
from urllib.parse import unquote

from digests.bounded_cache import cached

MAX_URL_CHARS = 2048
"""Longer addresses are rejected: no browser or messenger guarantees to support them."""
MAX_HOST_CHARS = 1024
"""A host has at most 253 once it is ASCII."""

_PARTS = re.compile(r"(?is)(https?):/{0,2}([^/?#]*)([^?#]*)(?:\?([^#]*))?(?:#(.*))?\Z")
_WEB = re.compile(r"(?i)https?://")
_BARE = re.compile(r"(?i)(?://)?((?:[^\W_](?:[\w-]*\w)?\.)+[^\W\d_][\w-]*[^\W_](?::\d+)?)(?=[/?#]|\Z)")
_CLEAN = re.compile(
    r"https?://(?:[a-z0-9](?:[a-z0-9_-]*[a-z0-9])?\.)+[a-z](?:[a-z0-9-]*[a-z0-9])?"
    r"(?:[/?#](?:[A-Za-z0-9._~:/?#@!$&'()*+,;=-]|%[0-9A-Fa-f]{2})*)?\Z"
)
# The common case: host and path only lose `www.` and a trailing slash.
_SIMPLE = re.compile(
    r"https?://(?:www\.)?(?!www\.|m\.|mobile\.|amp\.|youtu)((?:[a-z0-9-]+\.)+[a-z]{2,})"
    r"((?:/[A-Za-z0-9_~!$'()*+,=:@-][A-Za-z0-9._~!$'()*+,=:@-]*)*)/?\Z"
)
_NOT_SIMPLE = re.compile(r"[/.](?:google-)?amp(?:html)?(?:[/.]|\Z)|ampproject|\.m\.|/(?:index|default)\.[a-z]+/?\Z")
_JUNK = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ud800-\udfff]+")
_HOST_PREFIX = re.compile(r"\A(?:www|m|mobile|amp)\.(?=[^.]+\.[^.])")
_HOST_INFIX = re.compile(r"(?<=\.)m\.(?=wikipedia\.org\Z|wiktionary\.org\Z)")
_PUBLIC_HOST = re.compile(
    r"(?:[^.]+\.)+(?!(?:local|localhost|localdomain|internal|lan|home|intranet)\Z)[a-z][a-z0-9-]*"
)
_PLAIN_PATH = re.compile(r"[A-Za-z0-9._~!$&'()*+,=:@/-]*\Z")
_PLAIN_QUERY = re.compile(r"[A-Za-z0-9._~!$'()*,:@/?=&-]*\Z")
_ESCAPE = re.compile(r"%([0-9A-Fa-f]{2})|[^A-Za-z0-9._~!$&'()*+,;=:@/?%-]|%")
_UNRESERVED = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
_INDEX = re.compile(r"(?i)/(?:index\.(?:html?|php|aspx?|jsp)|default\.(?:aspx?|html?))\Z")
_SESSION = re.compile(r"(?i);(?:jsessionid|phpsessid|sid)=[^/;]*")
_AMP_TAIL = re.compile(r"(?i)(?<=[^/])/+amp\Z")
_AMP_ENDING = re.compile(r"(?i)(?<=[^/])\.amp(?=(?:\.html?)?\Z)")
_AMP_HEAD = re.compile(r"(?i)\A/(?:google-amp|amphtml|amp)(?=/[^/])")
_AMP_CACHE_PATH = re.compile(r"(?i)\A/(?:[acirv]|wp|bv|ii|mbv|ad)/(s/)?(?=[^/]+\.[^/])")
_AMP_VIEWER_PATH = re.compile(r"(?i)\A/amp/(s/)?(?=[^/]+\.[^/])")
_AMP_VIEWER_HOST = re.compile(r"(?:google\.[a-z.]{2,6}|bing\.com)\Z")
_YOUTUBE_PATH = re.compile(r"\A/(?:embed|shorts|live|v|e)/([\w-]{6,})")
_TRACKING = re.compile(
    r"""(?ix)\A(?:
    utm_.* | at_(?:medium|campaign|custom\d|link.*|format|ptr_name|bbc_team) | guce_.* | guccounter | amp_.* | hsa_.*
    | _hs(?:enc|mi) | hsctatracking | mc_(?:cid|eid) | pk_.* | mtm_.* | matomo_.* | wt\.mc_.* | oly_.* | ga_.* | _ga
    | _gl | fb_(?:action|ref|source).* | __twitter_impression | __source | __tn__ | fbclid | gclid | gclsrc | gbraid
    | wbraid | dclid | msclkid | yclid | twclid | ttclid | li_fat_id | igshid | igsh | mkt_tok | vero_(?:id|conv) | spm
    | trk | trkcampaign | s_cid | s_kwcid | cmpid | cmp | icid | ncid | ocid | cvid | ito | smid | smtyp | sr_share
    | xtor | taid | tsrc | soc_src | soc_trk | src_trk | sref | ref | ref_src | ref_url | referrer | refsrc
    | feedtype | feedname | usqp | usg | ved | sh | share | shared | mbid | elqtrackid | zanpid | awc | cjevent | amp
    | rss | rssfeed | campaign_id | via | ns_(?:source|mchannel|campaign|linkname|fee)
    )\Z"""
)
# Query parameters for tracking, or for a variant of the page.
_TRACKING_PAIR = re.compile(r"(?i)\A(?:source=rss[^&]*|m=1)\Z")
# Pages that only redirect to the address in one of their parameters.
_WRAPPER = re.compile(
    r"""(?ix)https?://(?:
    (?:www\.)?google\.[a-z.]{2,6}/url | lm?\.(?:facebook|instagram)\.com/(?:l\.php)? | (?:www\.)?facebook\.com/l\.php
    | t\.umblr\.com/redirect | out\.reddit\.com/[^?#]{0,40} | (?:www\.)?youtube\.com/redirect
    | (?:www\.)?vk\.com/away\.php | (?:html\.)?duckduckgo\.com/l/ | slack-redir\.net/link
    | steamcommunity\.com/linkfilter/? | (?:[a-z0-9]+\.)?safelinks\.protection\.outlook\.com/ | exit\.sc/
    | (?:www\.)?linkedin\.com/redir/redirect | go\.redirectingat\.com/ | away\.vk\.com/away\.php
    )\?([^#]*)"""
)
_WRAPPED = re.compile(r"(?i)(?:\A|&)(?:q|url|u|z|to|uddg|target)=(https?(?::|%3A)[^&]+)")
_MAX_WRAPS = 5
# A path without a page name: there a single `ref` may be the page's own id.
_NAMELESS = re.compile(r"(?i)\A/?\Z|\.(?:php\d?|aspx?|cgi|jsp|pl)\Z")
_AMP_VALUE = re.compile(r"(?i)\A(?:outputtype|output|type|view|mode|format|m)=amp\Z")


@cached(8192)
def canonical(url: str) -> str:
    """Return the canonical form of an address, which is equal for different spellings of one page.

    Scheme and host are unified, AMP forms unwrapped, tracking, fragments and default ports dropped, the query sorted,
    escapes normalised. The result is for comparing, not for following. Idempotent; text that is not a web address is
    returned unchanged, except for control characters and white space at its ends.
    """
    if simple := _simple(url):
        return simple
    current = unwrapped(_JUNK.sub("", url).strip())
    # Unwrapping one layer can reveal another (an AMP cache of an AMP page); each is shorter than the one around it,
    # so this terminates.
    for _layer in range(len(current) + 2):
        after = _canonical_once(current)
        if after == current or after == _simple(after):
            return after
        current = after
    return current


@cached(8192)
def resolve(url: str) -> tuple[str, str] | None:
    """Return an address in its `safe` and `canonical` forms, or None if it must not be shown."""
    simple = _simple(url)
    if simple is not None and len(url) <= MAX_URL_CHARS:
        return url, simple
    shown = safe(unwrapped(url))
    return None if shown is None else (shown, canonical(shown))


def unwrapped(url: str) -> str:
    """Return where a page of google.com/url, l.facebook.com and the like leads, which is what a person shared."""
    for _layer in range(_MAX_WRAPS):
        wrapper = _WRAPPER.match(url)
        found = _WRAPPED.search(wrapper[1]) if wrapper is not None else None
        if found is None:
            break
        url = unquote(found[1], errors="replace")
    return url


def _simple(url: str) -> str | None:
    """Return the canonical form of an address that needs no closer look; None for others."""
    match = _SIMPLE.match(url)
    if match is None:
        return None
    lower = url.lower()
    # Looking for four texts takes a fifth of the time of looking for the pattern that needs one of them.
    if ("amp" in lower or ".m." in lower or "index." in lower or "default." in lower) and _NOT_SIMPLE.search(
        lower
    ) is not None:
        return None
    return f"https://{match[1]}{match[2] or '/'}"


def _canonical_once(url: str) -> str:
    match = _PARTS.match(url)
    if match is None:
        if _BARE.match(url) is None:
            return url
        match = _PARTS.match("https://" + url.removeprefix("//"))
        if match is None:
            return url
    host, port = _host_of(match[2])
    if not host:
        return url
    path = _path_of(match[3])
    query = match[4] or ""

    if host.endswith("cdn.ampproject.org") and (wrapped := _AMP_CACHE_PATH.match(path)):
        return _rewrapped(path[wrapped.end() :], query)
    if _AMP_VIEWER_HOST.match(host) and (wrapped := _AMP_VIEWER_PATH.match(path)):
        return _rewrapped(path[wrapped.end() :], query)

    if host in {"youtube.com", "youtube-nocookie.com", "youtu.be"}:
        video = _video_of(host, path, query)
        if video:
            return f"https://youtube.com/watch?v={video}"

    path = _without_amp(path)
    if len(path) > 1:
        path = path.rstrip("/")
    path = _INDEX.sub("", path)
    query = _query_of(query, is_nameless=_NAMELESS.search(path) is not None) if query else ""
    fragment = match[5] or ""
    # Old single-page sites keep the page's own address behind `#!`.
    route = f"#{_escaped(fragment)}" if fragment.startswith(("!", "/")) else ""
    return f"https://{host}{port}{path or '/'}{'?' + query if query else ''}{route}"


def _rewrapped(rest: str, query: str) -> str:
    return f"https://{rest}{'?' + query if query else ''}"


def _host_of(authority: str) -> tuple[str, str]:
    """Split an authority into its canonical host and a port (`:8080`, empty when default)."""
    host = authority.rpartition("@")[2].lower().replace("\\", "").replace(" ", "")
    port = ""
    if ":" in host:
        name, _colon, digits = host.rpartition(":")
        if digits.isdecimal() or not digits:
            host = name
            number = int(digits) if digits and len(digits) < 6 else 0
            port = f":{number}" if number not in {0, 80, 443} else ""
    host = host.strip(".")
    if not host.isascii() or "%" in host:
        host = _ascii_host(unquote(host, errors="replace")) or host
    while True:
        shorter = _HOST_INFIX.sub("", _HOST_PREFIX.sub("", host, count=1)) if not _is_ip(host) else host
        if shorter == host:
            return host, port
        host = shorter


def _is_ip(host: str) -> bool:
    return host[-1:].isdecimal() or host.startswith("[")


def _ascii_host(host: str) -> str | None:
    """Return a host in its ASCII form as browsers do (IDNA 2008 by UTS 46), or None when it has none."""
    if len(host) > MAX_HOST_CHARS:
        return None
    try:
        if not host.isascii():
            import idna  # here: its tables take a while to load, and few hosts need them

            with contextlib.suppress(idna.IDNAError):
                return idna.encode(host.lower(), uts46=True).decode("ascii")
        # What it does not take (an underscore, a symbol) the older standard may.
        return host.lower().encode("idna").decode("ascii").lower()
    except (UnicodeError, ValueError):
        return None


def _escaped(text: str) -> str:
    """Normalise percent escapes: unreserved characters plain, all others as upper-case `%XX` of UTF-8."""

    def one(match: re.Match[str]) -> str:
        digits = match[1]
        if digits is None:
            return "".join(f"%{byte:02X}" for byte in match[0].encode("utf-8", "replace"))
        byte = int(digits, 16)
        return chr(byte) if byte in _UNRESERVED else f"%{byte:02X}"

    return _ESCAPE.sub(one, text)


def _path_of(path: str) -> str:
    if "\\" in path:
        path = path.replace("\\", "/")
    if ";" in path:
        path = _SESSION.sub("", path)
    if _PLAIN_PATH.match(path) is None:
        path = _escaped(path)
    if "/." in path:
        path = _without_dots(path)
    while "//" in path:
        path = path.replace("//", "/")
    return path


def _without_dots(path: str) -> str:
    kept: list[str] = []
    parts = path.split("/")
    for part in parts:
        if part == "..":
            if len(kept) > 1:
                kept.pop()
        elif part != ".":
            kept.append(part)
    if parts[-1] in {".", ".."}:
        kept.append("")
    return "/".join(kept)


def _without_amp(path: str) -> str:
    if "amp" not in path and "AMP" not in path and "Amp" not in path:
        return path
    path = path.rstrip("/")
    path = _AMP_TAIL.sub("", path)
    path = _AMP_ENDING.sub("", path)
    return _AMP_HEAD.sub("", path)


def _query_of(query: str, *, is_nameless: bool) -> str:
    if _PLAIN_QUERY.match(query) is None:
        query = _escaped(query.replace("+", "%20"))
    kept = []
    pairs = query.split("&")
    if is_nameless and len(pairs) == 1 and re.match(r"(?i)ref=\w", query):
        return query
    for pair in pairs:
        name, _equals, value = pair.partition("=")
        if _TRACKING_PAIR.match(pair):
            continue
        if name and not _TRACKING.match(name) and not _AMP_VALUE.match(pair):
            kept.append(f"{name}={value}")
    kept.sort()
    return "&".join(kept)


def _video_of(host: str, path: str, query: str) -> str | None:
    if host == "youtu.be":
        found = re.match(r"/([\w-]{6,})", path)
        return found[1] if found else None
    found = _YOUTUBE_PATH.match(path)
    if found:
        return found[1]
    if path.rstrip("/") == "/watch":
        found = re.search(r"(?:\A|&)v=([\w-]+)", query)
        return found[1] if found else None
    return None


@cached(8192)
def safe(url: str) -> str | None:
    """Return an http(s) address fit to be shown and followed, or None.

    An address that is clean already comes back as it is; otherwise user names and passwords are taken out,
    hosts written in ASCII, and spaces, quotes and the like escaped.
    """
    if _CLEAN.match(url) and len(url) <= MAX_URL_CHARS:
        return url
    url = _JUNK.sub("", url).strip()
    if len(url) > MAX_URL_CHARS or _WEB.match(url) is None:
        return None
    shown = _shown(url)
    return shown if shown is not None and len(shown) <= MAX_URL_CHARS else None


def is_web(url: str) -> bool:
    """Check whether an address begins with http:// or https://, whatever follows."""
    return _WEB.match(_JUNK.sub("", url).strip()) is not None


def is_too_long(url: str) -> bool:
    """Check whether `safe` refuses a web address only for its length, as it is or once escaped."""
    url = _JUNK.sub("", url).strip()
    return len(url) > MAX_URL_CHARS or len(_shown(url) or "") > MAX_URL_CHARS


def _shown(url: str) -> str | None:
    match = _PARTS.match(url)
    if match is None:
        return None
    authority = match[2].rpartition("@")[2]
    host = _shown_host(authority)
    if host is None:
        return None
    # Imported here: with urllib.request behind it, it takes a tenth of a worker's start, and few addresses need it.
    from w3lib.url import safe_url_string

    try:
        tail = safe_url_string(f"http://h{url[match.end(2) :]}")[len("http://h") :]
    except (ValueError, UnicodeError):
        return None
    tail = re.sub(r"[<>\"{}|\\^`\s]", lambda bad: "".join(f"%{byte:02X}" for byte in bad[0].encode()), tail)
    shown = f"{match[1].lower()}://{host}{tail}"
    return shown if shown.isascii() else None


def _shown_host(authority: str) -> str | None:
    host, colon, port = authority.rpartition(":")
    if not colon or not port.isdecimal():
        host, port = authority.removesuffix(":"), ""
    if port and not 0 < int(port[:6]) < 65536:
        return None
    if host.startswith("[") and host.endswith("]"):
        try:
            ipaddress.IPv6Address(host[1:-1])
        except ValueError:
            return None
    else:
        ascii_host = _ascii_host(host.rstrip("."))
        if ascii_host is None or not re.fullmatch(r"[a-z0-9_](?:[a-z0-9._-]{0,251}[a-z0-9_])?", ascii_host):
            return None
        host = ascii_host
    return f"{host.lower()}:{port}" if port else host.lower()


def domain_of(url: str) -> str | None:
    """Return the host of a web address in lower case without `www.`, or None when it has none."""
    match = re.match(r"(?is)https?://([^/?#]+)", url)
    return domain_named(match[1]) if match else None


def is_public(url: str) -> bool:
    """Check whether an address returned by `safe` has a public host: neither a bare name nor an IP address."""
    host = domain_of(url) or ""
    return _PUBLIC_HOST.fullmatch(host) is not None


@cached(4096)
def domain_named(text: str) -> str | None:
    """Read a domain as people write it (`WWW.Forbes.com`, `https://forbes.com/`); None when there is none in it."""
    text = _JUNK.sub("", text).strip().lower()
    if "/" in text:
        text = re.sub(r"\A(?:[a-z][a-z0-9+.-]*:)?/{1,2}", "", text).partition("/")[0]
    text = text.rpartition("@")[2]
    text = re.sub(r":\d*\Z", "", text).strip(".")
    if not text.isascii():
        text = _ascii_host(text) or text
    text = text.removeprefix("www.") if text.count(".") > 1 else text
    return text if re.fullmatch(r"[\w-]+(?:\.[\w-]+)*", text) and len(text) <= 253 else None
