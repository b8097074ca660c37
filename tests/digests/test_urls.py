"""Canonical and safe forms of addresses."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import provisional as addresses
from hypothesis import strategies as st

from digests import urls

_PIECES = (
    "https:// http:// HTTPS:// // www. m. amp. mobile. x.com google.com /amp/ s/ /amp .amp .html /index.html %2e %2E .."
    " /./ // ? & a=1 utm_source=x # ! / cdn.ampproject.org /c/s/ :80 :8443 : @ é %zz % \\ ;jsessionid=1 youtu.be/"
    " youtube.com/watch?v=abcdefgh wikipedia.org en [::1] 1.2.3.4 - _ %20 + a İ ß xn-- . ,"
)
PIECES = _PIECES.split()
anything = st.one_of(
    st.text(), st.lists(st.sampled_from([*PIECES, " ", "\u200b", "\n"]), max_size=12).map("".join), addresses.urls()
)

PAGE = "https://nytimes.com/2021/02/03/technology/clearview-ai-illegal-canada.html"


@pytest.mark.parametrize(
    "spelling",
    [
        "https://www.nytimes.com/2021/02/03/technology/clearview-ai-illegal-canada.html",
        "http://nytimes.com/2021/02/03/technology/clearview-ai-illegal-canada.html",
        "HTTPS://WWW.NYTimes.com:443/2021/02/03/technology/clearview-ai-illegal-canada.html#comments",
        "https://m.nytimes.com/2021/02/03/technology/clearview-ai-illegal-canada.html?utm_source=x&utm_medium=y",
        "https://www.nytimes.com/2021/02/03/technology/clearview-ai-illegal-canada.html?fbclid=abc&smid=tw",
        "https://www.nytimes.com/2021/02/03/technology/clearview-ai-illegal-canada.amp.html",
        "https://www-nytimes-com.cdn.ampproject.org/c/s/www.nytimes.com/2021/02/03/technology/"
        "clearview-ai-illegal-canada.amp.html",
        "https://www.google.com/amp/s/www.nytimes.com/2021/02/03/technology/clearview-ai-illegal-canada.amp.html",
        "https://www.nytimes.com/2021/02/./03//technology/x/../clearview%2Dai-illegal-canada.html",
        " https://www.nytimes.com/2021/02/03/techno\nlogy/clearview-ai-illegal-canada.html ",
        "//www.nytimes.com/2021/02/03/technology/clearview-ai-illegal-canada.html",
        "nytimes.com/2021/02/03/technology/clearview-ai-illegal-canada.html",
        "https://reader:secret@www.nytimes.com/2021/02/03/technology/clearview-ai-illegal-canada.html",
    ],
)
def test_spellings_of_one_page_are_equal(spelling: str) -> None:
    assert urls.canonical(spelling) == PAGE


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://forbes.com/a/b/", "https://www.forbes.com/a/b/amp/"),
        ("https://www.techrepublic.com/article/x/", "https://www.techrepublic.com/google-amp/article/x/"),
        ("https://x.org/a?b=2&a=1", "https://x.org/a/?a=1&b=2"),
        ("https://x.org/", "https://x.org/index.html"),
        ("https://x.org/a", "https://x.org/a?amp=1"),
        ("https://x.org/a", "https://x.org/a?outputType=amp"),
        ("https://x.org/caf%C3%A9", "https://x.org/café"),
        ("https://x.org/%7Efoo", "https://x.org/~foo"),
        ("https://bücher.example/x", "https://xn--bcher-kva.example/x"),
        ("https://youtube.com/watch?v=WJk-Y8LQlfE", "https://youtu.be/WJk-Y8LQlfE?t=42"),
        ("https://youtube.com/watch?v=WJk-Y8LQlfE", "https://www.youtube.com/embed/WJk-Y8LQlfE"),
        ("https://youtube.com/watch?v=WJk-Y8LQlfE", "https://m.youtube.com/watch?feature=share&v=WJk-Y8LQlfE"),
        ("https://en.wikipedia.org/wiki/News", "https://en.m.wikipedia.org/wiki/News"),
    ],
)
def test_two_spellings_are_equal(one: str, other: str) -> None:
    assert urls.canonical(one) == urls.canonical(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://x.org/a?id=1", "https://x.org/a?id=2"),
        ("https://x.org/a", "https://y.org/a"),
        ("https://x.org/a", "https://x.org/A"),
        ("https://x.org:8443/a", "https://x.org/a"),
        ("https://youtube.com/watch?v=WJk-Y8LQlfE", "https://youtube.com/watch?v=6NPtZSMH0h4"),
        ("https://x.org/#!/one", "https://x.org/#!/two"),
        ("https://x.org/vamp", "https://x.org/v"),
        ("https://amp.dev/", "https://dev/"),
        ("https://x.org/a%2Fb", "https://x.org/a/b"),
        ("https://blog.x.org/a", "https://x.org/a"),
    ],
)
def test_different_pages_stay_apart(one: str, other: str) -> None:
    assert urls.canonical(one) != urls.canonical(other)


@given(anything)
def test_canonical_is_idempotent_and_total(text: str) -> None:
    canonical = urls.canonical(text)
    assert urls.canonical(canonical) == canonical


@given(anything)
def test_what_is_shown_is_the_same_page_and_clean(text: str) -> None:
    shown = urls.safe(text)
    if shown is None:
        return
    assert shown.startswith(("http://", "https://"))
    assert shown.isascii()
    assert shown.isprintable()
    assert not set(shown) & set(' <>"`{}|\\^')
    assert "@" not in shown.split("/")[2]
    assert urls.safe(shown) == shown
    assert urls.canonical(shown) == urls.canonical(text)


@given(anything)
def test_domains_are_read_from_anything(text: str) -> None:
    for domain in (urls.domain_of(text), urls.domain_named(text)):
        assert domain is None or (domain == domain.lower() and "/" not in domain and " " not in domain)


@pytest.mark.parametrize(
    "text",
    [
        "javascript:alert(1)",
        "data:text/html,x",
        "ftp://x.org/a",
        "mailto:a@x.org",
        "/relative",
        "//x.org/a",
        "www.x.org",
        "https://",
        "https:///a",
        "http://ex ample.org/",
        "http://x.org:99999/",
        "http://[nonsense]/",
        "https://x.org/" + "a" * 3000,
        "",
    ],
)
def test_only_web_addresses_are_shown(text: str) -> None:
    assert urls.safe(text) is None


def test_names_and_passwords_are_never_shown() -> None:
    assert urls.safe("https://user:secret@x.org/a?b=c") == "https://x.org/a?b=c"


def test_a_clean_address_is_shown_as_it_is() -> None:
    address = "https://www.X.org/a_(b)/?q=%20x&y=1,2#part"
    assert urls.safe(address.replace("X", "x")) == address.replace("X", "x")


def test_international_hosts_are_shown_in_ascii() -> None:
    assert urls.safe("https://bücher.example/ä b") == "https://xn--bcher-kva.example/%C3%A4%20b"


@pytest.mark.parametrize(
    ("written", "domain"),
    [
        ("nytimes.com", "nytimes.com"),
        ("WWW.NYTimes.com", "nytimes.com"),
        ("https://www.nytimes.com/section", "nytimes.com"),
        ("nytimes.com.", "nytimes.com"),
        ("www.com", "www.com"),
        ("not a domain", None),
        ("", None),
    ],
)
def test_domains_are_taken_as_people_write_them(written: str, domain: str | None) -> None:
    assert urls.domain_named(written) == domain


@pytest.mark.parametrize(
    "wrapped",
    [
        "https://www.google.com/url?q=https://a.example/x&sa=D",
        "https://www.google.de/url?sa=t&url=https%3A%2F%2Fa.example%2Fx&usg=1",
        "https://l.facebook.com/l.php?u=https%3A%2F%2Fa.example%2Fx%3Ffbclid%3D1&h=2",
        "https://t.umblr.com/redirect?z=https%3A%2F%2Fa.example%2Fx&t=1",
        "https://www.youtube.com/redirect?event=x&q=https%3A%2F%2Fa.example%2Fx",
        "https://nam02.safelinks.protection.outlook.com/?url=https%3A%2F%2Fa.example%2Fx&data=1",
    ],
)
def test_an_address_that_only_leads_on_is_where_it_leads(wrapped: str) -> None:
    assert urls.canonical(wrapped) == "https://a.example/x"
    resolved = urls.resolve(wrapped)
    assert resolved is not None
    assert resolved[1] == "https://a.example/x"
    assert urls.domain_of(resolved[0]) == "a.example"


def test_a_wrapper_in_a_wrapper_ends() -> None:
    assert urls.unwrapped("https://www.google.com/url?q=" * 50 + "https://a.example/x").startswith("https://")
    assert urls.resolve("https://www.google.com/url?q=javascript:x") is not None


@pytest.mark.parametrize("query", ["source=rss", "source=rss----abc", "m=1", "ref=newsletter"])
def test_where_a_reader_came_from_is_no_part_of_an_address(query: str) -> None:
    assert urls.canonical(f"https://a.example/2024/harbour?{query}") == "https://a.example/2024/harbour"


@pytest.mark.parametrize("page", ["https://a.example/?ref=x", "https://a.example/story.php?ref=12"])
def test_a_lone_ref_stays_where_nothing_else_names_the_page(page: str) -> None:
    assert urls.canonical(page) == page


@pytest.mark.parametrize(
    ("written", "host"),
    [
        ("https://straße.de/", "xn--strae-oqa.de"),
        ("https://STRASSE.de/", "strasse.de"),
        ("https://βόλος.com/", "xn--nxasmm1c.com"),
        ("https://ｅｘａｍｐｌｅ.org/", "example.org"),
        ("https://例え。jp/", "xn--r8jz45g.jp"),
        ("https://a_b.example.org/", "a_b.example.org"),
    ],
)
def test_hosts_are_those_that_a_browser_would_open(written: str, host: str) -> None:
    assert urls.safe(written) == f"https://{host}/"
    assert urls.canonical(written) == f"https://{host}/"
    assert urls.domain_of(urls.safe(written) or "") == host
