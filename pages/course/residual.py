"""Lesson 3: what is a residual?"""

from resnet.ui.course import frame, residual

CHECKS = {"most": residual.check_most, "shallower": residual.check_shallower}
frame.show("residual", frame.Scene(residual.picture, CHECKS))
