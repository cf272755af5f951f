"""The Runs page: the list of runs, what can be done with some of them, and what they show together."""
