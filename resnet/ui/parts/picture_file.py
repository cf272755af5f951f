"""A button that saves a part of the page as a picture; the browser makes it, with the letters of any language."""

from resnet.ui.parts.component import component

_STYLE = """
.resnet-save { border: 1px solid var(--st-border-color); border-radius: var(--st-button-radius); background: none;
  color: var(--st-text-color); min-height: 2.5rem; padding: 0.25rem 0.75rem; font: inherit; cursor: pointer; }
.resnet-save:hover { border-color: var(--st-primary-color); color: var(--st-primary-color); }
.resnet-save:focus-visible { outline: 2px solid var(--st-primary-color); outline-offset: 2px; }
"""
_mount = component("picture", '<button type="button" class="resnet-save"></button>', _STYLE)


def save_button(label: str, key: str, of: str, file: str, help_text: str) -> None:
    """Save the first element that the selector `of` finds, as it stands on the page, in `file`.png."""
    _mount(key=key, data={"label": label, "of": of, "file": f"{file}.png", "help": help_text})
