"""``resnet app``: the app in the browser."""

import argparse
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any

from resnet.commands.output import refused
from resnet.interrupts import Interrupts

ROOT = Path(__file__).parents[2]  # of a checkout; an installed package has neither app.py nor pages there
NO_PAGES = "the app's pages are no part of the installed package: clone the repository and start `streamlit run app.py`"
LOOK_EVERY = 0.2  # seconds
APP_ENDS_WITHIN = 10.0  # seconds after Ctrl-C, which reaches it too


def add(commands: Any) -> None:
    app = commands.add_parser("app", help="start the app in the browser")
    app.add_argument(
        "arguments", nargs="*", metavar="OPTION", help="for Streamlit, after --, as in -- --server.port 80"
    )


def run(options: argparse.Namespace, interrupts: Interrupts) -> int:
    script = ROOT / "app.py"
    if not script.exists():
        return refused(NO_PAGES)
    command = [sys.executable, "-m", "streamlit", "run", script.name, *options.arguments]
    interrupts.hold()
    with subprocess.Popen(command, cwd=ROOT) as streamlit:
        try:
            while streamlit.poll() is None:
                interrupts.sleep(LOOK_EVERY)
            return streamlit.returncode
        except KeyboardInterrupt:  # it reaches Streamlit too, which ends by itself
            with suppress(subprocess.TimeoutExpired):
                streamlit.wait(APP_ENDS_WITHIN)
            streamlit.terminate()
    return 0
