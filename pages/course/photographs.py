"""Lesson 15: your own pictures."""

from resnet.ui.course import frame, photographs

checks = {"enough": photographs.check_enough, "more": photographs.check_more, "own": photographs.check_own}
frame.show("photographs", frame.Scene(photographs.picture, checks))
