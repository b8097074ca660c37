"""Cleans text from outside: mojibake, entities, tags, control characters, white space.

Pure. Escaping for Discord is up to the renderer.
"""

from __future__ import annotations

import html
import re
import unicodedata

from digests.bounded_cache import cached

# Block tags, which become line breaks, and inline tags.
_BLOCKS = (
    "address article aside blockquote body br caption center dd details dialog div dl dt fieldset figcaption figure"
    " footer form h1 h2 h3 h4 h5 h6 head header hr html li main menu nav ol option p pre section summary table tbody"
    " td tfoot th thead title tr ul"
)
_OTHERS = (
    "a abbr acronym applet area audio b base basefont bdi bdo big button canvas cite code col colgroup data datalist"
    " del dfn dir em embed font frame frameset hgroup i iframe img input ins kbd label legend link map mark math"
    " menuitem meta meter nobr noframes noscript object optgroup output param path picture progress q rp rt ruby s samp"
    " script select small source span strike strong style sub sup svg template textarea time track tt u var video wbr"
)
_BLOCK_NAMES = frozenset(_BLOCKS.split())
_OTHER_NAMES = frozenset(_OTHERS.split())
# No nested quantifier runs over the same characters, so hostile input stays linear.
_TAG = re.compile(r"""</?([a-zA-Z][a-zA-Z0-9:-]*)(?:[\s/](?:[^<>"']|"[^"<]*"|'[^'<]*')*)?>""")
# After entities are resolved `<canvas>` may be what a title is about; then only certain markup is removed.
_SURE_TAG = re.compile(r"(?i)</[a-z][a-z0-9:-]*\s*>|<(?:br|hr|p|div|li|ul|ol)\s*/?>|<[a-z][a-z0-9:-]*\s[^<>=]*=[^<>]*>")
_HIDDEN = re.compile(r"(?is)<(script|style|template|noscript|svg|head(?!er))\b[^<>]*>.*?(?:</\1\s*>|\Z)")
_COMMENT = re.compile(r"(?s)<!--.*?(?:-->|\Z)|<!DOCTYPE[^<>]*>|<\?(?:xml|php)\b.*?(?:\?>|\Z)", re.IGNORECASE)
_CDATA = re.compile(r"(?s)<!\[CDATA\[(.*?)(?:\]\]>|\Z)")
_ENTITY = re.compile(r"&(?:#\d|#[xX][0-9A-Fa-f]|[A-Za-z]{2,31})")
# Controls (but tab and newline), soft hyphen, zero-width and direction marks, overrides and isolates, byte-order
# marks, interlinear and tag characters, lone surrogates.
_INVISIBLE = re.compile(
    "[\\x00-\\x08\\x0b\\x0c\\x0e-\\x1f\\x7f-\\x84\\x86-\\x9f\\u00ad\\u034f\\u061c\\u115f\\u1160\\u17b4\\u17b5\\u180e"
    "\\u200b\\u200e\\u200f\\u202a-\\u202e\\u2060-\\u206f\\u3164\\ufeff\\uffa0\\ufff9-\\ufffb\\ud800-\\udfff"
    "\\U000e0000-\\U000e007f]"
)
_ASCII_CONTROLS = bytes(code for code in range(128) if _INVISIBLE.match(chr(code)))
# A joiner only has a meaning inside certain scripts, or between two emoji.
_JOINERS = re.compile("[\\u200c\\u200d]+")
# If this many consecutive characters are neither letters nor spaces, they may be a pile of combining marks.
# Normalising a pile takes quadratic time.
_PILE = re.compile(r"[^\w\s\x00-\x7f]{31,}")
MAX_PILED_MARKS = 30
"""Unicode's own bound for text that is safe to normalise (UAX 15, Stream-Safe Text Format)."""
# `html` refuses such long numbers, and no character has one.
_HUGE_REFERENCE = re.compile("&#[0-9]{8,};?")
MAX_REPAIRED_CHARS = 256 * 1024
"""Mojibake is repaired only in this many characters: it takes microseconds for each."""
_LINE_SEPARATORS = re.compile("\r\n?|[\\x85\\u2028\\u2029]")
_BLANK_RUN = re.compile(r"[^\S\n]{2,}|[^\S\n ]")
_ODD_BLANK = re.compile("[\\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000]")
_EMPTY_LINES = re.compile(r"\n{3,}")
# UTF-8 decoded as a one-byte encoding always has two consecutive non-ASCII characters (or a letter for the first byte);
# nothing else is worth the cost of a full check.
_MAYBE_MOJIBAKE = re.compile(r"[^\x00-\x7f]{2}|[ÃÂâÐÑ][^a-zA-Z]|[\x80-\x9f]")
# Text that needs no cleaning, recognised in one pass: ASCII without markup and entities, and single Latin letters and
# typographic marks (no mojibake, nothing to compose, nothing invisible). All other text is processed.
_PLAIN = re.compile(
    "[ -%'-;=-~]*+"
    "(?:[\xa1-\xac\xae-\xc1\xc4-\xcf\xd2-\xe1\xe3-\u024f\u2010-\u2027\u2030-\u205e\u20ac\u2122]"
    "(?![^\x00-\x7f])[ -%'-;=-~]*+)*+"
)


