"""Lesson 10: the order of norm, activation and convolution inside a block."""

from resnet.ui.course import frame, order

frame.show("order", frame.Scene(order.picture, order.CHECKS))
