"""Lesson 5: two equations."""

from resnet.ui.course import frame, sums

frame.show("sums", frame.Scene(sums.picture, {"hold": sums.check_hold, "orders": sums.check_orders}))