def one_line(text: str) -> str:
    """Return cleaned text on one line, for titles, names and excerpts."""
    # Most text is clean, and checking that costs a fraction of cleaning.
    if _PLAIN.fullmatch(text) is not None and "  " not in text:
        return text.strip()
    return " ".join(_cleaned(text).split())


def paragraphs(text: str) -> str:
    """Return cleaned text with its lines and paragraphs, for bodies."""
    text = _cleaned(text)
    # Most bodies only have single spaces; each check costs a fraction of replacing every space by a space.
    if "  " in text or "\t" in text or not (text.isascii() or _ODD_BLANK.search(text) is None):
        text = _BLANK_RUN.sub(" ", text)
    lines = text.split("\n")
    # Cheaper than searching for what is between lines: there are spaces everywhere.
    if any(line[:1] == " " or line[-1:] == " " for line in lines):
        text = text.replace(" \n", "\n").replace("\n ", "\n")
    if "\n\n\n" in text:
        text = _EMPTY_LINES.sub("\n\n", text)
    return text.strip()


@cached(4096)
def name(text: str) -> str:
    """Clean a short text, cached as it occurs again and again (a provider's name, a topic)."""
    return one_line(text)


def shortened(text: str, limit_chars: int) -> str:
    """Shorten a one-line text to `limit_chars` with an ellipsis, at a word boundary if one is near."""
    if len(text) <= limit_chars:
        return text
    kept = text[: limit_chars - 1]
    word_end = kept.rfind(" ")
    if word_end > limit_chars * 3 // 4:
        kept = kept[:word_end]
    return kept.rstrip(" \u200d,;:-–—") + "…"


def fold(text: str) -> str:
    """Return `text` without case and diacritics, for comparing."""
    if text.isascii():
        return text.lower()
    decomposed = unicodedata.normalize("NFKD", _PILE.sub(_lowered_pile, text.casefold()))
    return "".join(char for char in decomposed if not unicodedata.combining(char))


def _cleaned(text: str) -> str:
    if "<" in text:
        text = _without_tags(text)
    if "&" in text:
        text = _unescaped(text)
    if not text.isascii():
        if _MAYBE_MOJIBAKE.search(text):
            text = _without_mojibake(text)
        text = _LINE_SEPARATORS.sub("\n", text)
        if "\u200c" in text or "\u200d" in text:
            text = _JOINERS.sub(_kept_joiners, text)
        text = _PILE.sub(_lowered_pile, text)
        if not unicodedata.is_normalized("NFC", text):
            text = unicodedata.normalize("NFC", text)
    else:
        if "\r" in text:
            text = _LINE_SEPARATORS.sub("\n", text)
        # A table lookup per byte, many times faster than a regex with character classes.
        return text.encode("ascii").translate(None, _ASCII_CONTROLS).decode("ascii")
    return _INVISIBLE.sub("", text)


def _without_mojibake(text: str) -> str:
    # Imported only when needed: it takes a sixth of a worker's start, and most corpora never need it.
    from ftfy import TextFixerConfig, fix_encoding

    fixes = TextFixerConfig(
        unescape_html=False,
        remove_terminal_escapes=False,
        fix_latin_ligatures=False,
        fix_character_width=False,
        uncurl_quotes=False,
        fix_line_breaks=False,
        remove_control_chars=False,
        normalization=None,
        explain=False,
    )
    return fix_encoding(text[:MAX_REPAIRED_CHARS], fixes) + text[MAX_REPAIRED_CHARS:]


def _kept_joiners(match: re.Match[str]) -> str:
    before, after = match.string[match.start() - 1 : match.start()], match.string[match.end() : match.end() + 1]
    return "" if before.isascii() or after.isascii() else match[0]


def _lowered_pile(match: re.Match[str]) -> str:
    kept: list[str] = []
    height = 0
    for char in match[0]:
        height = height + 1 if unicodedata.combining(char) else 0
        if height <= MAX_PILED_MARKS:
            kept.append(char)
    return "".join(kept)


def _without_tags(text: str) -> str:
    if "<!" in text or "<?" in text:
        text = _CDATA.sub(r"\1", _COMMENT.sub(" ", text))
    text = _HIDDEN.sub(" ", text)
    return _TAG.sub(_without_tag, text)


def _without_tag(match: re.Match[str]) -> str:
    name_ = match[1].lower()
    if name_ in _BLOCK_NAMES:
        return "\n"
    # `List<T>` is not markup; a name with a hyphen or colon (custom elements, XML) always is.
    return "" if name_ in _OTHER_NAMES or "-" in name_ or ":" in name_ else match[0]


def _unescaped(text: str) -> str:
    # Feeds often escape twice (`&amp;#8217;`); a third time is a joke.
    for _time in range(2):
        text = _HUGE_REFERENCE.sub("\ufffd", text)
        if _ENTITY.search(text) is None:
            break
        text = html.unescape(text)
    if "<" in text and _SURE_TAG.search(text):
        text = _without_tags(text)
    return text
