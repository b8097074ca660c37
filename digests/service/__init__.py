"""The use-cases: where the store meets the pure code."""
