"""The use-cases: the one room where the store meets pure code."""
