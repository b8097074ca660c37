"""What public repositories have besides the common forms: rare spellings, plugins' marks, damaged front matter."""

from __future__ import annotations

import pytest

from digests.corpus.reader import read
from tests.digests.corpus.reading import article, rejected

OPENED = "The harbour opened."


def of_fields(fields: str, body: str = OPENED) -> str:
    return f"---\ntitle: A title\n{fields}\n---\n{body}\n"


@pytest.mark.parametrize(
    ("written", "at"),
    [
        ("20240305102000", "2024-03-05 10:20"),
        ("1709634000", "2024-03-05 10:20"),
        ("1709634000000", "2024-03-05 10:20"),
        ("2024-03-05 10:20:00 JST", "2024-03-05 01:20"),
        ("2024-03-05 10:20 AEDT", "2024-03-04 23:20"),
        ("2020-01-02T10:00:00 (Europe/Berlin)", "2020-01-02 09:00"),
        ("Tuesday, 05-Mar-24 10:20:00 GMT", "2024-03-05 10:20"),
        ("05-Mar-98", "1998-03-05 00:00"),
        ("12/25/23", "2023-12-25 00:00"),
        ("2024年3月5日", "2024-03-05 00:00"),
        ("2024년 3월 5일 10:20", "2024-03-05 10:20"),
        ("2024-03-05 10:20:00 −0500", "2024-03-05 15:20"),
        ("2024–03–05", "2024-03-05 00:00"),
        ("5. März 2024", "2024-03-05 00:00"),
        ("5 de marzo de 2024", "2024-03-05 00:00"),
        ("1er février 2024", "2024-02-01 00:00"),
        ('"[[2024-03-05]]"', "2024-03-05 00:00"),
    ],
)
def test_a_rare_spelling_of_a_date_is_read(written: str, at: str) -> None:
    found = article(of_fields(f"date: {written}")).published_at
    assert found is not None
    assert found.strftime("%Y-%m-%d %H:%M") == at


@pytest.mark.parametrize("written", ["2024-03-05 10:20 XYZT", "12", "99999999999999", "5. Nirgends 2024", "٢٠٢٤-٠٣-٠٥"])
def test_what_is_no_date_is_reported(written: str) -> None:
    reading = read("a.md", of_fields(f"date: {written}").encode())
    assert reading.article is not None
    assert reading.article.published_at is None
    assert reading.problems


@pytest.mark.parametrize(
    "path",
    ["2024-03-05, Reopened.md", "(2024-03-05) Reopened.md", "2024年03月05日.md", "202403051020 Reopened.md"],
)
def test_a_name_with_a_date_in_a_rare_form_gives_the_date(path: str) -> None:
    found = article(f"# Reopened\n\n{OPENED}\n", path)
    assert found.published_at is not None
    assert found.published_at.date().isoformat() == "2024-03-05"


@pytest.mark.parametrize(
    "before",
    [
        "{: .note}\nMind the gap.",
        "Mind the gap.\n{: .notice--info}",
        "<blockquote>Somebody said so.</blockquote>",
        '<blockquote class="twitter-tweet"><p>A tweet</p></blockquote>',
        "![A map](x.png)\n<sub>The map</sub>",
        "![A map](x.png){width=50%}",
        "![A map](x.png){ align=left }",
        "![A map](x.png =100x20)",
        "%%\nfor myself\n%%",
        "status:: done",
        "[[2024-03-04]] | [[2024-03-06]]",
        "*[HTML]: Hypertext",
        "\\[\na = b\n\\]",
        "{% cq %}Somebody said so.{% endcq %}",
        '{% quote(author="Somebody") %}\nSomebody said so.\n{% end %}',
        "<<< @/code.js",
        "`youtube: https://video.example/1`",
        "::youtube{#abc}",
        "March 5, 2024",
        "*5 min read*",
        "https://video.example/watch?v=1",
        '[caption id="a" width="1"]<img src="x.png"/> The map[/caption]',
        '[gallery ids="1,2"]',
        "[youtube]abc[/youtube]",
    ],
)
def test_what_a_plugin_makes_is_no_excerpt(before: str) -> None:
    assert article(of_fields("date: 2024-03-05", f"{before}\n\n{OPENED}\n\nMore of it.")).excerpt == OPENED


