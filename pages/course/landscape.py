"""Lesson 12: the landscape of the loss."""

from resnet.ui.course import frame, landscape

checks = {"level": landscape.check_level, "flatter": landscape.check_flatter, "residual": landscape.check_residual}
frame.show("landscape", frame.Scene(landscape.picture, checks))
