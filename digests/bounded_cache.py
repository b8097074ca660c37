"""A cache for functions of text from outside, bounded in entries and in their length, so in bytes as well."""

from __future__ import annotations

from collections.abc import Callable, Sized
from functools import lru_cache, wraps
from typing import Any, ParamSpec, TypeVar, cast

_P = ParamSpec("_P")
_R = TypeVar("_R")

LONGEST = 512
"""Longest key that is cached. Longer ones are rare, and a few of two megabytes each would fill the memory."""


def cached(entries: int, *, longest: int = LONGEST) -> Callable[[Callable[_P, _R]], Callable[_P, _R]]:
    """Cache the latest results of a function whose arguments are strings or tuples of strings.

    The cache holds at most `entries` results, each with a key of at most `longest` characters in all arguments.

    Args:
        entries: How many results are cached.
        longest: With longer arguments the function is called each time.
    """

    def decorate(function: Callable[_P, _R]) -> Callable[_P, _R]:
        plain: Callable[..., _R] = function
        remembered = lru_cache(maxsize=entries)(function)

        @wraps(function)
        def call_with_any(*args: Any) -> _R:
            for value in args:
                # Almost always strings.
                if (len(value) if type(value) is str else _size(value)) > longest:
                    return plain(*args)
            return remembered(*args)

        @wraps(function)
        def call_with_one(value: Any) -> _R:
            if type(value) is str and len(value) <= longest:
                return remembered(value)
            return call_with_any(value)

        @wraps(function)
        def call_with_two(one: Any, two: Any) -> _R:
            if type(one) is str and type(two) is str and len(one) <= longest and len(two) <= longest:
                return remembered(one, two)
            return call_with_any(one, two)

        # Most functions have one or two arguments, and the general way costs a microsecond per call.
        wanted = function.__code__.co_argcount if not function.__defaults__ else 0
        call: Any = {1: call_with_one, 2: call_with_two}.get(wanted, call_with_any)
        call.cache_info = remembered.cache_info
        call.cache_clear = remembered.cache_clear
        return cast("Callable[_P, _R]", call)

    return decorate


def _size(value: object) -> int:
    if type(value) is int:
        return 1
    if isinstance(value, tuple):
        return sum(map(_size, value))
    return len(value) if isinstance(value, Sized) else 1
