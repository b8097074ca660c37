"""Decides whether an article is public: drafts, hidden and withdrawn ones are shown to nobody."""

from __future__ import annotations

import re

from digests.corpus import file_names
from digests.corpus.site import Site
from digests.corpus.values import as_switch, as_text, names_in
from digests.corpus.vocabulary import (
    BUILDS,
    DATES,
    DRAFTS,
    HIDDEN,
    LOCKS,
    PUBLISHERS,
    SHOWN,
    STATES,
    Vocabulary,
    folded,
)
from digests.i18n import _

# The name of a draft in Medium's export; `draft_picks.html` is an article.
_MEDIUM_DRAFT = re.compile(r"(?:.*/)?draft_.*-[0-9a-f]{9,12}\.html")
_DRAFT_STATES = frozenset(
    [
        *("draft", "drafts", "wip", "unpublished", "pending", "scheduled", "unlisted", "inprogress", "idea", "todo"),
        *("review", "inreview", "needsreview", "embargoed", "outline", "planned"),
    ]
)
_HIDDEN_STATES = frozenset(["private", "hidden", "archived", "trash", "deleted", "withdrawn", "skip", "internal"])
_LAYOUTS = ("layout", "template", "type")
_TYPED = frozenset(["hugo", "hexo"])
"""Generators whose `type` is a layout; notes may be of any type."""
_MADE_PAGES = frozenset(
    [
        *("search", "archive", "archives", "tags", "tag", "categories", "category", "taxonomy", "terms", "404"),
        *("redirect", "sitemap", "blogroll", "friends", "tag-index", "category-index"),
    ]
)
_UNBUILT = frozenset(["never", "false", "link"])
_PUBLISHERS = frozenset(folded(name) for name in PUBLISHERS)
_DRAFT_FIELDS = (*STATES, "published", "publish")
_DRAWINGS = ("excalidrawplugin", "kanbanplugin")
_SAYING = frozenset((*HIDDEN, *LOCKS, "permalink", *_DRAWINGS, *BUILDS, *DRAFTS, *SHOWN, *_DRAFT_FIELDS))
"""Without one of these fields, only the path and the tags can say that an article is out."""


def left_out(words: Vocabulary, path: str, site: Site, *, is_block: bool) -> str:
    """Return why an article is not public, or "" if it is.

    Args:
        words: The file's fields.
        path: Its path; files in a folder of drafts are drafts.
        site: May allow drafts.
        is_block: The fields are a metadata block, where Nikola has `draft` among the tags.
    """
    if _is_made_page(words, site):
        return _("a page of the site that lists others, not an article")
    says_something = words.has_any(_SAYING)
    if says_something and (reason := _hidden(words)):
        return reason
    if site.drafts:
        return ""
    if "draft" in path and not file_names.DRAFT_FOLDERS.isdisjoint(path.split("/")[:-1]):
        return _("a draft")
    if path.endswith(".html") and _MEDIUM_DRAFT.fullmatch(path) is not None:
        return _("a draft")
    if (says_something and _is_draft(words)) or (is_block and _has_draft_tag(words)):
        return _("a draft")
    return ""


def _is_made_page(words: Vocabulary, site: Site) -> bool:
    """Check whether a page without a date is laid out as a list of others, a search or the like."""
    for name in _LAYOUTS if site.generator in _TYPED else _LAYOUTS[:2]:
        layout = words.get(name)
        if layout is not None and isinstance(layout[1], str):
            last = layout[1][:100].rpartition("/")[2].partition(".")[0]
            if last.lower() in _MADE_PAGES:
                return not words.has_any(DATES)
    return False


def _hidden(words: Vocabulary) -> str:
    """Return why an article is hidden from everybody, even where drafts are loaded."""
    for name, _place, value in words.each(HIDDEN):
        if as_switch(value):
            return _("{name} is set").format(name=name)
    if any(as_text(value) for _name, _place, value in words.each(LOCKS)):
        return _("a password protects it")
    permalink = words.get("permalink")
    if permalink is not None and permalink[1] is False:
        return _("it has no page of its own (permalink: false)")
    for _name, _place, value in words.each(STATES):
        if _state(value) in _HIDDEN_STATES:
            return _("its status is {status}").format(status=_state(value))
    if any(name in words for name in _DRAWINGS):
        return _("a drawing or a board, not an article")
    for name in BUILDS:
        built = words.get(name)
        if built is not None and isinstance(built[1], dict) and _state(built[1].get("render")) in _UNBUILT:
            return _("it has no page of its own ({name}: render)").format(name=name)
    published = words.get("published")
    if published is not None and as_switch(published[1]) is False and not any(name in words for name in _PUBLISHERS):
        return _("it is withdrawn (published: false)")
    return ""


def _is_draft(words: Vocabulary) -> bool:
    return (
        any(as_switch(value) for _name, _place, value in words.each(DRAFTS))
        or any(as_switch(value) is False for _name, _place, value in words.each(SHOWN))
        or any(_state(value) in _DRAFT_STATES for _name, _place, value in words.each(_DRAFT_FIELDS))
    )


def _has_draft_tag(words: Vocabulary) -> bool:
    tags = words.get("tags")
    names = names_in(tags[1], at_spaces=False) if tags is not None else ()
    return any(name.lower() in {"draft", "private"} for name in names)


def _state(value: object) -> str:
    return folded((as_text(value) or "")[:40])
