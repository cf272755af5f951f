"""The Equations page: both equations of 2016 where they hold and where not, or the product of a plain net."""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

import streamlit as st

from resnet.analyses.results import Equations
from resnet.analyses.stages import inner_blocks, obstacles
from resnet.charts.analyses import equations_figure
from resnet.charts.look import Look, look, looks
from resnet.charts.profiles import Profile, profile_figure
from resnet.findings.equations import exact_sentence, holds_sentence, parts_sentence, reasons_sentence
from resnet.findings.profiles import probe_sentence
from resnet.findings.text import paragraph, plain
from resnet.i18n import _
from resnet.nets.structure import block_names
from resnet.runs.tasks import analyses
from resnet.specs import NetSpec
from resnet.specs.bench import Bench
from resnet.ui.bench import session
from resnet.ui.lab.at_step import Moment
from resnet.ui.parts import backend, places, waiting, widgets
from resnet.ui.parts.plot import plot

HEIGHT = 280  # pixels


def menu(word: str, bench: Bench) -> int:
    """A menu of the nets; the place on the bench, counted from 1, is kept in the address. Returns the index."""
    names = {uid: name for (uid, _entry), name in zip(session.entries(), bench.names, strict=True)}
    uids = list(names)
    return uids.index(places.menu(word, _("Net"), names, uids[best(bench)], _("The net that is checked."), width=200))


def best(bench: Bench) -> int:
    """The index of the first net for which the equations hold, else of the first residual one, else 0."""
    residual = [at for at, net in enumerate(bench.nets) if net.block == "residual"]
    return next((at for at in residual if not obstacles(bench.nets[at])), residual[0] if residual else 0)


def choice(word: str, count: int) -> int:
    """Buttons for the stages, 1 to `count`; the choice is kept in the address and in the session."""
    key, kept = f"equations-{word}", f"equations-{word}-kept"
    wanted = places.asked(word, 1, count) or st.session_state.get(key) or st.session_state.get(kept, count)
    text = _("The equations hold within one stage: a change of size is no identity.")
    stages = list(range(1, count + 1))
    widgets.hold(key, wanted if wanted in stages else count)
    chosen = int(st.segmented_control(_("Stage"), stages, required=True, key=key, help=text) or count)
    st.session_state[kept] = chosen
    places.tell(word, chosen, count)
    return chosen


@dataclass(frozen=True)
class Shown:
    """A net of the page; `added` for one that does not stand on the bench."""

    look: Look
    net: NetSpec
    added: bool = False


def shown(bench: Bench, chosen: int) -> list[Shown]:
    """The chosen net beside one of the other kind, the one for which the equations hold first; a plain net alone."""
    own = [Shown(look, entry.net) for look, entry in zip(looks(bench), bench.entries, strict=True)]
    one = own[chosen]
    if one.net.block == "plain":
        return [one]
    return sorted([one, _other(own, one.net)], key=lambda net: bool(obstacles(net.net)))


def _other(own: Sequence[Shown], net: NetSpec) -> Shown:
    """A residual net of the bench with which it is the other way round, of equal depth if possible; else a variant."""
    holds = not obstacles(net)
    found = [one for one in own if one.net.block == "residual" and bool(obstacles(one.net)) == holds]
    if found:
        return min(found, key=lambda one: abs(one.net.depth - net.depth))
    variant = net.adapt(order="original") if holds else net.adapt(order="preact", shortcut="A")
    return Shown(look(variant, rank=len(own)), variant, added=True)


def show_product(moment: Moment, look: Look) -> None:
    """What each block of a plain net multiplies the gradient by."""
    _formulas(
        r"x_L = W_L \cdots W_l\, x_l",
        r"\partial E/\partial x_l = \partial E/\partial x_L \prod_k \partial x_{k+1}/\partial x_k",
    )
    if moment.state:
        (gains,) = waiting.gather([moment.ask(analyses.gains)])
    else:
        gains = waiting.gather([backend.step0_profiles(moment.net, moment.recipe)])[0]["gain"]
    profile = Profile(look, block_names(moment.net), gains)
    plot(profile_figure([profile], "gain", height=330), key="product")
    st.markdown(f"**{plain(look.label)}**: {plain(probe_sentence(profile.values, profile.names, 'gain'))}.")
    st.caption(
        _("A plain net is a product: each block multiplies the gradient by its own gain, and the gains pile up.")
    )


def show_sums(nets: Sequence[Shown], moments: Sequence[Moment], stage: int) -> None:
    """Both nets side by side."""
    _formulas(
        r"x_L = x_l + \sum_i F(x_i)",
        r"\partial E/\partial x_l = \partial E/\partial x_L \,(1 + \partial/\partial x_l \textstyle\sum_i F(x_i))",
    )
    stages = [min(stage, len(one.net.blocks)) for one in nets]
    asked = [
        moment.ask(analyses.equations, at) if inner_blocks(moment.net, at) else None
        for moment, at in zip(moments, stages, strict=True)
    ]
    waiting.gather([answer for answer in asked if answer])
    for place, one, answer in zip(st.columns(len(nets), gap="medium"), nets, asked, strict=True):
        with place:
            _heading(one)
            if answer:
                _show_sum(one, answer.result())
            else:
                st.info(_("This stage has no block behind its change of size: choose a deeper net or another stage."))


def _formulas(*formulas: str) -> None:
    """Beside each other where there is room."""
    with st.container(horizontal=True, horizontal_alignment="center", gap="large"):
        for formula in formulas:
            st.latex(formula, width="content")


def _heading(one: Shown) -> None:
    """The name of a net, and that it is not on the bench."""
    text = _("{net}, not on the bench", net=plain(one.look.label)) if one.added else plain(one.look.label)
    st.markdown(f"**{text}**")


def _show_sum(one: Shown, found: dict[str, Equations]) -> None:
    """Whether the equations hold and why, the parts of the gradient, and the errors in both precisions."""
    single, double = found["float32"], found["float64"]
    reasons = obstacles(one.net)
    why = reasons_sentence(reasons) if reasons else exact_sentence(single.forward, single.backward)
    st.markdown(paragraph(holds_sentence(single.forward, single.backward), why))
    plot(equations_figure(one.look, double, height=HEIGHT), key=f"equations-{one.net}")
    st.caption(parts_sentence(double.names[0], double.direct / double.total[0], float(double.cosine[0])))
    st.html(_error_table(single, double))


def _error_table(single: Equations, double: Equations) -> str:
    """HTML: the relative error of both equations in both precisions."""
    lines = [
        (_("forward: x_L against x_l + ΣF"), single.forward, double.forward),
        (_("backward: both parts against the whole gradient"), single.backward, double.backward),
    ]
    head = f"<tr><td>{escape(_('relative error'))}</td><td>float32</td><td>float64</td></tr>"
    cells = "".join(f"<tr><td>{escape(text)}</td><td>{one:.1e}</td><td>{two:.1e}</td></tr>" for text, one, two in lines)
    style = "<style>.errors td { padding: 0.1rem 1.4rem 0.1rem 0; border: 0; }"
    style += " .errors td + td { white-space: nowrap; }</style>"
    return f'{style}<table class="errors">{head}{cells}</table>'
