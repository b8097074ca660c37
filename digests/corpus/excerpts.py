"""Finds the excerpt of a body: the text before its mark, else the first paragraph of prose.

The Markdown parser only sees the beginning of a body, as much as is needed to find a paragraph.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from digests import text as texts
from digests.corpus import html_page, markup, plain_prose, templates, titles

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.token import Token

MAX_CHARS = 600
"""An excerpt from a body is cut at the last sentence that ends below this length."""
MIN_CHARS = 120
"""A sentence that ends before this is too short if there is more."""
_STEPS = (1500, 8000, 40_000)
"""Characters of a body to search; the next part is searched only if nothing was found."""

_MARKS = re.compile(
    r"(?i)<!--+\s*(?:more|truncate|excerpt|end[ _-]?excerpt|end|readmore|read[ -]more|teaser_end|pelican_end_summary"
    r"|summary|fold|cut|preview)\b[^<>]{0,80}--+>|\{/\*\s*(?:truncate|more|excerpt)\s*\*/\}|^\.\. TEASER_END\b",
    re.MULTILINE,
)
_SENTENCE_END = re.compile(r"[.!?…][\"'”’)\]]*(?=\s)|[。！？][”』」]?")
_ABBREVIATION = re.compile(r"(?:\b(?:[A-Z]|Mr|Mrs|Ms|Dr|St|Prof|Sen|Rep|Gen|No|vs|etc|e\.g|i\.e|Inc|Ltd|Co)\.)\Z")
_REFERENCE = re.compile(r"\[([^\[\]]{1,300})\]\[[^\[\]]{0,100}\]")
_SHORT_REFERENCE = re.compile(r"\[([^\[\]]{1,100})\]")
_TARGET = re.compile(r"(?m)^ {0,3}\[([^\]\n]{1,100})\]:[ \t]")
# A line about the text, or of Obsidian tags: used only if there is nothing else.
_ASIDE = re.compile(
    r"(?i)(?:(?:authors?|translators?|reviewers?|written by|photos?|credits?)(?:\(s\))?\s?:"
    r"(?:[^.!?]|(?<=\b\w)\.){0,200}"
    r"|(?:by|(?:posted|published|updated|written|translated) (?:by|on|in|at)|photo(?: by)?:?|credit:)"
    r"\s[^.!?]{0,80}|(?:#[\w/-]+\s*)+|https?://\S+|\W?\s?\d{1,3} min(?:ute)?s?(?: of)? read(?:ing)?(?: time)?\W?"
    r"|(?:\w{3,9},? )?(?:[a-z]{3,9}\.? \d{1,2}(?:[a-z]{2})?(?:,? \d{4})?"
    r"|\d{1,2}(?:[a-z]{2})? [a-z]{3,9}(?:\.?,? \d{4})?)\W?"
    r"|\d{4}-\d{2}-\d{2}\W?)\Z"
)
# What a plugin replaces by a player: `youtube: https://…`.
_EMBED_CODE = re.compile(r"`\w{2,20}: ?\S{3,500}`\Z")
# The start of a GitHub or Obsidian note (`> [!NOTE]`), which is not prose, like those of other dialects.
_CALLOUT = re.compile(r"\[![A-Za-z][\w-]{0,30}\](?!\()")
_LABEL = re.compile(r"(?i)(?:(?:table of )?contents?|on this page|in this (?:article|post)|toc|tl;?dr|summary)\s*:?\Z")


class Excerpt(NamedTuple):
    """An excerpt and where it came from."""

    text: str = ""
    source: str = ""
    is_cut: bool = False


def of_field(written: str) -> str:
    """Return a field such as `description` as plain text."""
    return markup.inline_text(written)


def of_body(body: str, *, is_html: bool = False, is_mdx: bool = False, separator: str = "") -> Excerpt:
    """Find an excerpt in a body.

    Args:
        body: Without front matter and headline.
        is_html: It is HTML, not Markdown.
        is_mdx: Braces hold expressions.
        separator: What ends an excerpt besides the usual marks.
    """
    end, mark = _end_of_excerpt(body, separator)
    if end is not None:
        paragraphs = _paragraphs(body[: min(end, _STEPS[-1])], is_html=is_html, is_mdx=is_mdx, is_whole=True)
        text = " ".join(paragraphs[:8])
        if text:
            text = _without_references(text, body)
            short = cut(text)
            return Excerpt(short, f"text before {mark}", short != text)
    for limit in _STEPS:
        is_whole = limit >= len(body)
        part = body if is_whole else body[: _at_blank_line(body, limit)]
        paragraphs = _paragraphs(part, is_html=is_html, is_mdx=is_mdx, is_whole=is_whole, is_first_only=True)
        if paragraphs:
            text = _without_references(paragraphs[0], body)
            short = cut(text)
            return Excerpt(short, "first paragraph", short != text)
        if is_whole:
            break
    return Excerpt()


def _end_of_excerpt(body: str, separator: str) -> tuple[int | None, str]:
    if separator.strip():
        end = body.find(separator)
        if end > 0:
            return end, separator.strip()[:40]
    # Looking for one character first is many times faster, and most bodies lack one of these.
    has_mark = ("<" in body and "<!--" in body) or ("{" in body and "{/*" in body)
    if has_mark or ("_" in body and "TEASER_END" in body):
        found = _MARKS.search(body, 0, 200_000)
        if found is not None and found.start() > 0:
            return found.start(), " ".join(found[0].split())[:40]
    return None, ""


def _without_references(text: str, body: str) -> str:
    """Reduce links to their words if their targets are at the end of a body that was not parsed that far."""
    if "[" not in text:
        return text
    text = _REFERENCE.sub(r"\1", text)
    if "]: " not in body:
        return text
    known = {name.casefold() for name in _TARGET.findall(body, 0, 400_000)}
    return _SHORT_REFERENCE.sub(lambda link: link[1] if link[1].casefold() in known else link[0], text)


def _at_blank_line(body: str, limit: int) -> int:
    """Return where the paragraph that reaches beyond a limit ends, or where enough of it for an excerpt does."""
    end = body.find("\n\n", limit, limit * 3)
    return end if end >= 0 else limit + 5 * MAX_CHARS


def prose_of(body: str) -> list[str]:
    """Return the paragraphs of a body as they are read: prose first, then quotations and items of lists.

    Headings, tables, code, pictures and the marks of Markdown are left out.
    """
    return _paragraphs(body, is_html=False, is_mdx=False, is_whole=True, with_others=True)


def cut(text: str, limit: int = MAX_CHARS) -> str:
    """Shorten a long text at the end of a sentence, else at a word with an ellipsis."""
    if len(text) <= limit:
        return text
    ends = [
        end.end()
        for end in _SENTENCE_END.finditer(text, 0, limit + 1)
        if end.end() <= limit and _ABBREVIATION.search(text, max(0, end.start() - 8), end.start() + 1) is None
    ]
    if ends and ends[-1] >= MIN_CHARS:
        return text[: ends[-1]].rstrip()
    return texts.shortened(text, limit)


def first_sentence(text: str, limit: int) -> str:
    """Return the beginning of text as a headline: its first sentence, cut at a word if it is too long."""
    end = _SENTENCE_END.search(text, 8)
    return texts.shortened(text[: end.end()].rstrip() if end is not None else text, limit)


# ---------------------------------------------------------------------- blocks


def _paragraphs(
    text: str,
    *,
    is_html: bool,
    is_mdx: bool,
    is_whole: bool,
    is_first_only: bool = False,
    with_others: bool = False,
) -> list[str]:
    if is_first_only and not is_html and (plain := _first_plain(text, is_raw=True)):
        return [plain]
    text = templates.without_templates(markup.without_comments(text))
    if is_html:
        limit = 4 if is_first_only else 8
        paragraphs = html_page.paragraphs(text, limit) or (html_page.quotations(text, limit) if is_whole else [])
        return [each for each in paragraphs if _ASIDE.match(each) is None] or paragraphs
    text = markup.without_elements(text)
    if "<" in text or "import " in text or "export " in text:
        text = markup.without_components(text)
    if is_mdx:
        text = markup.without_expressions(text)
    text = markup.without_wiki_links(markup.without_blocks(text))
    if is_first_only:
        plain = _first_plain(text)
        if plain:
            return [plain]
    environment: dict[str, object] = {}
    tokens = _block_parser().parse(text, environment)
    references = environment.get("references")
    found = _prose(tokens, references if isinstance(references, dict) else {}, is_first_only=is_first_only)
    if with_others:
        return found.prose + found.others
    # Quotations and lists are a last resort, used once it is clear that nothing better follows.
    return found.prose or (found.others[:1] if is_whole else [])


@lru_cache(maxsize=1)
def _block_parser() -> MarkdownIt:
    from markdown_it import MarkdownIt

    parser = MarkdownIt("commonmark", {"html": True, "maxNesting": 20}).enable("table")
    # Inline markup is parsed only in the paragraph that is used.
    parser.core.ruler.enableOnly(["normalize", "block"])
    return parser


def _first_plain(text: str, *, is_raw: bool = False) -> str:
    """Return the first paragraph of prose if it can be found without a parser, else ""."""
    after_picture = False
    for block in plain_prose.blocks(text, is_raw=is_raw):
        if block is None:
            break
        if not block:  # a heading
            after_picture = False
            continue
        prose, after_picture = _paragraph(block, {}, after_picture=after_picture)
        if prose:
            return prose if _ASIDE.match(prose) is None else ""
    return ""


class _Paragraphs(NamedTuple):
    prose: list[str]
    others: list[str]


def _prose(tokens: list[Token], references: dict[str, object], *, is_first_only: bool) -> _Paragraphs:
    found = _Paragraphs([], [])
    holders: list[str] = []
    after_picture = False
    for position, token in enumerate(tokens):
        kind = token.type
        if kind in {"bullet_list_open", "ordered_list_open", "blockquote_open", "table_open", "heading_open"}:
            holders.append(kind)
        elif kind in {"bullet_list_close", "ordered_list_close", "blockquote_close", "table_close", "heading_close"}:
            holders.pop()
        elif kind == "html_block":
            found.prose.extend(html_page.paragraphs(token.content, 1 if is_first_only else 4))
            found.others.extend(html_page.quotations(token.content, 1))
        elif kind == "inline" and tokens[position - 1].type == "paragraph_open":
            text, is_picture = _paragraph(token.content, references, after_picture=after_picture)
            after_picture = is_picture
            if not text or "table_open" in holders or "heading_open" in holders:
                continue
            if not holders and _ASIDE.match(text) is None:
                found.prose.append(text)
            elif not holders or holders == ["blockquote_open"]:
                found.others.insert(0, text)
            elif "](#" not in token.content and holders:
                found.others.append(text)
        elif kind not in {"paragraph_open", "paragraph_close"}:
            after_picture = False
        if found.prose and is_first_only:
            return found
    return found


def _paragraph(content: str, references: dict[str, object], *, after_picture: bool) -> tuple[str, bool]:
    """Return a paragraph's text ("" if it is not prose), and whether it is a picture."""
    if _CALLOUT.match(content) is not None:
        return "", False
    if (content.startswith("$$") and content.rstrip().endswith("$$")) or (
        content.startswith("\\[") and content.rstrip().endswith("\\]")
    ):
        return "", False  # a formula
    if content.startswith("`") and _EMBED_CODE.match(content) is not None:
        return "", False
    if plain_prose.is_picture(content):
        return "", True
    words = plain_prose.words_of(content[: markup.MAX_INLINE_CHARS], has_own_words=after_picture)
    if words is not None:
        text = texts.one_line(words)
        return ("" if _is_label(text) else text), False
    tokens = markup.inline_tokens(content, references)
    text = texts.one_line(markup.text_of(tokens))
    has_picture = any(token.type == "image" or _is_img(token) for token in tokens)
    if (has_picture or after_picture) and _is_emphasis(tokens):
        return "", True  # the picture's caption
    if _is_label(text):
        return "", has_picture
    return text, False


