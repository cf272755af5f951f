"""How others come to this page: the address that they can reach, short and long, and as a QR code."""

from html import escape
from urllib.parse import urlsplit

import streamlit as st

from resnet.i18n import _
from resnet.runs.errors import StoreError
from resnet.runs.store import short_links
from resnet.ui.app import addresses
from resnet.ui.bench import session
from resnet.ui.parts import backend

_LONG = 60  # letters: what is shorter can be typed
_LARGE = 10  # pixels of one square of the QR code in the room's view; a laptop has 768 lines
_SMALL = 4
_ALONE = '<style>body:has([data-testid="stDialog"]) [data-testid="stPopoverBody"] { display: none; }</style>'


def pane() -> None:
    """The address to copy, a QR code, and who can open it."""
    place = addresses.found(_base())
    whole = f"{place.base}/{_target()}"
    short = _short(place, whole) if place.reach != "local" else ""
    st.caption(_reach(place))
    with st.container(horizontal=True, gap="medium", vertical_alignment="top"):
        if place.reach != "local":
            st.html(_code(short or whole, _SMALL), width="content")
        with st.container(gap="xsmall"):
            if short:
                st.caption(_("Short, to be typed:"))
                st.code(short, language=None, wrap_lines=True)
            st.caption(_("The whole address brings back the nets, the recipe and this page:"))
            st.code(whole, language=None, wrap_lines=True)
            if place.reach != "local":
                about = _("For a projector: the QR code and the short address, as large as the screen allows.")
                if st.button(_("Show to the room"), key="show-link", icon=":material/qr_code_2:", help=about):
                    st.dialog(_("Join"), width="large")(_room)(short or whole)


def _base() -> str:
    """The address of the start page in the visitor's own browser."""
    url = (st.context.url or "").split("?")[0].rstrip("/")
    page = session.page()
    return url.removesuffix(f"/{page}") if page else url


def _target() -> str:
    """The page and its words, below the base."""
    _before, _mark, words = session.link().partition("?")
    return f"{session.page()}?{words}"


def _short(place: addresses.Address, whole: str) -> str:
    """The short form of a long address; empty for one that is short, or while nothing can be kept."""
    if len(whole) <= _LONG:
        return ""
    try:
        return f"{place.base}/{addresses.GO}/{short_links.shorten(backend.engine().store, _target())}"
    except (StoreError, ValueError):
        return ""


def _reach(place: addresses.Address) -> str:
    if place.reach in ("said", "open"):
        return _("Everybody who can reach {host} can open this page.", host=urlsplit(place.base).hostname)
    if place.reach == "network":
        return _(
            "For computers in the same network as this one. If it does not open there, a firewall or the network "
            "stands between; RESNET_URL names another address."
        )
    return _(
        "Only this computer can open this page. To open it to the room, start the app with "
        "`streamlit run app.py --server.address 0.0.0.0`, or say in RESNET_URL by which address it is reached."
    )


def _room(address: str) -> None:
    shown = escape(address.split("://")[-1])
    st.html(
        f'{_ALONE}<div style="text-align:center">{_code(address, _LARGE)}'
        f'<div style="font-size:2.2rem;font-weight:650;overflow-wrap:anywhere;line-height:1.2">{shown}</div></div>'
    )


def _code(address: str, scale: int) -> str:
    """The QR code as a picture: black on white in every theme, as cameras want it."""
    import segno

    picture = segno.make(address, micro=False, error="m").svg_data_uri(scale=scale, border=4, light="#fff")
    about = escape(_("QR code of {address}", address=address))
    return f'<img src="{escape(picture)}" alt="{about}" style="max-width:100%">'
