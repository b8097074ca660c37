"""Discord's markdown to markup: blocks by line, then emphasis, links and marks within them.

Pure and total: any text gives well-formed markup, and only tags of ours.
"""

from __future__ import annotations

import html
import re
from dataclasses import dataclass

from sandbox.html.elements import Html, element, escape, join, link, link_target
from sandbox.html.timestamps import mark
from sandbox.html.view import View

# Deeper nesting than this is shown as plain text; Discord's own client stops too, and so does the cost.
MAX_DEPTH = 12

_FENCE = re.compile(r"```(?:(?P<language>[\w+\-.#]+)\n)?\n*(?P<code>[^\n][\s\S]*?)\n*```")
_HEADING = re.compile(r" {0,3}(#{1,3}) +(\S.*)")
_SUBTEXT = re.compile(r" {0,3}-# +(\S.*)")
_ITEM = re.compile(r"( *)([-*]|\d{1,9}\.) +(\S.*)")
_QUOTE = re.compile(r" *> (.*)")
_REST_QUOTED = re.compile(r" *>>> ")

_SPECIAL = re.compile(r"[\\`*_~|<\[@]|https?://")
_CODE = re.compile(r"(`++)([\s\S]*?[^`])\1(?!`)")
_EMPHASIS = (
    (
        "em",
        re.compile(r"\*(?=\S)((?:\*\*|\\[\s\S]|\s++(?:\\[\s\S]|[^\s*\\]|\*\*)|[^\s*\\])+?)\*(?!\*)"),
    ),
    ("em", re.compile(r"_((?:__|\\[\s\S]|[^\\_])+?)_(?!\w)")),
    ("strong", re.compile(r"\*\*((?:\\[\s\S]|[^\\])+?)\*\*(?!\*)")),
    ("u", re.compile(r"__((?:\\[\s\S]|[^\\])+?)__(?!_)")),
)
_STRUCK = re.compile(r"~~([\s\S]+?)~~")
_SPOILER = re.compile(r"\|\|([\s\S]+?)\|\|")
_BARE_LINK = re.compile(r"https?://[^\s<]+[^\s<.,:;\"'\]]")
_ANGLED_LINK = re.compile(r"<(https?://[^\s<>]+)>")
_TIME = re.compile(r"<t:(-?\d{1,17})(?::([tTdDfFsSR]))?>")
_MENTION = re.compile(r"<(@!?|@&|#)(\d{1,20})>")
_COMMAND = re.compile(r"</([\w-]{1,32}(?: [\w-]{1,32}){0,2}):(\d{1,20})>")
_EMOJI = re.compile(r"<a?:(\w{2,32}):(\d{1,20})>")
_EVERYONE = re.compile(r"@(?:everyone|here)\b")
_TARGET = re.compile(r"\(\s*+(?:<(?P<angled>[^\s<>]+)>|(?P<plain>(?:\([^\s()]*\)|[^\s()])+))(?:\s++\"[^\"]*\")?\s*+\)")


@dataclass(frozen=True, slots=True)
class _Scope:
    """The parser's position in the nesting."""

    view: View
    depth: int = 0
    in_link: bool = False
    in_quote: bool = False

    def inside(self, *, in_link: bool = False, in_quote: bool = False) -> _Scope:
        return _Scope(self.view, self.depth + 1, self.in_link or in_link, self.in_quote or in_quote)


def render_markdown(source: str, view: View) -> Html:
    """Return a message text's markup: blocks for headings, lists, quotes and code, paragraphs for the rest."""
    return _blocks(source.replace("\r\n", "\n").replace("\r", "\n").strip("\n"), _Scope(view))


def render_inline(source: str, view: View) -> Html:
    """Return the markup of text that has no blocks, such as an embed's title."""
    return _inline(source, _Scope(view))


def plain_text(source: str, view: View) -> str:
    """Return what a reader would read of a message text, without marks and with every run of space as one."""
    # Only tags of ours hold an angle bracket in the markup, as everything else is escaped.
    spaced = re.sub(r"</?(?:p|li|h\d|small|pre|blockquote)\b[^>]*>", " ", render_markdown(source, view))
    return " ".join(html.unescape(re.sub(r"<[^>]*>", "", spaced)).split())


# --------------------------------------------------------------------------- blocks


def _blocks(source: str, scope: _Scope) -> Html:
    if scope.depth > MAX_DEPTH:
        return element("p", escape(source))
    done: list[Html] = []
    pending: list[str] = []

    def flush() -> None:
        if pending:
            done.append(element("p", _inline("".join(pending), scope)))
            pending.clear()

    position = 0
    while position < len(source):
        block, end = _block_at(source, position, scope)
        if block is not None:
            flush()
            done.append(block)
            position = end
            continue
        line_end = _line_end(source, position)
        fence = _fence_within(source, position, line_end)
        if fence is None:
            pending.append(source[position:line_end])
            position = line_end
            continue
        pending.append(source[position : fence.start()])
        flush()
        done.append(_code_block(fence))
        position = fence.end()
        # The line break that ends a code block's last line belongs to the block.
        position += source.startswith("\n", position)
    flush()
    return join(done)