def _is_label(text: str) -> bool:
    """Check whether text says nothing, or only announces what follows."""
    return not any(char.isalnum() for char in text) or _LABEL.match(text) is not None


def _is_img(token: Token) -> bool:
    return token.type == "html_inline" and token.content[:4].lower() == "<img"


_SMALL = re.compile(r"(?i)<(/?)(?:small|sub|sup|em|i|center|figcaption|cite)\b")


def _is_emphasis(tokens: list[Token]) -> bool:
    """Check whether all of the text is emphasised or small, as captions are."""
    depth = 0
    for token in tokens:
        tag = _SMALL.match(token.content) if token.type == "html_inline" else None
        if token.type in {"em_open", "strong_open"} or (tag is not None and not tag[1]):
            depth += 1
        elif token.type in {"em_close", "strong_close"} or tag is not None:
            depth -= 1
        elif depth == 0 and token.type in {"text", "code_inline"} and token.content.strip(" :,.|"):
            return False
    return True


_PICTURE = re.compile(
    r"!\[[^\]\n]{0,500}\]\(\s*<?([^\s()<>]{1,2048}+(?:\([^\s()<>]{0,200}\)[^\s()<>]{0,200})?)>?[^()\n]{0,300}\)"
)
_IMG = re.compile(r"(?i)<img\b[^<>]{0,2000}?\bsrc\s*=\s*[\"']?([^\s\"'<>]{1,2048})")
_EMBED = re.compile(
    r"!\[\[([^\[\]|\n]{1,300}\.(?:png|jpe?g|gif|webp|avif|svg))(?:\|[^\[\]\n]{0,100})?\]\]", re.IGNORECASE
)
_FIGURE = re.compile(r"\{\{[<%]\s*(?:figure|img|image)\b[^{}]{0,500}?\bsrc\s*=\s*[\"']?([^\s\"'<>{}]{1,2048})")
_NAMED_PICTURE = re.compile(r"!\[([^\[\]\n]{0,300})\]\[([^\[\]\n]{0,100})\]")
# Where no code and no comment can have begun before it, and none begins in it, the first picture is known at once.
_BEFORE_PICTURE = re.compile(r"[^<{`~]*+")
_PLAIN_PICTURE = re.compile(r"!\[[^\]\n<{`~]{0,500}\]\(([^\s()<>{`~]{1,2048}+)\)")
_BADGE = re.compile(r"(?i)shields\.io|badge|/pixel|1x1|spacer\.gif")
_PICTURES = (("![", _PICTURE), ("<", _IMG), ("![[", _EMBED), ("src", _FIGURE))
_PICTURE_MARKS = ("<img", "<IMG", "{{<", "{{%")
_SEARCHED_CHARS = 60_000
_FIRST_CHARS, _FIRST_MARGIN = 1000, 5000


