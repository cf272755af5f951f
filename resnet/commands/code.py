"""``resnet code``: a net as PyTorch code, or as a notebook that trains it."""

import argparse
from typing import Any

from resnet.commands import words
from resnet.commands.output import refused, say
from resnet.interrupts import Interrupts


def add(commands: Any) -> None:
    code = commands.add_parser("code", help="print a net as PyTorch code")
    code.add_argument("net", metavar="NET", help="a net's name, e.g. res-20-preact or resnet-50")
    code.add_argument("--notebook", action="store_true", help="as a Jupyter notebook that trains it by the recipe")
    words.add_recipe(code)


def run(options: argparse.Namespace, interrupts: Interrupts) -> int:
    """The net's code, or the notebook that trains it by the recipe."""
    from resnet.specs import NetSpec

    recipe, net, given = words.recipe(options), NetSpec.parse(options.net), list(words.given(options))
    from resnet.export.code import module_code
    from resnet.export.notebook import notebook

    if given and not options.notebook:
        return refused(f"--{given[0].replace('_', '-')} belongs to a notebook's recipe; add --notebook")
    say(notebook(net, recipe) if options.notebook else module_code(net))
    return 0
