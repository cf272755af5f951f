"""Where runs and data are kept."""

import os
from pathlib import Path

import platformdirs


def home() -> Path:
    """The folder of the runs and data, created if it is missing.

    ``RESNET_HOME``, else the platform's folder for a user's data. Raises OSError where it cannot be created.
    """
    chosen = os.environ.get("RESNET_HOME")
    # appauthor=False: on Windows the folder's name would otherwise stand twice in the path
    folder = Path(chosen).expanduser() if chosen else platformdirs.user_data_path("resnet-lab", appauthor=False)
    folder.mkdir(parents=True, exist_ok=True)
    return folder
