"""The menu: the first page of every group, and below it the others of the group that is open."""

import streamlit as st

from resnet.i18n import _
from resnet.ui.app import pages
from resnet.ui.app.pages import PageRecord

_OPEN = "menu open"  # in the session: the group whose pages the browser's menu lists

# Two in a line: the pages on top, and without icons those of an open group; so the bench still fits below them.
STYLE = """<style>
[data-testid="stSidebarNavItems"] { display: flex; flex-wrap: wrap; }
[data-testid="stSidebarNavItems"] > div { flex: 0 0 100%; }
[data-testid="stSidebarNavItems"] > li { flex: 1 0 50%; }
[data-testid="stSidebarNavItems"] > div { display: flex; flex-wrap: wrap; margin-top: 0.25rem; }
[data-testid="stSidebarNavItems"] > div > * { flex: 0 0 100%; }
[data-testid="stSidebarNavItems"] header { margin: 0.35rem 0 0.1rem; }
[data-testid="stSidebarNavItems"] li { margin: 0; }
[data-testid="stSidebarNavLink"] { height: 1.5rem; margin: 1px 0; }
[data-testid="stSidebarNavItems"] li:not(:has([data-testid="stIconMaterial"])) { flex-basis: 50%; min-width: 0; }
li:not(:has([data-testid="stIconMaterial"])) [data-testid="stSidebarNavLink"] { margin-left: 0.75rem; }
li:not(:has([data-testid="stIconMaterial"])) [data-testid="stSidebarNavLink"] p { font-size: 0.875rem; }
[data-testid="stSidebarNavSeparator"] { padding-top: 0.5rem; }
@media (pointer: coarse) { [data-testid="stSidebarNavLink"] { height: 2.25rem; } }
</style>"""


def page() -> st.Page:
    """Draw the menu; returns the page that the visitor has opened.

    The menu is told twice only where the visitor goes to another group: told twice each time, it would flicker.
    """
    st.html(STYLE)
    shown = st.session_state.get(_OPEN, "")
    opened = _navigation(shown)
    group = pages.named(opened.url_path).group
    if group != shown:
        st.session_state[_OPEN] = group
        opened = _navigation(group)
    return opened


def listed(group: str) -> list[PageRecord]:
    """The pages that stand in the menu while `group` is open, in their order."""
    return [one for one in pages.PAGES if pages.in_menu(one) or (one.tab and one.group and one.group == group)]


def _navigation(group: str) -> st.Page:
    """A section of a single page has no title: its page says the same."""
    seen = listed(group)
    single = {one.section for one in seen if sum(other.section == one.section for other in seen) == 1}
    sections: dict[str, list[st.Page]] = {"": []}
    for record in pages.PAGES:
        top = record is pages.START or record.section in single
        sections.setdefault("" if top else _(record.section), []).append(_item(record, record in seen))
    return st.navigation(sections, expanded=True)


def _item(record: PageRecord, visible: bool) -> st.Page:
    """The line of one page; a page with others behind it tells their names when it is pointed at."""
    first = pages.in_menu(record)
    inside = [_(one.tab) for one in pages.in_group(record.group) if one.tab] if record.group and first else []
    return st.Page(
        record.path,
        title=_(record.title if first else record.tab or record.title),
        icon=record.material if first else "",
        default=record is pages.START,
        visibility="visible" if visible else "hidden",
        help=" · ".join(inside) or None,
    )
