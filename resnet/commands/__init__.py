"""The commands, one a file: ``add(commands)`` describes it to argparse, ``run(options, interrupts)`` does it.

Nearly everything is imported inside the functions: Ctrl-C while that goes on for seconds is one line like any other.
``run`` returns the exit status; it may raise what a visitor can be told (`UserError`) and `output.OutputError`.
"""

# In the order of the help; the file of a command whose name is a word of Python has an underscore behind it.
COMMANDS = ("app", "code", "train", "fetch", "runs", "export", "import", "record", "locale")
