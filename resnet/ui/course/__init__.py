"""The lessons' pages: one file a lesson, named as its page; `frame` draws what all of them have in common."""
