"""An excerpt is prose: never markup, pictures, tables, code, notes or what a template makes."""

from __future__ import annotations

import pytest

from digests.corpus import excerpts
from digests.corpus.markup import inline_text
from digests.corpus.reader import read
from tests.digests.corpus.reading import article

OPENED = "The harbour opened."


@pytest.mark.parametrize(
    "before",
    [
        *("", "# A heading\n\n## Intro", "![A map](x.png)", "![A map](x.png)\n*The map of it*", "<img src='x.png'>"),
        *("[![badge](x.svg)](y)", "```python\nprint()\n```", "    indented code", "| a | b |\n|---|---|\n| 1 | 2 |"),
        *("<figure>\n<img src='x'>\n\n<figcaption>Map</figcaption>\n</figure>", "* TOC\n{:toc}", "[TOC]", "[[_TOC_]]"),
        *(
            "**Contents**\n\n- [One](#one)",
            ":::note\nMind the gap\n:::",
            ":::info Title\n\nMind\n\n:::",
            "> [!NOTE]\n> Mind",
            "> [!tip]\n> Mind\n\n[!WARNING] Mind",
        ),
        *(
            '!!! note "Mind"\n    the gap\n\n    and more',
            "/// note\nMind\n///",
            "{% include x.html %}",
            "{{< figure x >}}",
        ),
        *("{% highlight go %}\nx := 1\n{% endhighlight %}", "{{% notice %}}\nMind\n{{% /notice %}}", "<!-- a\n\nb -->"),
        *(
            'import X from "./x";\n\n<Tabs items={["a"]}>\nx\n</Tabs>',
            "export const x = 1;",
            "{/* a comment */}",
            "---",
        ),
        *("{% capture x %}words{% endcapture %}", "<script>\nlet x;\n</script>", "<table><tr><td>x</td></tr></table>"),
        *("**Authors:** Ann J. Example (Port), Bob Quay", "Photo: The Port"),
        *("*By Ann Example*", "#harbour #averil/news", "Posted on March 5, 2024"),
        *("$$\na + b\n$$", "[h]: https://a.example/h", "<details>\n<summary>More</summary>\n\nHidden.\n</details>"),
    ],
)
def test_what_stands_before_the_first_paragraph_is_passed_over(before: str) -> None:
    assert excerpts.of_body(f"{before}\n\n{OPENED}\n\nMore.", is_mdx=True).text == OPENED


@pytest.mark.parametrize(
    ("written", "text"),
    [
        ("The **harbour** [opened](https://a.example).", OPENED),
        ("The [harbour][h] opened.\n\n[h]: https://a.example", OPENED),
        ("The harbour opened[^1].\n\n[^1]: Or so they say.", OPENED),
        ("The harbour opened^[Or so they say].", OPENED),
        ("The [[harbour|port]] of [[Averil#x]] ==opened==. ![[map.png]]%%hm%%", "The port of Averil opened."),
        ("The harbour {% raw %}opened{% endraw %}.{: .lead}\n{: .x}", OPENED),
        ("The <b>harbour</b> {{< ref x >}}opened.", "The harbour opened."),
        ("The sum $a_1 * b_1 * c$ is known.", "The sum $a_1 * b_1 * c$ is known."),
        ("A &lt;video&gt; of Vec<T> &amp; more.", "A <video> of Vec<T> & more."),
        ("The `<b>` tag.", "The <b> tag."),
        ("`npm` is a tool.", "npm is a tool."),
        ("<Tabs of='x' />\n\nOne.\n\n<Tabs>x</Tabs>", "One."),
        ("`youtube: https://a.example/x`\n\nOne.", "One."),
        ("> Only a quotation.", "Only a quotation."),
        ("> [!NOTE]\n> Mind the gap.", ""),
        ("> [!NOTE]\n> Mind the gap.\n\n> Only a quotation.", "Only a quotation."),
        ("[!Note](https://a.example) opened.", "!Note opened."),
    ],
)
def test_a_paragraph_is_text(written: str, text: str) -> None:
    assert excerpts.of_body(written).text == text


