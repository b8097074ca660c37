"""How the values are made that come by the ten thousand."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeVar, dataclass_transform

T = TypeVar("T")


@dataclass_transform(frozen_default=True)
def value(cls: type[T]) -> type[T]:
    """Make a dataclass of values: slots, equality, a hash, and fields that the type checker lets nobody assign to.

    `dataclass(frozen=True)` guards the fields at run time too, for which it fills each of them through a call: an
    article takes four times as long to make, and a composition makes a story, a rank and more of every article.
    """
    return dataclass(slots=True, unsafe_hash=True)(cls)
