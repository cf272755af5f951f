"""Lesson 13: where does it look, and when not to believe a map?"""

from resnet.ui.course import frame, looking

checks = {"forgets": looking.check_forgets, "separates": looking.check_separates}
frame.show("looking", frame.Scene(looking.picture, checks))
