"""Every word on screen passes through the one translation function."""

import string

from resnet import i18n
from resnet.commands.locale import strings, template


def test_every_place_of_a_text_has_a_name() -> None:
    for message in template():
        for text in strings(message.id):
            fields = [name for _text, name, _spec, _conversion in string.Formatter().parse(text) if name is not None]
            assert all(fields), f"a place without a name in {text!r}"


def test_a_missing_catalog_falls_back_to_english() -> None:
    assert i18n._("Loss") == "Loss"
    assert i18n.plural("{count} net", "{count} nets", 2) == "2 nets"
    assert i18n.plural("{count} net", "{count} nets", 1) == "1 net"


def test_a_value_with_braces_is_not_filled_in_again() -> None:
    assert i18n._("net {name}", name="{steps}") == "net {steps}"