def first_picture(body: str) -> str | None:
    """Return the address of a body's first picture, as written."""
    start = body.find("![")
    if start < 0 and ("<" not in body or not any(mark in body for mark in _PICTURE_MARKS)):
        return None
    if 0 <= start < _FIRST_CHARS and _BEFORE_PICTURE.fullmatch(body, 0, start) is not None:
        plain = _PLAIN_PICTURE.match(body, start)
        if plain is not None and _BADGE.search(plain[1]) is None:
            return plain[1]
    # Most pictures are at the beginning; a match of the longest pattern that begins there ends within the margin.
    for limit, margin in ((_FIRST_CHARS, _FIRST_MARGIN), (_SEARCHED_CHARS, 0)):
        picture = _picture_in(body[: limit + margin])
        if picture is not None and (picture[0] < limit or not margin):
            return picture[1]
        if len(body) <= limit + margin:
            break
    return picture[1] if picture is not None else None


def _picture_in(text: str) -> tuple[int, str] | None:
    """Return the position of the first picture (outside comments) and its address."""
    head = markup.without_comments(titles.without_code(text))
    found = [match for mark, pattern in _PICTURES if mark in head for match in _some(pattern, head)]
    placed = [(match.start(), match[1]) for match in found]
    if "![" in head and "]: " in text:
        placed += _named_pictures(head, text)
    usable = (each for each in sorted(placed) if not _BADGE.search(each[1]) and "{{" not in each[1])
    return next(usable, None)


def _named_pictures(head: str, text: str) -> list[tuple[int, str]]:
    """Return the positions and addresses of pictures whose addresses are defined elsewhere (`![a picture][name]`)."""
    made = []
    for match in _some(_NAMED_PICTURE, head):
        name = re.escape(match[2] or match[1])
        target = re.search(rf"(?mi)^ {{0,3}}\[{name}\]:[ \t]*<?([^\s<>]{{1,2048}})", text)
        if target is not None:
            made.append((match.start(), target[1]))
    return made


def _some(pattern: re.Pattern[str], text: str) -> list[re.Match[str]]:
    return [match for match, _number in zip(pattern.finditer(text), range(5), strict=False)]
