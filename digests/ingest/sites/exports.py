"""Exports of hosted newsletters: Substack's `posts.csv` has what its pages lack."""

from __future__ import annotations

import csv
from io import StringIO

from digests.i18n import _
from digests.ingest.sites.documents import Tree
from digests.ingest.sites.partial_site import PartialSite

MAX_POSTS = 5000
_FIELDS = {"title": "title", "subtitle": "subtitle", "post_date": "post_date"}
_UNSEEN = frozenset({"thread", "restack"})


def substack(tree: Tree) -> PartialSite | None:
    """Return what the `posts.csv` of a Substack export says about the pages next to it."""
    file = tree.first("posts.csv")
    text = tree.text(file) if file is not None else None
    if file is None or text is None or "post_id" not in text[:2000]:
        return None
    found = PartialSite("substack", file)
    # An unclosed quote must not turn all the rest into one field.
    csv.field_size_limit(131_072)
    try:
        for number, row in enumerate(csv.DictReader(StringIO(text))):
            if number >= MAX_POSTS:
                break
            _note(found, row, file)
    except csv.Error as error:
        tree.problems.append((file, _("the list of posts can't be read: {error}").format(error=error)))
    return found


def _note(found: PartialSite, row: dict[str, str | None], file: str) -> None:
    id_ = (row.get("post_id") or "").strip()
    if not id_ or "/" in id_:
        return
    fields: dict[str, object] = {
        name: value for column, name in _FIELDS.items() if (value := (row.get(column) or "").strip())
    }
    if (row.get("is_published") or "").strip().lower() == "false":
        fields["draft"] = True
    if (row.get("type") or "").strip().lower() in _UNSEEN:
        fields["unlisted"] = True
    slug = id_.partition(".")[2]
    if slug:
        fields["slug"] = slug
    for name in (f"posts/{id_}.html", f"{id_}.html"):
        found.of_files.append((name, fields, file))
