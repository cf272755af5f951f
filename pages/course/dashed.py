"""Lesson 8: solid and dashed shortcuts, and does a projection in every block pay?"""

from resnet.ui.course import dashed, frame

frame.show("dashed", frame.Scene(dashed.picture, dashed.CHECKS))
