"""Finding the headlines that say the same."""

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from digests.alike import SAME_TITLE_SPAN, Alike
from digests.headlines import headline, say_the_same
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
        article(str(number), " ".join(words) or "-", published_at=draw(moments)) for number, words in enumerate(chosen)
    ]


moments = st.none() | st.sampled_from([NOON, NOON + hours(71), NOON + hours(72), NOON + hours(73), NOON + hours(200)])


@given(corpora())
def test_it_finds_what_comparing_all_with_all_finds(articles):
    alike = Alike(articles)

    def near(one, other):
        dated = one.published_at is not None and other.published_at is not None
        return dated and abs(one.published_at - other.published_at) <= SAME_TITLE_SPAN

    found = {(one, other) for one in range(len(articles)) for other in alike.of(one)}
    assert found == {
        (one, other)
        for one, first in enumerate(articles)
        for other, second in enumerate(articles)
        if one != other and near(first, second) and say_the_same(headline(first.title), headline(second.title))
    }
    assert alike.all() == {one for one, _other in found}


def test_a_thousand_equal_headlines_are_found_at_once():
    articles = [
        article(str(number), "Velm closes its harbour", published_at=NOON + timedelta(seconds=number))
        for number in range(1000)
    ]
    assert len(Alike(articles).all()) == 1000
