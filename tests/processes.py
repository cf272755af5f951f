"""How tests start programs."""

import sys

_HEAR = "import os, signal, sys; signal.signal(signal.SIGINT, signal.SIG_DFL); os.execv(sys.argv[1], sys.argv[1:])"


def hearing(*command: str) -> list[str]:
    """The command such that it hears Ctrl-C whoever starts it.

    A shell without job control starts what runs in the background deaf to it, and children inherit that.
    """
    return [sys.executable, "-c", _HEAR, *command]