@pytest.mark.parametrize(
    "body",
    [
        "The [harbour](https://x.example){target=_blank} opened.",
        "<blockquote>The harbour opened.</blockquote>",
        "> The harbour opened.",
        "The harbour opened.\n{: .lead}",
        "<small>By Ada</small>\n\nThe harbour opened.",
    ],
)
def test_prose_with_marks_is_read_without_them(body: str) -> None:
    assert article(of_fields("date: 2024-03-05", body)).excerpt.endswith(OPENED)


def test_prose_with_colons_signs_and_brackets_stays_whole() -> None:
    body = "In C++ `std::move` moves a = b and [see/also] 100%% of {it}: the harbour."
    assert article(of_fields("x: 1", body)).excerpt == body.replace("`", "")


@pytest.mark.parametrize(
    "fields",
    [
        "metaDesc: The harbour opened.",
        "tagline: The harbour opened.",
        "twitter:\n  description: The harbour opened.",
        "description:\n  en: The harbour opened.\n  de: Der Hafen öffnete.",
        "head:\n  - - meta\n    - name: description\n      content: The harbour opened.",
    ],
)
def test_a_rare_name_of_the_excerpt_is_understood(fields: str) -> None:
    assert article(of_fields(fields, "Another text.")).excerpt == OPENED


@pytest.mark.parametrize("switch", ["true", "false"])
def test_a_theme_s_switch_is_no_excerpt(switch: str) -> None:
    assert article(of_fields(f"excerpt: {switch}")).excerpt == OPENED


@pytest.mark.parametrize(
    ("fields", "topics"),
    [
        ("tags: ports | weather", ("ports", "weather")),
        ("topic: Sea ports", ("Sea ports",)),
        ("labels: [ports]", ("ports",)),
        ("tags:\n  ports: true\n  weather: true\n  land: false", ("ports", "weather")),
        ("tags:\n  ports:\n  weather:", ("ports", "weather")),
    ],
)
def test_topics_in_a_rare_form_are_understood(fields: str, topics: tuple[str, ...]) -> None:
    assert article(of_fields(fields)).topics == topics


@pytest.mark.parametrize(
    "fields",
    [
        "link: //a.example/a",
        "link: '[A](https://a.example/a)'",
        "link: <https://a.example/a>",
        "link:\n  url: https://a.example/a",
        "web_url: https://a.example/a",
        "redirect: https://a.example/a",
        "head:\n  - - link\n    - rel: canonical\n      href: https://a.example/a",
    ],
)
def test_an_address_in_a_rare_form_is_understood(fields: str) -> None:
    assert article(of_fields(fields)).url == "https://a.example/a"


@pytest.mark.parametrize("written", ["'javascript:alert(1)'", "'[A](javascript:alert(1))'", "{url: 'data:x'}"])
def test_an_address_that_is_none_stays_none(written: str) -> None:
    assert article(of_fields(f"link: {written}")).url is None


@pytest.mark.parametrize(
    "fields",
    [
        "header:\n  teaser: https://a.example/i.png",
        "header-img: https://a.example/i.png",
        "thumbnail-img: https://a.example/i.png",
        "bigimg:\n  - {src: 'https://a.example/i.png', desc: x}",
        "resources:\n  - {src: x.png, name: other}\n  - {src: 'https://a.example/i.png', name: featured-image}",
    ],
)
def test_a_picture_under_a_theme_s_name_is_found(fields: str) -> None:
    assert [image.url for image in article(of_fields(fields)).images] == ["https://a.example/i.png"]


@pytest.mark.parametrize(
    "fields",
    ["password: abc", "encrypted: true", "permalink: false", "status: in review", "live: false", "deleted: true"],
)
def test_what_is_not_for_everybody_is_left_out(fields: str) -> None:
    assert read("a.md", of_fields(fields).encode()).left_out


