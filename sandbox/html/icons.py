"""The sandbox's own small pictures, drawn inline so that no page needs a file; decoration only, hidden from readers."""

from __future__ import annotations

from sandbox.html.elements import Html


def _icon(path: str, box: int = 24) -> Html:
    return Html(
        f'<svg class="dc-icon" viewBox="0 0 {box} {box}" aria-hidden="true" focusable="false">'
        f'<path fill="currentColor" fill-rule="evenodd" d="{path}"/></svg>'
    )


# A folded front page: masthead, a picture, columns of text.
NEWSPAPER = Html(
    '<svg class="dc-avatar-mark" viewBox="0 0 40 40" aria-hidden="true" focusable="false">'
    '<rect width="40" height="40" fill="#e9e2d0"/>'
    '<path fill="#c9bfa5" d="M29 13h3.5v17a2.5 2.5 0 0 1-2.5 2.5H12.5A3.5 3.5 0 0 0 29 29z"/>'
    '<path fill="#fffdf6" d="M8 8.5h21V29a3.5 3.5 0 0 1-3.5 3.5h-14A3.5 3.5 0 0 1 8 29z"/>'
    '<path fill="#23252b" d="M10.5 11.5h16v3.2h-16z"/>'
    '<path fill="#b3392f" d="M10.5 17.5h7.2v6h-7.2z"/>'
    '<path fill="#6d6a61" d="M19.8 17.5h6.7v1.4h-6.7zm0 2.3h6.7v1.4h-6.7zm0 2.3h6.7v1.4h-6.7z'
    'M10.5 25.6h16V27h-16zm0 2.4h11v1.4h-11z"/></svg>'
)

