"""Lesson 9: bottlenecks, and the family from ResNet-18 to ResNet-152."""

from resnet.ui.course import bottleneck, frame

frame.show("bottleneck", frame.Scene(bottleneck.picture, bottleneck.CHECKS))
