"""On which images, and how exactly, step 0 is measured. Markdown."""

from resnet.i18n import _
from resnet.specs import Recipe


def images_sentence(images: int, recipe: Recipe) -> str:
    """Which images of the first batch a profile at step 0 looks at, and why not all where it is not all."""
    if images >= recipe.batch:
        return _("Step 0 is measured in float64 on the first batch, {count} images.", count=images)
    return _(
        "Step 0 is measured in float64 on the first {count} of the {batch} images of the first batch, for all nets "
        "alike: the whole batch would take too long or too much memory.",
        count=images,
        batch=recipe.batch,
    )


def part_of_batch(images: int, recipe: Recipe) -> str:
    """Step 0 of a net, where it was not measured on the whole batch."""
    return _("step 0, {count} of {batch} images", count=images, batch=recipe.batch)
