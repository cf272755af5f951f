"""Lesson 4: identity mapping."""

from resnet.ui.course import frame, identity

CHECKS = {"smallest": identity.check_smallest, "power": identity.check_power, "gate": identity.check_gate}
frame.show("identity", frame.Scene(identity.picture, CHECKS))
