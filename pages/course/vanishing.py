"""Lesson 6: does the gradient vanish?"""

from resnet.ui.course import frame, vanishing

frame.show("vanishing", frame.Scene(vanishing.picture, vanishing.CHECKS))
