"""An article's picture by its many names, joined with the site's address."""

from __future__ import annotations

import pytest

from tests.digests.corpus.reading import article, on_site, one


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
    for picture in (
        "![a][i]\n\n[i]: https://a.example/i.png\n",
        "![i][]\n\n[i]: <https://a.example/i.png>\n",
        '{{< figure title="x" src="https://a.example/i.png" >}}',
    ):
        assert article(f"# A\n\n{picture}\n\nText.").images[0].url == "https://a.example/i.png"
    assert article("# A\n\n![a][i]\n\nText.").images == ()
    assert article("# A\n\n```\n![](https://a.example/i.png)\n```\n\nText.").images == ()
