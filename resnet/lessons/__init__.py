"""The course: lessons, and what the numbers of each say; one file a lesson, named as its page."""

from resnet.lessons.records import Lesson, Option, Reveal, Task, Verdict, lesson, lessons

__all__ = ["Lesson", "Option", "Reveal", "Task", "Verdict", "lesson", "lessons"]