DOTS = _icon("M5 10a2 2 0 1 0 0 4 2 2 0 0 0 0-4zm7 0a2 2 0 1 0 0 4 2 2 0 0 0 0-4zm7 0a2 2 0 1 0 0 4 2 2 0 0 0 0-4z")
HASH = _icon(
    "M10.9 3.1a1 1 0 0 1 .9 1.2L11.1 8h4l.8-4.2a1 1 0 1 1 2 .4L17.2 8H20a1 1 0 1 1 0 2h-3.2l-.8 4H19a1 1 0 1 1 0 2h-3.4"
    "l-.8 4.2a1 1 0 0 1-2-.4l.7-3.8h-4l-.8 4.2a1 1 0 0 1-2-.4L7.4 16H4.5a1 1 0 1 1 0-2h3.3l.8-4H5.5a1 1 0 1 1 0-2H9"
    "l.8-4.2a1 1 0 0 1 1.1-.7zM10.7 10l-.8 4h4l.8-4z"
)
MEGAPHONE = _icon(
    "M19 3.2a1 1 0 0 1 1.6.8v14a1 1 0 0 1-1.6.8L14.5 15.5H12v4a1.5 1.5 0 0 1-1.5 1.5H9A1.5 1.5 0 0 1 7.5 19.5v-4H6"
    "a4 4 0 0 1-4-4v-1a4 4 0 0 1 4-4h8.5zM22 9.5a1 1 0 0 1 1 1v1a1 1 0 0 1-1 1z"
)
FORUM = _icon(
    "M4 4a2 2 0 0 0-2 2v8a2 2 0 0 0 2 2h1v3.2a.8.8 0 0 0 1.3.6L10.5 16H14a2 2 0 0 0 2-2V6a2 2 0 0 0-2-2z"
    "M18 8v6a4 4 0 0 1-4 4h-2.3l-.9.8a2 2 0 0 0 1.2.7h3l3 2.3a.8.8 0 0 0 1.3-.6V19H20a2 2 0 0 0 2-2v-7a2 2 0 0 0-2-2z"
)
THREAD = _icon(
    "M5 3a1 1 0 0 1 1 1v5.5A3.5 3.5 0 0 0 9.5 13h7.1l-2.3-2.3a1 1 0 0 1 1.4-1.4l4 4a1 1 0 0 1 0 1.4l-4 4"
    "a1 1 0 0 1-1.4-1.4l2.3-2.3H9.5A5.5 5.5 0 0 1 4 9.5V4a1 1 0 0 1 1-1z"
)
SPEAKER = _icon(
    "M12 3.6v16.8a1 1 0 0 1-1.7.7L6 17H4a2 2 0 0 1-2-2V9a2 2 0 0 1 2-2h2l4.3-4.1a1 1 0 0 1 1.7.7z"
    "M15 7.5a1 1 0 0 1 1.4-.1 6 6 0 0 1 0 9.2 1 1 0 1 1-1.3-1.5 4 4 0 0 0 0-6.2 1 1 0 0 1-.1-1.4z"
)
ENVELOPE = _icon(
    "M4 4a2 2 0 0 0-2 2v.500l10 5.5 10-5.5V6a2 2 0 0 0-2-2zM2 8.8V18a2 2 0 0 0 2 2h16a2 2 0 0 0 2-2V8.8l-9.5 5.2"
    "a1 1 0 0 1-1 0z"
)
LAUNCH = _icon(
    "M15 2a1 1 0 1 0 0 2h3.6l-8.3 8.3a1 1 0 1 0 1.4 1.4L20 5.4V9a1 1 0 1 0 2 0V3a1 1 0 0 0-1-1zM5 4a3 3 0 0 0-3 3v12"
    "a3 3 0 0 0 3 3h12a3 3 0 0 0 3-3v-6a1 1 0 1 0-2 0v6a1 1 0 0 1-1 1H5a1 1 0 0 1-1-1V7a1 1 0 0 1 1-1h6a1 1 0 1 0 0-2z"
)
CHEVRON = _icon("M5.3 8.8a1 1 0 0 1 1.4 0L12 14l5.3-5.2a1 1 0 1 1 1.4 1.4l-6 6a1 1 0 0 1-1.4 0l-6-6a1 1 0 0 1 0-1.4z")
EYE = _icon(
    "M12 5c5.5 0 9 4.7 10.2 6.6a.8.8 0 0 1 0 .8C21 14.3 17.5 19 12 19S3 14.3 1.8 12.4a.8.8 0 0 1 0-.8C3 9.7 6.5 5 12 5z"
    "m0 3a4 4 0 1 0 0 8 4 4 0 0 0 0-8zm0 2a2 2 0 1 1 0 4 2 2 0 0 1 0-4z"
)
PICTURE = _icon(
    "M5 3a3 3 0 0 0-3 3v12a3 3 0 0 0 3 3h14a3 3 0 0 0 3-3V6a3 3 0 0 0-3-3zm3 3.5a2 2 0 1 1 0 4 2 2 0 0 1 0-4z"
    "M4 17l4.3-4.3a1 1 0 0 1 1.4 0l1.8 1.8 3.8-3.8a1 1 0 0 1 1.4 0L20 14v4a1 1 0 0 1-1 1H5a1 1 0 0 1-1-1z"
)
DOCUMENT = _icon(
    "M6 2a2 2 0 0 0-2 2v16a2 2 0 0 0 2 2h12a2 2 0 0 0 2-2V9h-5a2 2 0 0 1-2-2V2zm9 0v5h5zM8 12.5h8V14H8zm0 3.5h8v1.5H8z"
)
CHECK = _icon(
    "M20.7 5.8a1 1 0 0 1 0 1.4l-11 11a1 1 0 0 1-1.4 0l-5-5a1 1 0 1 1 1.4-1.4L9 16.1 19.3 5.8a1 1 0 0 1 1.4 0z"
)
PLUS = _icon("M12 3a1 1 0 0 1 1 1v7h7a1 1 0 1 1 0 2h-7v7a1 1 0 1 1-2 0v-7H4a1 1 0 1 1 0-2h7V4a1 1 0 0 1 1-1z")
CLOCK = _icon(
    "M12 2a10 10 0 1 0 0 20 10 10 0 0 0 0-20zm0 4a1 1 0 0 1 1 1v4.6l3.2 3.2a1 1 0 0 1-1.4 1.4l-3.5-3.5a1 1 0 0 1-.3-.7"
    "V7a1 1 0 0 1 1-1z"
)

_BY_CHANNEL_KIND = {
    1: ENVELOPE,
    2: SPEAKER,
    5: MEGAPHONE,
    10: THREAD,
    11: THREAD,
    12: THREAD,
    13: SPEAKER,
    15: FORUM,
    16: PICTURE,
}


def channel_icon(kind: int) -> Html:
    """Return the picture for one of Discord's channel types; unknown ones look like a text channel."""
    return _BY_CHANNEL_KIND.get(kind, HASH)
