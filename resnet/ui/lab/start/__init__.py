"""The Start page: the demo as a film, and what to do next."""
