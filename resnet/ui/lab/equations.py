"""The Equations page: both equations of 2016 in one stage of a residual net, or the product of a plain one."""

from html import escape

import streamlit as st

from resnet.analyses.results import Equations
from resnet.analyses.stages import inner_blocks, obstacles
from resnet.charts.analyses import equations_figure
from resnet.charts.look import Look
from resnet.charts.profiles import Profile, profile_figure
from resnet.findings.equations import equations_sentence, reasons_sentence
from resnet.findings.profiles import probe_sentence
from resnet.findings.text import plain
from resnet.i18n import _
from resnet.nets.structure import block_names
from resnet.runs.tasks import step0
from resnet.specs import NetSpec, Recipe
from resnet.ui.parts import backend, waiting
from resnet.ui.parts.plot import plot


def show_product(net: NetSpec, recipe: Recipe, look: Look) -> None:
    """What each block of a plain net multiplies the gradient by."""
    st.latex(r"x_L = W_L \cdots W_l\, x_l \qquad \partial E/\partial x_l = \prod_k \partial x_{k+1}/\partial x_k")
    (found,) = waiting.gather([backend.step0_profiles(net, recipe)])
    profile = Profile(look, block_names(net), found["gain"])
    plot(profile_figure([profile], "gain", height=330), key="product")
    st.markdown(f"**{plain(look.label)}**: {plain(probe_sentence(profile.values, profile.names, 'gain'))}.")
    st.caption(
        _("A plain net is a product: each block multiplies the gradient by its own gain, and the gains pile up.")
    )


def show_sum(net: NetSpec, recipe: Recipe, stage: int, look: Look) -> None:
    """Errors in both precisions, the parts of the gradient, and why an equation does not hold."""
    st.latex(
        r"x_L = x_l + \sum_i F(x_i) \qquad "
        r"\partial E/\partial x_l = \partial E/\partial x_L \,(1 + \partial/\partial x_l \textstyle\sum_i F(x_i))"
    )
    if not inner_blocks(net, stage):
        st.info(_("This stage has no block behind its change of size: choose a deeper net or another stage."))
        return
    backend.require_room(net, recipe)
    (found,) = waiting.gather([backend.ask(step0.equations, net, backend.first_batch(recipe), stage)])
    single, double = found["float32"], found["float64"]
    st.html(_error_table(single, double))
    plot(equations_figure(look, double), key="equations")
    share, cosine = double.direct / double.total[0], float(double.cosine[0])
    st.markdown(equations_sentence(single.forward, single.backward, double.names[0], share, cosine))
    if reasons := obstacles(net):
        st.markdown(reasons_sentence(reasons))


def _error_table(single: Equations, double: Equations) -> str:
    """HTML: the relative error of both equations in both precisions."""
    lines = [
        (_("forward: x_L against x_l + ΣF"), single.forward, double.forward),
        (_("backward: both parts against the whole gradient"), single.backward, double.backward),
    ]
    head = f"<tr><td>{escape(_('relative error'))}</td><td>float32</td><td>float64</td></tr>"
    cells = "".join(f"<tr><td>{escape(text)}</td><td>{one:.1e}</td><td>{two:.1e}</td></tr>" for text, one, two in lines)
    style = "<style>.errors td { padding: 0.1rem 1.4rem 0.1rem 0; border: 0; }</style>"
    return f'{style}<table class="errors">{head}{cells}</table>'
