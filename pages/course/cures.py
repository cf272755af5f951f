"""Lesson 7: which cure of the notes alone makes a plain net learn?"""

from resnet.ui.course import cures, frame

frame.show("cures", frame.Scene(cures.picture, cures.CHECKS))
