"""What commands print: the result on the standard output, all else on the other one."""

import sys


class OutputError(Exception):
    """Nobody takes what is printed."""


def say(text: str) -> None:
    """To the standard output, at once. Raises OutputError."""
    try:
        print(text, end="", flush=True)
    except OSError as error:
        raise OutputError(error.strerror) from error


def refused(sentence: str) -> int:
    """Say why something cannot be done; the status that goes with it."""
    print(f"resnet: {sentence}", file=sys.stderr)
    return 2
