"""A file gets the address that its generator gives it."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digests.corpus.permalinks import PRESETS, address_of, defaults_of, image_of
from digests.corpus.site import Defaults, Site
from digests.corpus.vocabulary import folded

DAY = datetime(2024, 3, 5, 8, tzinfo=UTC)
HOME = "https://a.example"


def address(
    path: str,
    fields: Mapping[str, object] | None = None,
    *,
    title: str = "What's New? A & B",
    at: datetime | None = DAY,
    categories: Sequence[str] = (),
    **site: Any,
) -> str | None:
    made = address_of(
        Site(url=site.pop("url", HOME), **site),
        path,
        {folded(name): value for name, value in (fields or {}).items()},
        title=title,
        published_at=at,
        categories=categories,
    )
    return None if made is None else made[0].removeprefix(HOME)


@pytest.mark.parametrize(
    ("permalink", "expected"),
    [
        ("", "/ports/2024/03/05/Harbour.v2.html"),
        ("date", "/ports/2024/03/05/Harbour.v2.html"),
        ("pretty", "/ports/2024/03/05/Harbour.v2/"),
        ("ordinal", "/ports/2024/065/Harbour.v2.html"),
        ("none", "/ports/Harbour.v2.html"),
        ("/blog/:title", "/blog/Harbour.v2"),
        ("/:slug/", "/harbour-v2/"),
        (":year-:i_month-:i_day/:title.html", "/2024-3-5/Harbour.v2.html"),
        ("/:categories/:title:output_ext", "/ports/Harbour.v2.html"),
    ],
)
def test_jekyll_builds_posts_by_its_styles_and_patterns(permalink: str, expected: str | None) -> None:
    assert (
        address("_posts/2024-03-05-Harbour.v2.md", generator="jekyll", permalink=permalink, categories=["Ports"])
        == expected
    )


def test_jekyll_takes_categories_from_the_folders_above_its_posts() -> None:
    assert address("tech/web/_posts/2024-03-05-a.md", generator="jekyll", categories=["Ports"]) == (
        "/tech/web/ports/2024/03/05/a.html"
    )
    assert address("_posts/tech/2024-03-05-a.md", generator="jekyll") == "/2024/03/05/a.html"


def test_jekylls_own_permalink_may_hold_placeholders_and_its_slug_replaces_the_name() -> None:
    site: dict[str, Any] = {"generator": "jekyll", "permalink": "/blog/:title/"}
    assert address("_posts/2024-03-05-a.md", {"permalink": "/x/:year/:title.html"}, **site) == "/x/2024/a.html"
    assert address("_posts/2024-03-05-a.md", {"slug": "other"}, **site) == "/blog/other/"
    assert address("_posts/2024-03-05-a.md", {"url": "/not-jekylls/"}, **site) == "/blog/a/"


def test_jekylls_dates_are_of_the_sites_zone() -> None:
    late = datetime(2024, 3, 5, 23, 30, tzinfo=UTC)
    assert (
        address("_posts/2024-03-05-a.md", at=late, generator="jekyll", timezone="Europe/Berlin") == "/2024/03/06/a.html"
    )


def test_jekylls_collections_and_pages_have_patterns_of_their_own() -> None:
    patterns = (("people", "/:collection/:title.html"),)
    assert address("_people/ann.md", generator="jekyll", permalinks=patterns) == "/people/ann.html"
    assert address("_books/deep/one.md", generator="jekyll", permalink="pretty") == "/books/deep/one/"
    assert address("about.md", generator="jekyll") == "/about.html"


@pytest.mark.parametrize(
    ("path", "fields", "site", "expected"),
    [
        ("content/posts/My Post.md", {}, {}, "/posts/my-post/"),
        ("content/posts/a/index.md", {}, {}, "/posts/a/"),
        ("content/posts/a.md", {"slug": "B C"}, {}, "/posts/b-c/"),
        ("content/posts/a.md", {"url": "/x/y"}, {}, "/x/y/"),
        ("content/posts/a.md", {"url": "/x/y.html"}, {}, "/x/y.html"),
        ("content/posts/a.md", {}, {"permalinks": (("posts", "/:year/:month/:title/"),)}, "/2024/03/whats-new-a-b/"),
        ("content/posts/a.md", {}, {"permalinks": (("posts", "/:section/:slug"),)}, "/posts/whats-new-a-b/"),
        ("content/posts/x/a.md", {}, {"permalinks": (("posts", "/:sections[1:]/:contentbasename/"),)}, "/x/a/"),
        ("content/posts/a.md", {}, {"options": (("uglyurls", "true"),)}, "/posts/a.html"),
        ("content/posts/A.md", {}, {"options": (("disablepathtolower", "true"),)}, "/posts/A/"),
        ("content/posts/a.fr.md", {}, {"options": (("language", "fr"),)}, "/fr/posts/a/"),
        ("content/posts/a.md", {"permalink": "/not-hugos/"}, {}, "/posts/a/"),
        ("content/posts/2024-03-05-a.md", {}, {}, "/posts/2024-03-05-a/"),
        ("content/posts/2024-03-05-a.md", {}, {"options": (("dated_names", "true"),)}, "/posts/a/"),
        ("content/posts/Über uns.md", {}, {}, "/posts/%C3%BCber-uns/"),
        ("content/posts/Über uns.md", {}, {"options": (("removepathaccents", "true"),)}, "/posts/uber-uns/"),
    ],
)
def test_hugo_follows_the_path_or_the_sections_pattern(
    path: str, fields: Mapping[str, object] | None, site: Any, expected: str | None
) -> None:
    options = (("content", "content/\t"), *site.pop("options", ()))
    assert address(path, fields, generator="hugo", options=options, **site) == expected


def test_in_hugos_patterns_only_folders_with_a_page_are_sections() -> None:
    site: dict[str, Any] = {"generator": "hugo", "permalinks": (("docs", "/:sections/:filename/"),)}
    options = (("content", "content/\t"), ("sections", "docs/a\nelsewhere/b"))
    assert address("content/docs/a/b/c.md", options=options, **site) == "/docs/a/c/"
    assert address("content/docs/a/b/c.md", options=(("content", "content/\t"),), **site) == "/docs/a/b/c/"


def test_hugos_patterns_drop_signs_that_its_paths_keep() -> None:
    options = (("content", "content/\t"),)
    site: dict[str, Any] = {"generator": "hugo", "options": options, "title": "C++ & C#"}
    assert address("content/posts/c++.md", **site) == "/posts/c++/"
    assert address("content/posts/a.md", permalinks=(("posts", "/:title/"),), **site) == "/c-c/"


def test_hugos_bundles_and_own_addresses_end_as_pages_do() -> None:
    ugly = (("content", "content/\t"), ("uglyurls", "true"))
    assert address("content/posts/a/index.md", generator="hugo", options=ugly) == "/posts/a.html"
    assert address("content/a.md", {"url": "own/place"}, generator="hugo", options=ugly) == "/own/place/"


def test_hugo_mounts_a_folder_as_a_section() -> None:
    options = (("content", "texts/\t\tnews/"), ("content", "content/\t"))
    assert address("texts/a.md", generator="hugo", options=options) == "/news/a/"


def test_a_date_in_utc_is_taken_as_written_whatever_the_sites_zone() -> None:
    patterns = (("posts", "/:year/:month/:day/"),)
    site: dict[str, Any] = {"generator": "hugo", "permalinks": patterns, "options": (("content", "content/\t"),)}
    late = datetime(2024, 1, 31, 23, 30, tzinfo=UTC)
    fields = {"date": "2024-01-31T23:30:00Z"}
    assert address("content/posts/a.md", fields, at=late, timezone="Europe/Berlin", **site) == "/2024/01/31/"


@pytest.mark.parametrize(
    ("permalink", "fields", "expected"),
    [
        (":category/:name/", {}, "/tech/Sub-Part/a/"),
        ("p/:hash/", {}, "/p/f9a3182ea4c5/"),
        ("p/:abbrlink.html", {"abbrlink": "4a17b156"}, "/p/4a17b156.html"),
        ("p/:abbrlink.html", {}, None),
        (":post_title/", {}, "/what-s-new-a-b/"),
    ],
)
def test_hexos_patterns_take_categories_hashes_and_any_field(
    permalink: str, fields: dict[str, object], expected: str | None
) -> None:
    options = (("category", "Tech Stuff\ttech"),)
    site: dict[str, Any] = {"generator": "hexo", "permalink": permalink, "options": options}
    assert address("source/_posts/in/a.md", fields, categories=["Tech Stuff", "Sub Part"], **site) == expected


def test_hugos_dates_are_of_the_zone_that_the_file_writes() -> None:
    late = datetime(2024, 3, 6, 3, tzinfo=UTC)
    patterns = (("posts", "/:year/:month/:day/:slug/"),)
    fields = {"date": "2024-03-05T22:00:00-05:00", "slug": "a"}
    site: dict[str, Any] = {"generator": "hugo", "permalinks": patterns, "options": (("content", "content/\t"),)}
    assert address("content/posts/a.md", fields, at=late, **site) == "/2024/03/05/a/"


@pytest.mark.parametrize(
    ("generator", "path", "fields", "options", "expected"),
    [
        ("zola", "content/blog/2024-03-05-Hello World.md", {}, [("content", "content/\t")], "/blog/hello-world/"),
        ("zola", "content/blog/2024-03-05-x/index.md", {}, [("content", "content/\t")], "/blog/x/"),
        ("zola", "content/blog/a.md", {"path": "p/q"}, [("content", "content/\t")], "/p/q/"),
        ("docusaurus", "blog/2024-03-05-hello.md", {}, [("blog", "blog/\tblog")], "/blog/2024/03/05/hello"),
        ("docusaurus", "blog/2024/03/05/hello/index.mdx", {}, [("blog", "blog/\tnews")], "/news/2024/03/05/hello"),
        ("docusaurus", "blog/hello.md", {"slug": "/x"}, [("blog", "blog/\tblog")], "/blog/x"),
        ("docusaurus", "docs/guide/hello.md", {"slug": "/x"}, [("docs", "docs/\tdocs")], "/docs/x"),
        ("docusaurus", "docs/guide/hello.md", {"slug": "x"}, [("docs", "docs/\tdocs")], "/docs/guide/x"),
        ("docusaurus", "blog/hello.md", {}, [("blog", "blog/\t"), ("trailingslash", "always")], "/hello/"),
        ("eleventy", "src/posts/2024-03-05-a.md", {}, [("input", "src/")], "/posts/2024-03-05-a/"),
        ("eleventy", "src/posts/a/a.md", {}, [("input", "src/")], "/posts/a/"),
        (
            "eleventy",
            "src/2024-03-05-a/index.md",
            {"permalink": "/y/{{ page.fileSlug }}/"},
            [("input", "src/")],
            "/y/a/",
        ),
        ("eleventy", "p/2024-03-05-a.md", {"permalink": "{{ page.filePathStem }}.html"}, [], "/p/a.html"),
        ("eleventy", "a.md", {"permalink": "/{{ page.date | year }}/{{ page.fileSlug }}/"}, [], "/2024/a/"),
        ("eleventy", "a.md", {"permalink": "/{{ date | fmt('yyyy/LL/d') }}/"}, [], "/2024/03/5/"),
        ("eleventy", "a.md", {"permalink": "/{{ date | date: '%Y-%m' }}/"}, [], "/2024-03/"),
        ("eleventy", "a.md", {"permalink": "/{{ page.date | somehow }}/"}, [], None),
        (
            "eleventy",
            "src/posts/a.md",
            {"permalink": "/blog/{{ page.fileSlug }}/index.html"},
            [("input", "src/")],
            "/blog/a/",
        ),
        ("eleventy", "posts/a.md", {"permalink": "/{{ title | slugify }}/"}, [], "/whats-new-a-and-b/"),
        ("astro", "src/content/blog/My Post.md", {}, [("route", "src/content/blog/\tblog")], "/blog/my-post/"),
        ("astro", "src/pages/posts/a.md", {}, [], "/posts/a/"),
        ("gatsby", "content/blog/hello/index.md", {}, [("route", "content/blog/\t")], "/hello"),
        ("next", "data/blog/a.mdx", {}, [("route", "data/blog/\tblog")], "/blog/a"),
        ("pelican", "content/a.md", {}, [("content", "content/")], "/whats-new-a-b.html"),
        ("pelican", "content/a.md", {"slug": "s"}, [("content", "content/")], "/s.html"),
        ("nikola", "posts/2024/a.rst", {}, [("posts", "posts/\tnews")], "/news/2024/a/"),
        (
            "nikola",
            "posts/a.rst",
            {"slug": "b"},
            [("posts", "posts/\tposts"), ("pretty_urls", "false")],
            "/posts/b.html",
        ),
        ("hexo", "source/_posts/Hello World_v1.2.md", {}, [], "/2024/03/05/Hello%20World_v1.2/"),
        ("hexo", "source/_posts/a.md", {"slug": "not-hexos"}, [], "/2024/03/05/a/"),
        ("mkdocs", "docs/guide/a.md", {}, [], "/guide/a/"),
        (
            "mkdocs",
            "docs/blog/posts/a.md",
            {},
            [("blog", "blog"), ("post_url", "{date}/{file}"), ("post_date", "yy/MMM/MMMM/M/d")],
            "/blog/24/Mar/March/3/5/a/",
        ),
        ("mkdocs", "docs/blog/posts/a.md", {}, [("blog", "blog")], "/blog/2024/03/05/whats-new-a--b/"),
        (
            "mkdocs",
            "docs/news/articles/a.md",
            {},
            [
                ("blog", "news"),
                ("blog_posts", "news/articles/"),
                ("post_url", "{categories}/{date}/{file}"),
                ("post_date", "yyyy/MM"),
            ],
            "/news/2024/03/a/",
        ),
        (
            "mkdocs",
            "docs/posts/a.md",
            {},
            [("blog", "."), ("blog_posts", "posts/"), ("slug_separator", "_")],
            "/2024/03/05/whats_new_a__b/",
        ),
        ("nikola", "posts/a.md", {"pretty_url": True}, [("posts", "posts/\tp"), ("pretty_urls", "false")], "/p/a/"),
        (
            "pelican",
            "content/2024-03-05_A_Name.md",
            {},
            [("content", "content/"), ("dated_names", "true")],
            "/A_Name.html",
        ),
    ],
)
def test_other_generators_build_their_addresses(
    generator: str, path: str, fields: dict[str, object] | None, options: list[tuple[str, str]], expected: str | None
) -> None:
    assert address(path, fields, generator=generator, options=tuple(options)) == expected


def test_pelicans_pattern_takes_dates_and_categories() -> None:
    site: dict[str, Any] = {"generator": "pelican", "permalink": "{category}/{date:%Y}/{date:%m}/{slug}/"}
    assert address("content/Web Things/a.md", {"slug": "s"}, options=(("content", "content/"),), **site) == (
        "/web-things/2024/03/s/"
    )


def test_a_pattern_of_the_operator_beats_the_generators_but_not_the_file() -> None:
    site: dict[str, Any] = {
        "generator": "hugo",
        "permalink": "/news/{year}/{month}/{day}/{slug}/",
        "origins": (("permalink", "corpus.sources"),),
    }
    assert address("a/2024-03-05-b.md", **site) == "/news/2024/03/05/b/"
    assert address("a/2024-03-05-b.md", {"url": "/own/"}, **site) == "/own/"
    assert address("a/b.md", at=None, **site) is None


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("/{title}/", "/what-s-new-a-b/"),
        ("/{section}/{filename}/", "/a/2024-03-05-b/"),
        ("/{folder}/{slug}{output_ext}", "/a/c/b.html"),
        ("/{path}/", "/a/c/2024-03-05-b/"),
        ("/{category}/{slug}/", "/sea-news/b/"),
        ("/{categories}/{slug}/", "/sea-news/ports/b/"),
    ],
)
def test_what_an_operators_pattern_may_name(pattern: str, expected: str) -> None:
    site: dict[str, Any] = {"permalink": pattern, "origins": (("permalink", "corpus.sources"),)}
    assert address("a/c/2024-03-05-b.md", categories=("Sea News", "Ports"), **site) == expected


def test_an_address_keeps_the_path_that_the_site_lies_under() -> None:
    assert address("_posts/2024-03-05-a.md", url=f"{HOME}/base", generator="jekyll", permalink="none") == "/base/a.html"


def test_where_no_generator_is_known_only_what_the_file_says_is_joined() -> None:
    assert address("a.md", {"permalink": "x/y/"}) == "/x/y/"
    assert address("a.md", {"slug": "only-a-name"}) is None
    assert address("a.md") is None
    assert address_of(Site(), "a.md", {"url": "/x/"}, title="T", published_at=DAY) is None


def test_the_built_sites_feed_knows_better_than_any_pattern() -> None:
    site = Site(url=HOME, generator="jekyll", addresses=(("harbour reopens", f"{HOME}/exact/"),))
    made = address_of(site, "_posts/2024-03-05-a.md", {}, title="Harbour  Reopens", published_at=DAY)
    assert made is not None
    assert made[0] == f"{HOME}/exact/"


def test_a_picture_is_found_on_the_site_or_beside_its_page() -> None:
    site = Site(url=f"{HOME}/base", generator="hugo")
    page = f"{HOME}/base/posts/a/"
    assert image_of(site, "posts/a.md", page, "/img/x y.png") == f"{HOME}/base/img/x%20y.png"
    assert image_of(site, "posts/a.md", page, "/base/img/x.png") == f"{HOME}/base/img/x.png"
    assert image_of(site, "posts/a.md", page, "./cover.png") == f"{page}cover.png"
    assert image_of(site, "posts/a.md", page, "//cdn.example/x.png") == "https://cdn.example/x.png"
    assert image_of(site, "posts/a.md", None, "cover.png") is None
    assert image_of(Site(url=HOME, generator="jekyll"), "a.md", None, "images/x.png") == f"{HOME}/images/x.png"


def test_later_defaults_beat_earlier_ones_where_they_hold() -> None:
    site = Site(defaults=(Defaults("", '{"a": 1, "b": 1}', "x"), Defaults("posts/", '{"b": 2}', "y")))
    assert defaults_of(site, "posts/a.md") == ({"a": 1, "b": 2}, "y")
    assert defaults_of(site, "a.md") == ({"a": 1, "b": 1}, "x")


@given(
    generator=st.sampled_from(sorted(PRESETS)),
    permalink=st.text(max_size=80) | st.just(":title" * 60),
    path=st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), min_size=1, max_size=60),
    slug=st.text(max_size=40),
    title=st.text(max_size=60),
    options=st.lists(st.tuples(st.sampled_from(["content", "blog", "route", "posts", "docs"]), st.text(max_size=9))),
)
def test_no_pattern_and_no_name_makes_anything_but_an_address_or_nothing(
    generator: str, permalink: str, path: str, slug: str, title: str, options: list[tuple[str, str]]
) -> None:
    site = Site(url=HOME, generator=generator, permalink=permalink, options=tuple(options))
    made = address_of(site, path, {"slug": slug, "permalink": slug}, title=title, published_at=DAY)
    assert made is None or "://" in made[0]
