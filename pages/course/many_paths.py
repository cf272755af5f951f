"""Lesson 11: a net is many paths."""

from resnet.ui.course import frame, many_paths

checks = {"worst": many_paths.check_worst, "swap": many_paths.check_swap, "cancel": many_paths.check_cancel}
frame.show("many_paths", frame.Scene(many_paths.picture, checks))