def _block_at(source: str, position: int, scope: _Scope) -> tuple[Html | None, int]:
    """Return the block that starts with this line and where it ends, or None."""
    if not scope.in_quote:
        if rest := _REST_QUOTED.match(source, position):
            quoted = source[rest.end() :]
            return _quote(quoted, scope), len(source)
        if _QUOTE.match(source, position):
            return _quote_lines(source, position, scope)
    if heading := _HEADING.match(source, position):
        level = len(heading[1])
        # One level down: the page's own heading is the channel's name.
        content = _inline(heading[2], scope.inside())
        return element(f"h{level + 1}", content, class_=f"dc-h{level}"), _after_newline(source, heading.end())
    if subtext := _SUBTEXT.match(source, position):
        content = _inline(subtext[1], scope.inside())
        return element("small", content, class_="dc-subtext"), _after_newline(source, subtext.end())
    if _ITEM.match(source, position):
        return _list(source, position, scope)
    return None, position


def _line_end(source: str, position: int) -> int:
    found = source.find("\n", position)
    return len(source) if found < 0 else found + 1


def _after_newline(source: str, position: int) -> int:
    return position + source.startswith("\n", position)


def _fence_within(source: str, start: int, end: int) -> re.Match[str] | None:
    position = source.find("```", start, end)
    while position >= 0:
        escaped = (position - start) > 0 and source[position - 1] == "\\"
        if not escaped and (fence := _FENCE.match(source, position)):
            return fence
        position = source.find("```", position + 3, end)
    return None


def _code_block(fence: re.Match[str]) -> Html:
    code = element("code", escape(fence["code"]))
    return element("pre", code, class_="dc-code-block", data_language=fence["language"])


def _quote(quoted: str, scope: _Scope) -> Html:
    return element("blockquote", _blocks(quoted, scope.inside(in_quote=True)))


def _quote_lines(source: str, position: int, scope: _Scope) -> tuple[Html, int]:
    lines = []
    while line := _QUOTE.match(source, position):
        lines.append(line[1])
        position = _after_newline(source, line.end())
        if position >= len(source):
            break
    return _quote("\n".join(lines), scope), position


@dataclass(slots=True)
class _Item:
    """A list entry while it is read: how far it is indented, its marker and its lines."""

    indent: int
    marker: str
    lines: list[str]


def _list(source: str, position: int, scope: _Scope) -> tuple[Html, int]:
    items: list[_Item] = []
    while position < len(source):
        if found := _ITEM.match(source, position):
            items.append(_Item(len(found[1]), found[2], [found[3]]))
            position = _after_newline(source, found.end())
            continue
        line = source[position : _line_end(source, position)]
        if not line.startswith("  ") or not line.strip():
            break
        items[-1].lines.append(line.strip())
        position += len(line)
    return _nested_lists(items, scope), position


def _nested_lists(items: list[_Item], scope: _Scope) -> Html:
    """Return the items as lists; a deeper indent makes an inner list, another kind of marker a new one."""
    lists: list[Html] = []
    position = 0
    while position < len(items):
        first = items[position]
        ordered = first.marker.endswith(".")
        entries: list[Html] = []
        while position < len(items) and items[position].marker.endswith(".") == ordered:
            item = items[position]
            position += 1
            inner_start = position
            while position < len(items) and items[position].indent > item.indent:
                position += 1
            inner = items[inner_start:position]
            content = _inline("\n".join(item.lines), scope.inside())
            if inner and scope.depth < MAX_DEPTH:
                content = join([content, _nested_lists(inner, scope.inside())])
            elif inner:
                content = join([content, escape("\n" + "\n".join(line for each in inner for line in each.lines))])
            entries.append(element("li", content))
        start = int(first.marker[:-1]) if ordered else None
        lists.append(element("ol" if ordered else "ul", join(entries), start=start if start != 1 else None))
    return join(lists)


# --------------------------------------------------------------------------- inline


def _inline(source: str, scope: _Scope) -> Html:
    if scope.depth > MAX_DEPTH:
        return escape(source)
    done: list[Html] = []
    brackets = _matching_brackets(source)
    plain_from = position = 0
    while special := _SPECIAL.search(source, position):
        position = special.start()
        found = _span_at(source, position, brackets, scope)
        if found is None:
            position += 1
            continue
        span, end = found
        done += (escape(source[plain_from:position]), span)
        plain_from = position = end
    done.append(escape(source[plain_from:]))
    return join(done)


