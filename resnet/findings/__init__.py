"""Sentences that follow from numbers, one file a subject; no sentence is true only for the expected outcome.

They take names, numbers and arrays and return text. Those with bold words are Markdown, with the names in them escaped.
"""
