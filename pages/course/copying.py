"""Lesson 1: should depth hurt?"""

from resnet.ui.course import copying, frame

CHECKS = {"differs": copying.check_differs, "trained": copying.check_trained}
frame.show("copying", frame.Scene(copying.picture, CHECKS))
