"""Finds a site's authors: posts refer to them by an id, and their names are in a separate file or folder."""

from __future__ import annotations

from digests.corpus.problems import Unreadable
from digests.ingest.sites.documents import Tree
from digests.ingest.sites.partial_site import PartialSite, as_line

MAX_PEOPLE = 500
_NAMES = ("name", "display_name", "displayName", "title", "label")
_MAP_ENDINGS = ("yml", "yaml", "json", "toml")
_MAPS = {
    "jekyll": ("_data/authors", "_data/people", "_data/author"),
    "hugo": ("data/authors", "data/people"),
    "eleventy": ("_data/authors", "src/_data/authors"),
    "astro": ("src/data/authors", "src/content/authors", "src/data/authors/authors"),
    "next": ("data/authors", "content/authors"),
    "gatsby": ("content/authors", "data/authors", "src/data/authors"),
}
_FOLDERS = {
    "jekyll": ("_authors/", "_people/"),
    "hugo": ("content/authors/", "content/en/authors/", "data/authors/"),
    "next": ("data/authors/", "content/authors/", "src/content/authors/"),
    "astro": ("src/content/authors/", "src/data/authors/", "src/content/people/"),
    "gatsby": ("content/authors/", "data/authors/"),
}


def find_people(tree: Tree, found: PartialSite) -> dict[str, str]:
    """Return the names of a site's authors by the ids that posts give them."""
    maps = list(_MAPS.get(found.generator, ()))
    if found.generator == "docusaurus":
        maps += [place.partition("\t")[0] + "authors" for name, place in found.options if name == "blog"]
    elif found.generator == "mkdocs":
        options = dict(found.options)
        maps.append(f"{options.get('docs', 'docs/')}{options.get('blog', 'blog')}/.authors")
    people: dict[str, str] = {}
    for stem in maps:
        file = tree.first(*(f"{stem}.{ending}" for ending in _MAP_ENDINGS))
        if file is not None:
            _add_map(people, tree.document(file) or {})
    for folder in _FOLDERS.get(found.generator, ()):
        if tree.is_folder(folder):
            _add_folder(people, tree, folder)
    return people


def _add_map(people: dict[str, str], document: dict[str, object]) -> None:
    inner = document.get("authors")
    for key, value in (inner if isinstance(inner, dict) else document).items():
        _add(people, str(key), value if isinstance(value, dict) else {"name": value})


def _add_folder(people: dict[str, str], tree: Tree, folder: str) -> None:
    pages = [(name.partition(".")[0], folder + name) for name in tree.files(folder) if not name.startswith("_index.")]
    for name in tree.folders(folder)[:MAX_PEOPLE]:
        page = tree.first(f"{folder}{name}/_index.md", f"{folder}{name}/index.md")
        if page is not None:
            pages.append((name, page))
    for key, path in pages[:MAX_PEOPLE]:
        ending = path.rpartition(".")[2]
        if ending in _MAP_ENDINGS:
            _add(people, key, tree.document(path) or {})
        elif ending in {"md", "mdx", "markdown"}:
            _add(people, key, _front_matter(tree.text(path) or ""))


def _front_matter(text: str) -> dict[str, object]:
    # Imported here: most sites have no page for each author.
    from digests.corpus import front

    try:
        return front.split(text).fields or {}
    except Unreadable:
        return {}


def _add(people: dict[str, str], key: str, fields: dict[str, object]) -> None:
    name = next((name_found for each in _NAMES if (name_found := as_line(fields.get(each)))), "")
    if name and name != key and len(key) <= 100 and len(people) < MAX_PEOPLE:
        people.setdefault(key, name[:200])
