"""What is validated is what the rest of the room counts on."""

from __future__ import annotations

from typing import get_type_hints

import pytest
from pydantic import TypeAdapter, ValidationError, with_config
from pydantic_core import SchemaValidator

from digests.corpus import schema


@pytest.mark.parametrize(
    "fields", [schema.ProviderFields, schema.ImageFields, schema.RelatedFields, schema.ArticleFields]
)
def test_each_field_is_validated_as_its_type_says(fields: type) -> None:
    ours = SchemaValidator(schema.schema_of(fields))
    pydantics: TypeAdapter[object] = TypeAdapter(with_config({"extra": "ignore", "strict": True})(fields))
    for name in get_type_hints(fields):
        for value in (None, "text", 7, True, ["text"], [None], [{"title": "text"}], {"name": "text"}, {"name": 7}):
            assert is_valid(ours, {name: value, "other": 1}) == is_valid(pydantics, {name: value, "other": 1}) or (
                name == "published"  # taken loosely: `published: "yes"`, `published: 0`
            )


def is_valid(validator: SchemaValidator | TypeAdapter[object], value: object) -> bool:
    try:
        validator.validate_python(value)
    except ValidationError:
        return False
    return True
