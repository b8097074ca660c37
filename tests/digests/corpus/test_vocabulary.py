"""What each generator of sites writes is understood: names, dates, states, addresses, topics, pictures, authors."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from digests.corpus.problems import Reading
from digests.corpus.reader import read
from digests.corpus.site import Defaults, Site
from digests.models import Article, Provider
from tests.digests.corpus.reading import article

SITE = Site(generator="", url="https://site.example/base", name="The Site", domain="site.example")


def on_site(text: str, path: str = "a.md", site: Site = SITE) -> Article:
    reading = read(path, text.encode(), site=site)
    assert reading.article is not None, reading
    return reading.article


def fields(text: str, path: str = "a.md") -> Reading:
    return read(path, f"---\n{text}\n---\nText of the body.\n".encode(), explain=True)


def one(text: str, path: str = "a.md") -> Article:
    found = fields(text, path).article
    assert found is not None
    return found


# ---------------------------------------------------------------------- titles


@pytest.mark.parametrize(
    ("text", "path", "title"),
    [
        ("---\nTitle: A\n---\n", "x.md", "A"),
        ("---\nlayout: post\n---\n# From `the` body\n\nText", "x.md", "From the body"),
        ("---\nlayout: post\n---\nFrom the body\n=============\n\nText", "x.md", "From the body"),
        ("---\nlayout: post\n---\n<h1>From <b>the</b> body</h1>\n\nText", "x.md", "From the body"),
        ("---\nlayout: post\n---\n```\n# no heading\n```\nText.", "2024-03-05-harbour-reopens.md", "Harbour Reopens"),
        ("Prose that ends here.", "Harbour reopens.md", "Harbour reopens"),
        ("Prose that ends here.", "2024-03-05 Harbour reopens.md", "Harbour reopens"),
        ("Prose that ends here.", "posts/123456.harbour-reopens.html", "Harbour Reopens"),
        ("Prose that ends here.", "blog/harbour-reopens/index.md", "Harbour Reopens"),
        ("Prose that ends here.", "iPhone_news.md", "iPhone news"),
        ('---\ntitle: "How the <video> element works"\n---\n', "x.md", "How the <video> element works"),
        ('---\ntitle: "<b>Bold</b> words<br>here"\n---\n', "x.md", "Bold words here"),
        ("Title: This Week\nDate: 2024-03-04 10:20\nTags: a, b\n\nHello.", "x.md", "This Week"),
        (".. title: Nikola is out\n.. date: 2024-03-05\n\nHello.", "x.md", "Nikola is out"),
        ("<!--\n.. title: Nikola is out\n.. tags: a\n-->\n\nHello.", "x.md", "Nikola is out"),
        ("<!-- lint off -->\n---\ntitle: A\n---\nText", "x.md", "A"),
        ("--- # fields\ntitle: A\n---\nText", "x.md", "A"),
        ('"title": "A",\n"date": "2024-03-05"\n;;;\nText', "x.md", "A"),
        ("title: A\ndate: 2024-03-05\n---\nText", "x.md", "A"),
        ("---yaml\ntitle: A\n---\nText", "x.md", "A"),
        ('---json\n{"title": "A"}\n---\nText', "x.md", "A"),
        ('---toml\ntitle = "A"\n---\nText', "x.md", "A"),
    ],
)
def test_a_title_is_found_wherever_it_stands(text: str, path: str, title: str) -> None:
    assert article(text, path).title == title


def test_a_note_about_prose_is_no_metadata_block() -> None:
    found = article("Note: this is a sentence.\n\nAnd another.", "x.md")
    assert found.title == "X"
    assert found.excerpt == "Note: this is a sentence."


@pytest.mark.parametrize(
    "body",
    [
        "Begin like this:\n\n```yaml\ntitle: My post\n```\n\n---\n\nEnd.",
        "type: the word we use.\n\n---\n\nThe other.",
        "provider: who are you?\n\n---\n",
    ],
)
def test_a_rule_in_the_body_after_a_line_like_a_field_is_no_fence(body: str) -> None:
    assert article(f"---\ntitle: A\n---\n{body}").title == "A"


def test_a_file_that_opens_with_a_rule_has_no_front_matter() -> None:
    found = article("---\n\nHow we live now\n\nSome words.\n\n---\n\nMore: words.")
    assert (found.title, found.excerpt) == ("How we live now", "Some words.")


@pytest.mark.parametrize("language", ["js", "javascript", "coffee"])
def test_front_matter_that_is_a_program_is_reported_and_never_a_headline(language: str) -> None:
    reading = read("a.md", f'---{language}\n{{ title: "A" }}\n---\nText.'.encode())
    assert reading.article is None
    assert "never run" in reading.problems[0].reason


# ---------------------------------------------------------------------- dates


@pytest.mark.parametrize(
    "written",
    [
        "2021-11-30",
        "30 Nov 2021",
        "Nov 30 2021",
        "November 30, 2021",
        "Tuesday, November 30th, 2021",
        "30.11.2021",
        "11/30/2021",
        "30/11/2021",
        "2021/11/30",
        "'20211130'",
        "2021-11-30T00:00:00+00:00[UTC]",
        "2021-11-29 24:00",
        "2021-11-29 19:00 EST",
        "2021-11-29 4:00 PM PST",
        "2021-11-30 01:00:00 CET",
        "2021-11-30 02:00:00 UTC+02:00",
        "2021-11-30 01:00 Europe/Berlin",
        "Tue, 30 Nov 2021 00:00:00 GMT",
        "Tue Nov 30 2021 01:00:00 GMT+0100 (Central European Standard Time)",
        "Tue Nov 30 00:00:00 UTC 2021",
    ],
)
def test_a_day_is_read_in_every_usual_spelling(written: str) -> None:
    reading = fields(f"title: A\ndate: {written}")
    assert reading.article is not None
    assert reading.article.published_at == datetime(2021, 11, 30, tzinfo=UTC)
    assert reading.problems == ()


def test_a_leap_second_is_read() -> None:
    assert one("title: A\ndate: 2016-12-31T23:59:60Z").published_at == datetime(2016, 12, 31, 23, 59, 59, tzinfo=UTC)


@pytest.mark.parametrize(("written", "day"), [("03/04/2020", (2020, 3, 4)), ("03-04-2020", (2020, 4, 3))])
def test_an_ambiguous_day_is_reported_with_what_it_was_taken_for(written: str, day: tuple[int, int, int]) -> None:
    reading = fields(f"title: A\ndate: {written}")
    assert reading.article is not None
    assert reading.article.published_at == datetime(*day, tzinfo=UTC)
    (problem,) = reading.problems
    assert (problem.line, problem.rejected) == (3, False)
    assert "-".join(f"{part:02}" for part in day) in problem.reason


@pytest.mark.parametrize(
    "name",
    [
        *("Date", "pubDate", "pubDatetime", "publishDate", "published_at", "published-on", "datePublished", "dateline"),
        *("published", "created", "created_at", "createdAt"),
    ],
)
def test_a_date_goes_by_many_names(name: str) -> None:
    assert one(f"title: A\n{name}: 2024-03-05\nupdated: 2025-01-01").published_at == datetime(2024, 3, 5, tzinfo=UTC)


def test_an_edit_is_no_publication() -> None:
    assert one("title: A\nlastmod: 2024-03-05\nmodified: 2024-03-05\nupdated: 2024-03-05").published_at is None


def test_a_date_may_be_an_object() -> None:
    found = one("title: A\ndate:\n  created: 2024-03-05\n  updated: 2025-01-01")
    assert found.published_at == datetime(2024, 3, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    "path",
    [
        *("2024-3-5-x.md", "2024-03-05.md", "2024-03-05 A note.md", "2024-03-05_x.md", "20240305-x.md"),
        *("blog/2024-03-05-x/index.md", "blog/2024/03/05/x.md", "blog/2024/03-05-x.md", "2024_03_05_x.md"),
    ],
)
def test_a_name_or_folder_dates_a_file(path: str) -> None:
    assert one("title: A", path).published_at == datetime(2024, 3, 5, tzinfo=UTC)


@pytest.mark.parametrize("path", ["123456.x.md", "v1.2.3-x.md", "2024-13-45-x.md", "2024/x.md", "10-01-02-x.md"])
def test_other_numbers_in_a_name_are_no_date(path: str) -> None:
    assert one("title: A", path).published_at is None


def test_a_sites_time_zone_counts_for_dates_without_one() -> None:
    site = Site(timezone="Asia/Tokyo")
    text = "---\ntitle: A\ndate: {}\n---\n"
    assert on_site(text.format("2024-03-05 10:00"), site=site).published_at == datetime(2024, 3, 5, 1, tzinfo=UTC)
    assert on_site(text.format("2024-03-05T10:00:00Z"), site=site).published_at == datetime(2024, 3, 5, 10, tzinfo=UTC)


# ---------------------------------------------------------------------- not out


@pytest.mark.parametrize(
    "text",
    [
        *("draft: true", "Draft: 'yes'", "status: draft", "status: private", "status: hidden", "publish: false"),
        *("unlisted: true", "published: false", "published: 'no'", "hidden: true", "params:\n  draft: true"),
    ],
)
def test_what_is_not_out_is_no_article_and_no_fault(text: str) -> None:
    reading = fields(f"title: A\ndate: 2024-03-05\n{text}")
    assert reading.article is None
    assert reading.left_out
    assert reading.problems == ()


@pytest.mark.parametrize(
    "text", ["draft: false", "status: published", "publish: true", "published: true", "unlisted: no"]
)
def test_what_is_out_is_an_article(text: str) -> None:
    assert one(f"title: A\n{text}").title == "A"


def test_a_file_among_drafts_is_a_draft_unless_the_source_asks_for_them() -> None:
    data = b"---\ntitle: A\n---\n"
    assert read("_drafts/a.md", data).left_out
    assert read("_drafts/a.md", data, site=Site(drafts=True)).article is not None
    assert read("a.md", b"---\ntitle: A\nstatus: private\n---\n", site=Site(drafts=True)).left_out


def test_not_published_means_no_headline_in_the_publishers_dialect_alone() -> None:
    found = one("title: A\nheat: 3\npublished: false")
    assert not found.published


def test_times_to_come_and_to_go_are_kept() -> None:
    found = one("title: A\ndate: 2024-03-05\npublishDate: 2024-03-07\nexpiryDate: 2024-04-01")
    assert found.published_at == datetime(2024, 3, 5, tzinfo=UTC)
    assert (found.due_at, found.expires_at) == (datetime(2024, 3, 7, tzinfo=UTC), datetime(2024, 4, 1, tzinfo=UTC))


# ---------------------------------------------------------------------- addresses


@pytest.mark.parametrize(
    "name",
    [
        *(
            "canonical_url",
            "canonicalUrl",
            "canonical",
            "link",
            "external_url",
            "externalUrl",
            "source",
            "original_url",
        ),
        *("url", "permalink"),
    ],
)
def test_an_address_goes_by_many_names(name: str) -> None:
    assert one(f"title: A\n{name}: https://a.example/a").url == "https://a.example/a"


def test_the_publishers_address_comes_first_and_a_canonical_one_before_a_link() -> None:
    both = "title: A\nlink: https://b.example/b\ncanonical: https://a.example/a"
    assert one(both).url == "https://a.example/a"
    assert one(f"{both}\nwebUrl: https://c.example/c").url == "https://c.example/c"


def test_a_source_that_is_no_address_is_none() -> None:
    assert one("title: A\nsource: The Averil Post").url is None


def test_an_own_path_is_joined_with_the_sites_address() -> None:
    found = on_site("---\ntitle: A\npermalink: /2024/harbour/\n---\n")
    assert found.url == "https://site.example/base/2024/harbour/"
    assert found.provider == Provider("The Site", "site.example")


def test_a_link_to_somebody_elses_page_is_theirs() -> None:
    found = on_site("---\ntitle: A\nlink: https://other.example/a\n---\n")
    assert found.provider == Provider("other.example", "other.example")


def test_defaults_of_a_site_stand_behind_a_files_own_fields() -> None:
    defaults = (Defaults("posts/", '{"tags": ["news"], "description": "D"}', "posts.json"),)
    site = Site(defaults=defaults)
    reading = read("posts/a.md", b"---\ntitle: A\ndescription: Own\n---\n", site=site, explain=True)
    assert reading.article is not None
    assert (reading.article.topics, reading.article.excerpt) == (("news",), "Own")
    assert dict(reading.sources)["topics"] == "tags of posts.json"


# ---------------------------------------------------------------------- topics, providers, authors, pictures


@pytest.mark.parametrize(
    ("text", "topics"),
    [
        ("tags: ports weather\ncategory: This Week", ("This Week", "ports", "weather")),
        ("tags: machine learning, ports\ncategories: [a]", ("a", "machine learning", "ports")),
        ("categories: [[a, b], c]", ("a", "b", "c")),
        ("tags:\n- name: a\n- label: b\n  permalink: /b", ("a", "b")),
        ("tags: ['#clippings', '[[A note|note]]']", ("clippings", "note")),
        ("keywords: deep learning, ships", ("deep learning", "ships")),
        ("tags: [2024, 1.10, Ports, ports]", ("2024", "1.10", "Ports")),
        ("topics: [A]\ntags: [b]\ncategories: [c]", ("A", "c", "b")),
        ("taxonomies:\n  tags: [b]\n  categories: [a]", ("a", "b")),
    ],
)
def test_topics_are_categories_first_and_all_are_kept(text: str, topics: tuple[str, ...]) -> None:
    assert one(f"title: A\n{text}").topics == topics


def test_a_metadata_blocks_tags_split_at_commas_alone() -> None:
    found = article("Title: A\nDate: 2024-03-05\nTags: machine learning, ports\n\nText.")
    assert found.topics == ("machine learning", "ports")


def test_a_source_says_which_fields_are_topics() -> None:
    site = Site(topics_from=("tags", "categories"))
    assert on_site("---\ntitle: A\ncategories: [a]\ntags: [b]\n---\n", site=site).topics == ("b", "a")


def test_the_publishers_category_is_no_topic() -> None:
    assert one("title: A\nquality: 3\ncategory: news\ntopics: [AI]").topics == ("AI",)


@pytest.mark.parametrize(
    ("text", "authors"),
    [
        ("author: Ann Example", ("Ann Example",)),
        ("author: Ann Example <ann@a.example>", ("Ann Example",)),
        ("authors: Ann Example and Bob Other", ("Ann Example", "Bob Other")),
        ("authors:\n- name: Ann Example\n  url: https://a.example\n- bob", ("Ann Example", "bob")),
        ("author:\n- '[[Ann Example]]'", ("Ann Example",)),
        ("extra:\n  author: Ann", ("Ann",)),
    ],
)
def test_authors_are_a_byline_and_no_provider(text: str, authors: tuple[str, ...]) -> None:
    found = one(f"title: A\n{text}")
    assert found.authors == authors
    assert found.provider is None


@pytest.mark.parametrize("name", ["publication", "site_name", "provider"])
def test_a_provider_goes_by_many_names(name: str) -> None:
    found = one(f"title: A\n{name}: The Averil Post\nlink: https://a.example/a")
    assert found.provider == Provider("The Averil Post", "a.example")


@pytest.mark.parametrize(
    "text",
    [
        *("image: {}", "og_image: {}", "ogImage: {}", "cover_image: {}", "featureImage: {}", "heroImage: {}"),
        *(
            "cover:\n  image: {}\n  alt: A ship",
            "image:\n  src: {}",
            "image:\n  path: {}",
            "images: ['{}']",
            "banner: {}",
        ),
        *("extra:\n  image: {}", "header:\n  teaser: /t.png\n  og_image: {}", "thumbnail: {}", "previewimage: {}"),
    ],
)
def test_a_picture_goes_by_many_names(text: str) -> None:
    assert [image.url for image in one("title: A\n" + text.format("https://a.example/i.png")).images] == [
        "https://a.example/i.png"
    ]


def test_pictures_are_joined_with_the_sites_address_and_else_the_first_one_of_the_body_counts() -> None:
    assert on_site("---\ntitle: A\nimage: /i.png\n---\n").images[0].url.endswith("/i.png")
    assert article("# A\n\n![](https://a.example/i.png)\n\nText.").images[0].url == "https://a.example/i.png"
    assert article("# A\n\n```\n![](https://a.example/i.png)\n```\n\nText.").images == ()


def test_where_each_field_came_from_is_said() -> None:
    reading = fields(
        "Title: A\ntags: [x]\nimage: https://a.example/i.png\nlink: https://a.example/a", "2024-03-05-x.md"
    )
    assert dict(reading.sources) == {
        "title": "Title",
        "published_at": "file name",
        "url": "link",
        "excerpt": "first paragraph",
        "topics": "tags",
        "provider": "domain of the address",
        "image": "image",
    }


@pytest.mark.parametrize(
    "text",
    [
        "# Harbour\n\nCreated: March 5, 2024 10:00 AM\nTags: sea, port\n\nIt opens.\n",
        "# Harbour\n\n- **Date:** 2024-03-05T10:00:00Z\n- **Tags**: sea, port\n\nIt opens.\n",
        "# Harbour #\nDate: 2024-03-05 10:00  \nTags: sea, port  \n\nIt opens.\n",
    ],
)
def test_fields_may_stand_below_the_heading(text: str) -> None:
    made = read("a.md", text.encode()).article
    assert made is not None
    assert (made.title, made.excerpt, made.body) == ("Harbour", "It opens.", "It opens.")
    assert made.published_at == datetime(2024, 3, 5, 10, tzinfo=UTC)
    assert made.topics == ("sea", "port")


@pytest.mark.parametrize(
    "line", ["Note: it opens.", "Summary: it opens.", "Date: soon\nIt opens.", "See: that\nDate: 1.1."]
)
def test_prose_below_a_heading_is_no_field(line: str) -> None:
    made = read("a.md", f"# Harbour\n\n{line}\n\nMore.\n".encode()).article
    assert made is not None
    assert made.excerpt.startswith(line.split()[0])
    assert made.published_at is None


@pytest.mark.parametrize(
    "line", ["*March 5, 2024*", "Posted on 5 March 2024.", "2024-03-05", "**Published:** Tuesday, March 5, 2024"]
)
@pytest.mark.parametrize("head", ["# Harbour\n\n", "---\ntitle: Harbour\n---\n\n"])
def test_a_date_alone_in_the_first_line_dates_a_text(head: str, line: str) -> None:
    found = read("a.md", f"{head}{line}\n\nIt opens.\n".encode(), explain=True)
    assert found.article is not None
    assert (str(found.article.published_at)[:10], found.article.excerpt) == ("2024-03-05", "It opens.")
    assert dict(found.sources)["published_at"] in {"first lines of the text", "Published"}


@pytest.mark.parametrize(
    "line", ["03/04/2024", "In 2024 all went well", "March 5", "2024", "It was on March 5, 2024, that"]
)
def test_a_first_line_that_is_no_clear_date_dates_nothing(line: str) -> None:
    made = read("a.md", f"# Harbour\n\n{line}\n\nIt opens.\n".encode()).article
    assert made is not None
    assert made.published_at is None


def test_a_date_at_the_end_of_a_name_dates_a_file() -> None:
    made = read("news/harbour-week-2024-03-05.md", b"# Harbour\n\nIt opens.\n").article
    assert made is not None
    assert str(made.published_at)[:10] == "2024-03-05"


@pytest.mark.parametrize("value", ["/assets/a.png", "a.jpg", "https://a.example/x", "../b/c", "true"])
def test_a_teaser_that_is_a_picture_or_a_switch_is_no_excerpt(value: str) -> None:
    made = read("a.md", f"---\ntitle: Harbour\nheader:\n  teaser: {value}\n---\nIt opens.\n".encode()).article
    assert made is not None
    assert made.excerpt == "It opens."


def test_names_of_exports_lose_their_hash_and_placeholders_are_no_pictures() -> None:
    made = read("Ships 0123456789abcdef0123456789abcdef.md", b"It opens, and all ships sail.\n").article
    assert made is not None
    assert made.title == "Ships"
    assert on_site('---\ntitle: A\ncover:\n  image: "<image path/url>"\n---\nIt opens.\n').images == ()
