"""What is told of plain Markdown without a parser is what the parser says."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from digests import text as texts
from digests.corpus import excerpts, markup, plain_prose
from tests.examples import examples

INLINE = st.lists(
    st.sampled_from(
        [
            *(
                "word",
                " ",
                " ",
                "\n",
                "*",
                "**",
                "_",
                "a",
                "é",
                "!",
                "[",
                "](",
                "](/x)",
                ")",
                "[a link](https://a.example/x_y)",
            ),
            *(
                "*so on*",
                "**much so**",
                "`",
                "&amp;",
                "<b>",
                "$",
                "~",
                "\\",
                "©",
                "(",
                ".",
                "![a](/b.png)",
                "“",
                "*,",
                "9",
                "  \n",
            ),
        ]
    ),
    min_size=1,
    max_size=12,
).map("".join)
BLOCKS = st.lists(
    st.sampled_from(
        [
            *(
                "Words",
                "more words",
                "# A heading",
                "## Of it #",
                "![a](/b.png)",
                "- one",
                "> quoted",
                "```",
                "---",
                "===",
                "***",
            ),
            *(
                "    code",
                "| a | b |",
                "|---|---|",
                "<div>",
                "[a]: /x",
                "[a] b",
                "1. one",
                "",
                "",
                " ",
                "\t",
                "“So”",
                "(so)",
                "#tag",
            ),
            *("*all of it*", "~~~", "\f", "+ x", "Words  "),
        ]
    ),
    min_size=1,
    max_size=10,
).map("\n".join)


def paragraphs_by_parser(text: str) -> list[str | None]:
    """Return top-level paragraphs as the parser has them, "" for a heading, None for any other block."""
    found: list[str | None] = []
    tokens = excerpts._block_parser().parse(text, {})
    for position, token in enumerate(tokens):
        if token.level == 0 and token.nesting >= 0:
            content = tokens[position + 1].content if token.type == "paragraph_open" else ""
            found.append(content if token.type in {"paragraph_open", "heading_open"} else None)
    return found


@settings(max_examples=examples(300))
@given(INLINE, st.booleans())
def test_words_are_those_of_the_parser(content: str, has_own_words: bool) -> None:
    content = content.strip()
    words = plain_prose.words_of(content, has_own_words=has_own_words)
    if words is not None:
        tokens = markup.inline_tokens(content)
        assert texts.one_line(words) == texts.one_line(markup.text_of(tokens))
        assert not any(token.type == "image" for token in tokens)
        assert not (has_own_words and content and excerpts._is_emphasis(tokens))


@settings(max_examples=examples(300))
@given(BLOCKS)
def test_blocks_are_those_of_the_parser(text: str) -> None:
    found = list(plain_prose.blocks(text))
    known = found[:-1] if found and found[-1] is None else found
    by_parser = paragraphs_by_parser(text)
    assert known == by_parser[: len(known)]
    assert found[-1:] == [None] or len(known) == len(by_parser)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("Plain words, and more.", "Plain words, and more."),
        ("A [link](https://a.example/x) and *so on*.", "A link and so on."),
        ("**Bold** first", "Bold first"),
        ("a*b*c", None),
        ("![a](/b.png) c", None),
        ("`code`", None),
        ("a * b * c", None),
    ],
)
def test_only_simple_marks_need_no_parser(content: str, words: str | None) -> None:
    assert plain_prose.words_of(content, has_own_words=False) == words


def test_emphasis_alone_is_left_to_the_parser_where_it_may_be_a_caption() -> None:
    assert plain_prose.words_of("*The map*", has_own_words=True) is None


@pytest.mark.parametrize(
    ("content", "is_picture"),
    [("![a](/b.png)", True), ('![a](/b.png "A map")', True), ("![a](/b.png) b", False), ("[a](/b.png)", False)],
)
def test_a_picture_alone_is_known(content: str, is_picture: bool) -> None:
    assert plain_prose.is_picture(content) is is_picture
    assert is_picture == (plain_prose.is_picture(content) and excerpts.of_body(content).text == "")
