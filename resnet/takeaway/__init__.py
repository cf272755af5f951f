"""Runs that somebody takes along: what is put together from store, charts and findings for a page and a command."""
