"""Lesson 14: the faults of the course notes' ResNet-34."""

from resnet.ui.course import frame, notes_net

checks = {"hunt": notes_net.check_hunt, "harmless": notes_net.check_harmless, "mend": notes_net.check_mend}
frame.show("notes_net", frame.Scene(notes_net.picture, checks))