@pytest.mark.parametrize("after", ["", "\n\nMore.", "\nMore" * 2000])
def test_a_first_paragraph_far_down_is_whole_whatever_follows_it(after: str) -> None:
    text = "The ferry strike ends today, and the crews are back at work after the vote."
    for chars in range(1400, 1500, 10):
        code = "x" * chars
        assert excerpts.of_body(f"```\n{code}\n```\n\n{text}{after}").text.startswith(text)


@pytest.mark.parametrize(
    "mark",
    [
        "<!--more-->",
        "<!-- more -->",
        "<!-- truncate -->",
        "{/* truncate */}",
        "<!-- TEASER_END -->",
        "<!-- excerpt -->",
    ],
)
def test_what_stands_before_the_mark_is_the_excerpt(mark: str) -> None:
    assert excerpts.of_body(f"# A\n\nOne.\n\nTwo.\n\n{mark}\n\nThree.").text == "One. Two."


def test_a_site_has_a_mark_of_its_own() -> None:
    assert excerpts.of_body("One.\n\nTwo.\n<!--cut here-->\nThree.", separator="<!--cut here-->").text == "One. Two."
    assert article("---\ntitle: A\nexcerpt_separator: ~~~\n---\nOne.\n\nTwo.\n~~~\nThree.").excerpt == "One. Two."


def test_a_long_paragraph_is_cut_at_the_end_of_a_sentence() -> None:
    text = excerpts.of_body("It said so to Dr. Smith. " * 100).text
    assert len(text) <= excerpts.MAX_CHARS
    assert text.endswith("Dr. Smith.")
    assert excerpts.of_body("word " * 1000).text.endswith("…")


@pytest.mark.parametrize(
    "name", ["description", "summary", "subtitle", "spoiler", "teaser", "blurb", "lede", "abstract"]
)
def test_a_field_is_an_excerpt_by_many_names(name: str) -> None:
    found = article(f"---\ntitle: A\n{name}: The **harbour** [opened](x).\n---\nText.")
    assert found.excerpt == OPENED


@pytest.mark.slow
@pytest.mark.parametrize(
    "piece",
    [
        *("[", "![", "[a](", "*a ", "**a", "<a", "<!--", "{{", "{% note %}", "> ", "- ", ":::a\n", "[[", "$a ", "~~a"),
        *("|a", "<Aa \n", "import {\n", "a\n---\n", "<div>\n", "[x][", "\n", " ", "!!! a\n  b\n", "<figure>", "```\n"),
        *("<p a='", "{:", "==", "\\[", "&amp;", "_a_ ", "#", "1. ", "a\n", "[^a]: x\n", "`", "{/*", "[a]: x\n"),
    ],
)
def test_a_body_of_one_mark_costs_no_time(piece: str) -> None:
    body = piece * (200_000 // len(piece))
    for is_html in (False, True):
        excerpts.of_body(body, is_html=is_html)
    excerpts.first_picture(body)
    excerpts.of_field(body)


def test_a_text_is_not_cut_behind_an_abbreviation() -> None:
    text = (
        "The harbour opens again on Monday, after many years of work on its quays and on the bridge that leads to them,"
        " which is late, said Dr. Brown of the port authority of the town."
    )
    assert excerpts.cut(text, limit=140).endswith("late, said Dr.…")
    assert excerpts.cut(text, limit=len(text) - 5).endswith("…")
    assert excerpts.cut(f"{text} More of it.", limit=len(text) + 5) == text


def test_a_footnotes_mark_is_no_part_of_a_line() -> None:
    assert inline_text("The tide[^1] turns") == "The tide turns"
    assert inline_text("The tide [sic] turns") == "The tide [sic] turns"


def test_links_by_name_are_reduced_to_words_wherever_their_targets_stand() -> None:
    assert excerpts._without_references("See [the port] and [sic]", "x\n\n[the port]: https://a.example\n") == (
        "See the port and [sic]"
    )
    assert excerpts._without_references("See [the port]", "no targets") == "See [the port]"


@pytest.mark.parametrize("value", ["/assets/a.png", "a.jpg", "https://a.example/x", "../b/c", "true"])
def test_a_teaser_that_is_a_picture_or_a_switch_is_no_excerpt(value: str) -> None:
    made = read("a.md", f"---\ntitle: Harbour\nheader:\n  teaser: {value}\n---\nIt opens.\n".encode()).article
    assert made is not None
    assert made.excerpt == "It opens."
