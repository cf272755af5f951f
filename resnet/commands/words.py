"""The options of commands that take a recipe: the words of a link."""

import argparse
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from resnet.specs import Recipe


def add_recipe(command: argparse.ArgumentParser) -> None:
    """An option for every field of a recipe."""
    from resnet.specs import Recipe

    group = command.add_argument_group("recipe")
    for name, field in Recipe.model_fields.items():
        group.add_argument(
            f"--{name.replace('_', '-')}",
            dest=name,
            metavar=_metavar(field.annotation),
            help=f"default: {field.default}",
        )


def given(options: argparse.Namespace) -> dict[str, str]:
    """The words of the recipe that were given."""
    from resnet.specs import Recipe

    return {name: value for name in Recipe.model_fields if (value := getattr(options, name)) is not None}


def recipe(options: argparse.Namespace) -> "Recipe":
    """The recipe of these options. Raises SpecError."""
    from resnet.specs import Recipe

    return Recipe.from_query(given(options))


def _metavar(kind: Any) -> str:
    return {int: "N", float: "X", bool: "yes|no"}.get(kind, "NAME")
