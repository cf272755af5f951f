"""The class board: all runs that were started in a class."""
