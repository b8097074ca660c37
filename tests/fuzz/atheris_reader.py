"""Coverage-guided fuzzing of the corpus reader, by hand and for minutes, where atheris is installed.

    python -m tests.fuzz.atheris_reader -max_total_time=300 [CORPUS_DIR]

What it finds goes into `tests/fuzz/test_found.py`, made small.
"""

from __future__ import annotations

import sys


def main() -> int:
    """Run until stopped or until something is found."""
    try:
        import atheris  # type: ignore[import-not-found,import-untyped,unused-ignore]
    except ImportError:
        sys.stderr.write("atheris is not installed; tests/fuzz/test_reader.py fuzzes without it.\n")
        return 0
    with atheris.instrument_imports(include=["digests", "frontmatter", "yaml"]):
        from tests.fuzz.checking import check_feed, check_reader

    endings = (".md", ".html", ".txt", ".mdx", ".rst")
    feeds = ("feed.xml", "feed.json")

    def one(data: bytes) -> None:
        if data and data[0] >= 200:
            check_feed(feeds[data[0] % 2], data[1:])
        elif data:
            check_reader(f"2021-02-04-a{endings[data[0] % 5]}", data[1:])

    atheris.Setup(sys.argv, one)
    atheris.Fuzz()
    return 0


if __name__ == "__main__":
    sys.exit(main())
