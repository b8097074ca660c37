"""Old-style embeds to markup, plainly: author, title, text, fields, pictures, footer."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sandbox.html.components import components_of, number_of, picture, picture_placeholder, text_of
from sandbox.html.elements import NOTHING, Html, element, escape, join, link, link_target
from sandbox.html.markdown import render_inline, render_markdown
from sandbox.html.timestamps import heading, parsed
from sandbox.html.view import View


def render_embed(embed: Mapping[str, Any], view: View) -> Html:
    """Return one embed's markup; parts that are missing or of the wrong kind are left out."""
    texts = [_author(embed), _title(embed, view)]
    if description := text_of(embed, "description"):
        texts.append(element("div", render_markdown(description, view), class_="dc-text dc-embed-description"))
    texts.append(_fields(embed, view))
    inner = [element("div", join(texts), class_="dc-embed-texts")]
    inner.append(_media(embed, "thumbnail", "dc-thumbnail", view))
    inner.append(_media(embed, "image", "dc-embed-image", view))
    inner.append(_footer(embed, view))
    color = number_of(embed, "color", -1)
    style = f"--dc-accent: #{color & 0xFFFFFF:06x}" if color >= 0 else None
    return element("div", join(inner), class_="dc-embed", style=style)


def _part(embed: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    found = embed.get(key)
    return found if isinstance(found, Mapping) else {}


def _linked(content: Html, url: object, **attributes: str) -> Html:
    target = link_target(url)
    return link(target, content, **attributes) if target else element("span", content, **attributes)


def _author(embed: Mapping[str, Any]) -> Html:
    author = _part(embed, "author")
    name = text_of(author, "name")
    return _linked(escape(name), author.get("url"), class_="dc-embed-author") if name else NOTHING


def _title(embed: Mapping[str, Any], view: View) -> Html:
    title = text_of(embed, "title")
    if not title:
        return NOTHING
    url = link_target(embed.get("url"))
    # Within a link the title is plain text: a link inside a link is no valid markup.
    content = link(url, escape(title)) if url else render_inline(title, view)
    return element("div", content, class_="dc-embed-title")


def _fields(embed: Mapping[str, Any], view: View) -> Html:
    drawn = []
    for field in components_of(embed, "fields"):
        name = element("div", render_inline(text_of(field, "name"), view), class_="dc-field-name")
        value = element("div", render_markdown(text_of(field, "value"), view), class_="dc-text dc-field-value")
        classes = "dc-field dc-inline" if field.get("inline") is True else "dc-field"
        drawn.append(element("div", join([name, value]), class_=classes))
    return element("div", join(drawn), class_="dc-fields") if drawn else NOTHING


def _media(embed: Mapping[str, Any], key: str, class_: str, view: View) -> Html:
    media = _part(embed, key)
    url = link_target(media.get("url"))
    if url is None:
        return NOTHING
    description = text_of(media, "description")
    return picture(url, description, class_) if view.images else picture_placeholder(description, class_)


def _footer(embed: Mapping[str, Any], view: View) -> Html:
    words = [text_of(_part(embed, "footer"), "text")]
    moment = parsed(embed.get("timestamp"), view)
    if moment is not None:
        words.append(heading(moment, view))
    shown = " • ".join(word for word in words if word)
    return element("div", escape(shown), class_="dc-embed-footer") if shown else NOTHING
