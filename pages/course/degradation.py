"""Lesson 2: degradation."""

from resnet.ui.course import degradation, frame

CHECKS = {
    "overfits": degradation.check_overfits,
    "turning": degradation.check_turning,
    "deepest": degradation.check_deepest,
}
frame.show("degradation", frame.Scene(degradation.picture, CHECKS))
