"""The class and its host: one file a page, named as the page."""
