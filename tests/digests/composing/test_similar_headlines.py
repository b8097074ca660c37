"""Finding the headlines that say the same."""

from collections import Counter
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from digests.composing.headlines import headline, say_the_same
from digests.composing.similar_headlines import SAME_TITLE_SPAN, SimilarHeadlines
from tests.digests.making import NOON, article, hours

few_words = st.sampled_from(["velm", "port", "bans", "ban", "cameras", "camera", "not", "2", "3", "oil", "the"])
many_words = st.sampled_from([f"{first}{second}x" for first in "abcdefg" for second in "hijklmn"])
titles = st.lists(few_words, max_size=8) | st.lists(many_words, min_size=12, max_size=60, unique=True)


@st.composite
def corpora(draw):
    """Articles whose headlines are often one another's with some words swapped, added or left out."""
    chosen = draw(st.lists(titles, min_size=1, max_size=6))
    for number in draw(st.lists(st.integers(0, len(chosen) - 1), max_size=8)):
        words = list(chosen[number])
        for place in draw(st.lists(st.integers(0, len(words)), max_size=6)):
            words[place : place + draw(st.integers(0, 1))] = draw(st.lists(many_words | few_words, max_size=1))
        chosen.append(words)
    return [
        article(str(number), " ".join(words) or "-", draw(providers), published_at=draw(moments))
        for number, words in enumerate(chosen)
    ]


moments = st.none() | st.sampled_from([NOON, NOON + hours(71), NOON + hours(72), NOON + hours(73), NOON + hours(200)])

providers = st.sampled_from(["ledger", "wire", "herald"])


@given(corpora())
def test_it_finds_what_comparing_all_with_all_finds(articles):
    alike = SimilarHeadlines(articles)

    def near(one, other):
        dated = one.published_at is not None and other.published_at is not None
        return dated and abs(one.published_at - other.published_at) <= SAME_TITLE_SPAN

    uses = Counter((a.provider, headline(a.title).whole) for a in articles)

    def equal_though_short(one, other):
        whole = headline(one.title).whole
        same = whole != "" and whole == headline(other.title).whole
        return same and one.provider != other.provider and uses[one.provider, whole] == uses[other.provider, whole] == 1

    def same(one, other):
        return say_the_same(headline(one.title), headline(other.title)) or equal_though_short(one, other)

    found = {(one, other) for one in range(len(articles)) for other in alike.of(one)}
    assert found == {
        (one, other)
        for one, first in enumerate(articles)
        for other, second in enumerate(articles)
        if one != other and near(first, second) and same(first, second)
    }
    listed = alike.all()
    assert listed >= {one for one, _other in found}
    assert {one for one in listed if not headline(articles[one].title).whole} <= {one for one, _other in found}


def test_a_thousand_equal_headlines_are_found_at_once():
    articles = [
        article(str(number), "Velm closes its harbour", published_at=NOON + timedelta(seconds=number))
        for number in range(1000)
    ]
    assert len(SimilarHeadlines(articles).all()) == 1000