@pytest.mark.parametrize("folder", ["drafts", "_draft", "content/drafts"])
def test_a_folder_of_drafts_has_no_articles(folder: str) -> None:
    assert read(f"{folder}/a.md", of_fields("date: 2024-03-05").encode()).left_out


@pytest.mark.parametrize(
    ("written", "title"),
    [
        ("*big news today", "*big news today"),
        ("| news", "| news"),
        ("> news", "> news"),
        ("- news", "- news"),
        ("'It's here'", "It's here"),
        ("{x} marks the spot", "{x} marks the spot"),
        ('"The "big" news"', 'The "big" news'),
    ],
)
def test_a_title_that_needs_quotes_is_healed_and_reported(written: str, title: str) -> None:
    reading = read("a.md", f"---\ntitle: {written}\ndate: 2024-03-05\n---\n{OPENED}\n".encode())
    assert reading.article is not None, reading.problems
    assert reading.article.title == title
    assert reading.problems


def test_tabs_before_fields_are_read_as_spaces_and_reported() -> None:
    reading = read("a.md", of_fields("tags:\n\t- ports\n\t- weather\nnote: a\tb").encode())
    assert reading.article is not None
    assert reading.article.topics == ("ports", "weather")
    assert [problem.line for problem in reading.problems] == [4]


@pytest.mark.parametrize(
    "text",
    [
        "\ufeff\ufeff---\ntitle: Big news\ndate: 2024-03-05\n---\n",
        ';;;\n{"title": "Big news", "date": "2024-03-05"}\n;;;\n',
        ';;;\n"title": "Big news",\n"date": "2024-03-05"\n;;;\n',
        '---json\n{"title": "Big news", "date": "2024-03-05",}\n---\n',
        '---json\n{\n// see https://a.example\n"title": "Big news", "date": "2024-03-05"}\n---\n',
        "<!--\ntitle: Big news\ndate: 2024-03-05\n-->\n",
        "% Big news\n% Ada\n% 2024-03-05\n\n",
    ],
)
def test_rare_fences_are_understood(text: str) -> None:
    found = article(f"{text}{OPENED}\n")
    assert (found.title, found.excerpt) == ("Big news", OPENED)
    assert found.published_at is not None
    assert found.published_at.date().isoformat() == "2024-03-05"


def test_a_comment_that_has_more_than_fields_is_a_comment() -> None:
    assert article(f"<!--\ntitle: Big news\nand so on.\n-->\n# Other\n\n{OPENED}\n").title == "Other"


def test_semicolons_that_are_never_closed_are_reported() -> None:
    assert "never closed" in rejected(';;;\n"title": "Big news"\n').reason


def test_a_page_s_head_is_read_without_its_comments_and_with_rarer_names() -> None:
    head = (
        '<!-- <title>Old</title> --><meta name="twitter:title" content="Big news">'
        '<script type="application/ld+json">{"@type": "NewsArticle", "mainEntityOfPage": {"@id": "https://a.example/a"}}'
        "</script>"
    )
    found = article(f"<html><head>{head}</head><body><time>5 March</time><p>{OPENED}</p></body></html>", "a.html")
    assert (found.title, found.url, found.excerpt) == ("Big news", "https://a.example/a", OPENED)


def test_properties_of_logseq_are_fields() -> None:
    found = article(f"title:: Big news\ndate:: 2024-03-05\ntags:: ports, weather\n\n- {OPENED}\n", "pages/a.md")
    assert (found.title, found.topics, found.excerpt) == ("Big news", ("ports", "weather"), OPENED)
    assert found.published_at is not None


def test_a_journal_s_day_written_out_is_a_date() -> None:
    found = article(f"- {OPENED}\n", "journals/March 5th, 2024.md")
    assert found.published_at is not None
    assert found.published_at.date().isoformat() == "2024-03-05"


def test_roles_of_sphinx_are_their_text() -> None:
    text = "Big news\n========\n\nThe :ref:`harbour <port>` and :py:func:`~os.open` are *open*, :math:`x`.\n"
    assert article(text, "a.rst").excerpt == "The harbour and os.open are open, x."