def _span_at(source: str, position: int, brackets: dict[int, int], scope: _Scope) -> tuple[Html, int] | None:
    """Return what starts at this character and where it ends, or None where it is only a character."""
    first = source[position]
    if first == "\\":
        following = source[position + 1 : position + 2]
        if following and not following.isalnum() and not following.isspace():
            return escape(following), position + 2
        return None
    if first == "`":
        if code := _CODE.match(source, position):
            return element("code", escape(code[2]), class_="dc-code"), code.end()
        # An unmatched run of backticks is literal; no part of it opens a span.
        length = len(source) - position - len(source[position:].lstrip("`"))
        return escape("`" * length), position + length
    if first in "*_":
        return _emphasis(source, position, scope)
    if first == "~":
        struck = _STRUCK.match(source, position)
        return (element("s", _inline(struck[1], scope.inside())), struck.end()) if struck else None
    if first == "|":
        spoiler = _SPOILER.match(source, position)
        return (_spoiler(_inline(spoiler[1], scope.inside())), spoiler.end()) if spoiler else None
    if first == "<":
        return _angled(source, position, scope)
    if first == "[":
        return None if scope.in_link else _masked_link(source, position, brackets, scope)
    if first == "@":
        everyone = _EVERYONE.match(source, position)
        return (_mention(everyone[0]), everyone.end()) if everyone else None
    return None if scope.in_link else _bare_link(source, position)


def _emphasis(source: str, position: int, scope: _Scope) -> tuple[Html, int] | None:
    best: tuple[str, re.Match[str]] | None = None
    for tag, pattern in _EMPHASIS:
        found = pattern.match(source, position)
        # The longest wins, so that `***both***` is both; on a tie the first named.
        if found and (best is None or found.end() > best[1].end()):
            best = tag, found
    if best is None:
        # `**` without an end must not become the start of an italic text one character later.
        doubled = source[position] * 2
        return (escape(doubled), position + 2) if source.startswith(doubled, position) else None
    tag, found = best
    return element(tag, _inline(found[1], scope.inside())), found.end()


def _spoiler(content: Html) -> Html:
    # Revealed by focus, so that it needs no script; the label tells why it is blank.
    return element("span", content, class_="dc-spoiler", tabindex=0, role="note", aria_label="Spoiler")


def _angled(source: str, position: int, scope: _Scope) -> tuple[Html, int] | None:
    view = scope.view
    if time := _TIME.match(source, position):
        return mark(time[1], time[2] or "f", view), time.end()
    if mention := _MENTION.match(source, position):
        return _named_mention(mention[1], mention[2], view), mention.end()
    if command := _COMMAND.match(source, position):
        return _command(command[1], command[2], view), command.end()
    if emoji := _EMOJI.match(source, position):
        return element("span", escape(f":{emoji[1]}:"), class_="dc-emoji"), emoji.end()
    if (angled := _ANGLED_LINK.match(source, position)) and not scope.in_link and (url := link_target(angled[1])):
        return link(url, escape(url)), angled.end()
    return None


def _named_mention(sigil: str, ident: str, view: View) -> Html:
    if sigil == "@&":
        role = view.roles.get(ident)
        if role is None:
            return _mention("@unknown-role")
        style = f"--dc-role: #{role.color & 0xFFFFFF:06x}" if role.color else None
        return element("span", escape(f"@{role.name}"), class_="dc-mention dc-role-mention", style=style)
    if sigil == "#":
        channel = view.channels.get(ident)
        return _mention(f"#{channel.name}" if channel else "#unknown")
    return _mention(f"@{view.users.get(ident, 'unknown-user')}")


def _command(name: str, ident: str, view: View) -> Html:
    if not view.live:
        return _mention(f"/{name}")
    return element(
        "button", escape(f"/{name}"), type="button", class_="dc-mention dc-command", data_command=name, data_id=ident
    )


def _mention(text: str) -> Html:
    return element("span", escape(text), class_="dc-mention")


def _matching_brackets(source: str) -> dict[int, int]:
    """Return the position of the `]` that closes each `[`, found in one pass so that `[[[[…` costs nothing."""
    pairs: dict[int, int] = {}
    if "](" not in source:
        return pairs
    opened: list[int] = []
    position = 0
    while position < len(source):
        character = source[position]
        if character == "\\":
            position += 2
            continue
        if character == "[":
            opened.append(position)
        elif character == "]" and opened:
            pairs[opened.pop()] = position
        position += 1
    return pairs


def _masked_link(source: str, position: int, brackets: dict[int, int], scope: _Scope) -> tuple[Html, int] | None:
    close = brackets.get(position)
    if close is None or not (target := _TARGET.match(source, close + 1)):
        return None
    url = link_target(target["angled"] or target["plain"])
    label = source[position + 1 : close]
    # As in Discord: a label that is itself an address may not hide another one.
    if url is None or not label.strip() or _BARE_LINK.search(label):
        return None
    return link(url, _inline(label, scope.inside(in_link=True)), title=url), target.end()


def _bare_link(source: str, position: int) -> tuple[Html, int] | None:
    found = _BARE_LINK.match(source, position)
    if not found:
        return None
    text = found[0]
    while text.endswith(")") and text.count(")") > text.count("("):
        text = text[:-1]
    url = link_target(text)
    return (link(url, escape(url)), position + len(text)) if url else None
