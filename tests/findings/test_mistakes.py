"""What is said of single test images."""

from resnet.findings.mistakes import answers_caption


def test_a_probability_is_never_parted_from_its_class_and_its_unit():
    told = answers_caption(35, "ring", [("res-20", "ring", 0.904, True), ("plain-20", "star", 0.11, False)])
    assert told.splitlines() == [
        "**35 · ring**  ",
        "✓ res\\-20: ring\u00a090\u00a0%  ",
        "✗ plain\\-20: star\u00a011\u00a0%",
    ]
