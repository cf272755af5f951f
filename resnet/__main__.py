"""The command line: ``resnet app`` starts the app, ``resnet train plain-56 res-56 --steps 400`` fills its store."""

import argparse
import os
import signal
import sys
from collections.abc import Sequence
from contextlib import suppress
from importlib import import_module
from typing import Any, NoReturn

from resnet.commands import COMMANDS
from resnet.commands.output import OutputError, refused, say
from resnet.interrupts import Interrupts

INTERRUPTED = 130  # what shells expect of a program that ended by Ctrl-C


def program() -> NoReturn:
    """`main`, and the end of Python: Ctrl-C during it is no traceback."""
    with Interrupts(afterwards=signal.SIG_IGN) as interrupts:
        status = _main(None, interrupts)
    sys.exit(status)


def main(arguments: Sequence[str] | None = None) -> int:
    """Exit status: 0 when every run is done, 1 when one ended early, 2 for what cannot be done, 130 after Ctrl-C."""
    with Interrupts() as interrupts:
        return _main(arguments, interrupts)


def _main(arguments: Sequence[str] | None, interrupts: Interrupts) -> int:
    try:
        try:
            return _command(arguments, interrupts)
        finally:
            interrupts.hold()
            say("")
    except KeyboardInterrupt:
        print("stopped", file=sys.stderr)
        return INTERRUPTED
    except OutputError as error:
        with suppress(OSError, ValueError):  # Python would try again at its end, and say so
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        if not isinstance(error.__cause__, BrokenPipeError):  # a reader like `head` has had enough
            print(f"resnet: the output could not be written: {error}", file=sys.stderr)
        return 1


def _command(arguments: Sequence[str] | None, interrupts: Interrupts) -> int:
    options = _parser().parse_args(arguments)
    command = _module(options.command)
    if options.command == "app":
        return int(command.run(options, interrupts))
    from resnet.errors import UserError
    from resnet.specs import limits

    for sentence in limits.unknown():
        print(f"resnet: {sentence}", file=sys.stderr)
    try:
        limits.require_usable()
        return int(command.run(options, interrupts))
    except UserError as error:
        return refused(str(error))


def _module(command: str) -> Any:
    return import_module(f"resnet.commands.{command}{'_' * (command == 'import')}")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="resnet", description="Train plain and residual nets and compare them.")
    commands = parser.add_subparsers(dest="command", required=True)
    for command in COMMANDS:
        _module(command).add(commands)
    return parser


if __name__ == "__main__":
    program()
