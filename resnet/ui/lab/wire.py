"""Cut the wire: nets whose shortcuts are multiplied by λ, measured at step 0 ahead of the slider."""

import json
from concurrent.futures import Future
from dataclasses import dataclass
from html import escape
from typing import Any

import numpy as np
import streamlit as st

from resnet import catalog
from resnet.analyses.wire import PERCENT, TRAINED, cut, passed, uncut
from resnet.charts.curves import View
from resnet.charts.frames import difference
from resnet.charts.look import Look, doubles, look, ranks
from resnet.charts.profiles import Profile, axis_limits, profile_figure
from resnet.charts.wire import Arrived, arrived_figure
from resnet.experiments import EXPERIMENTS, FAIL
from resnet.findings.profiles import probe_sentence
from resnet.findings.text import duration
from resnet.findings.wire import passed_sentence
from resnet.i18n import _, plural
from resnet.nets.structure import probed_names
from resnet.specs import NetSpec, Recipe
from resnet.specs.bench import Bench, Entry
from resnet.specs.limits import LIMITS
from resnet.ui.bench import together
from resnet.ui.lab import train
from resnet.ui.lab.gradients.profiles import UPDATE
from resnet.ui.parts import backend, durations, panels, seeds, visitors, waiting, widgets
from resnet.ui.parts.panels import Panel
from resnet.ui.parts.playback import Places
from resnet.ui.parts.plot import described

WORD, START = "lambda", 50  # in the address, in percent
HEIGHT = 320  # pixels
PROBES = [name for name in catalog.PROBES if name != UPDATE]
Measured = dict[int, dict[str, np.ndarray]]


@dataclass(frozen=True)
class Asked:
    """All that the measured charts depend on: the residual net whose shortcuts are cut, the recipe, the probe.

    `height` is that of the chart of what arrives, pixels.
    """

    net: NetSpec
    recipe: Recipe
    probe: str
    height: int = HEIGHT

    @property
    def images(self) -> int:
        """How many images of the first batch all are measured on."""
        return backend.step0_images([cut(self.net, 100), cut(self.net, 0)], self.recipe)


def places() -> Places:
    """What the slider says."""
    play = _("Play: cut the shortcuts little by little")
    return Places(WORD, _("Part of every shortcut that passes"), _("λ = {step}"), play, unit=100)


def choose_net(bench: Bench) -> NetSpec:
    """A menu of the residual nets whose shortcuts can be cut: of every net on the bench, itself or its twin.

    The deepest comes first: there the cut is felt most.
    """
    deep = sorted({uncut(net): None for net in bench.nets}, key=lambda net: -net.depth)
    nets = {str(net): net for net in deep}
    if st.session_state.get("wire") not in nets:
        st.session_state.pop("wire", None)
    about = _("The net with bare shortcuts (option A), as at λ = 1. Cut through, at λ = 0, it is its plain twin.")
    return nets[widgets.menu("wire", _("Net"), {name: net.title for name, net in nets.items()}, about, 200)]


def choose_probe() -> str:
    """What is drawn by layer."""
    names = ["output_gradient", *(name for name in PROBES if name != "output_gradient")]
    options = {name: _(catalog.PROBES[name].short) for name in names}
    chosen = {name: catalog.PROBES[name] for name in names}
    return widgets.menu("wire-probe", _("Quantity"), options, widgets.explain(_("What is measured."), chosen))


def measure(asked: Asked, percent: int) -> None:
    """Both ends and this place now; raises like `waiting.gather`."""
    backend.require_room(asked.net, asked.recipe)
    waiting.gather([_answer(asked, place) for place in dict.fromkeys((100, 0, percent))])


def ask_ahead(asked: Asked, percent: int) -> None:
    """Let the other places be measured while nobody waits: first those next to the one that is looked at."""
    with visitors.ahead():
        for place in sorted(PERCENT, key=lambda place: (place % 10, abs(place - percent))):
            _answer(asked, place)


def _answer(asked: Asked, percent: int) -> "Future[dict[str, np.ndarray]]":
    return backend.step0_profiles(cut(asked.net, percent), asked.recipe, images=asked.images)


def panel(asked: Asked) -> Panel:
    """A frame for each λ that is measured."""
    return panels.panel(_drawn, asked, news=_ready)


def _ready(asked: Asked) -> tuple[int, ...]:
    with backend.peeking():
        return tuple(place for place in PERCENT if _answer(asked, place).done())


def _drawn(asked: Asked) -> dict[str, str]:
    """The profile of each λ between those of both ends, what has arrived, and what is said of it."""
    with backend.peeking():
        measured = {place: _answer(asked, place).result() for place in _ready(asked)}
    if not measured:  # forgotten by now; whoever looks at the page anew has it measured again
        return {}
    known = [values[asked.probe] for values in measured.values()]
    limits = axis_limits(known, catalog.PROBES[asked.probe].log)
    frames = {place: _profiles(asked, measured, place, limits) for place in measured}
    whole = next(iter(frames.values()))
    arrived = {place: _arrived(values) for place, values in measured.items()}
    content = {"steps@": json.dumps(list(measured)), "profiles@": json.dumps(whole)}
    content |= {f"profiles@{place}": json.dumps(difference(whole, frame)) for place, frame in frames.items()}
    content |= {f"said@{place}": _said(asked, place, measured[place], arrived[place]) for place in measured}
    return {
        **content,
        "arrived": described(arrived_figure(_looks(asked.net)[0], arrived, sum(asked.net.blocks), START, asked.height)),
    }


def _profiles(asked: Asked, measured: Measured, percent: int, limits: tuple[float, float]) -> Any:
    """The figure at one λ, as plain values."""
    names = probed_names(asked.net, catalog.PROBES[asked.probe].of)
    whole, none, between = _looks(asked.net, percent)
    shown = [(whole, 100), (none, 0), (between, percent)]
    profiles = [Profile(own, names, measured[place][asked.probe]) for own, place in shown if place in measured]
    return json.loads(described(profile_figure(profiles, asked.probe, limits=limits, height=HEIGHT)))


def _looks(net: NetSpec, percent: int = START) -> tuple[Look, Look, Look]:
    """Of the residual net, its plain twin, and the one in between."""
    nets = [cut(net, 100), cut(net, 0), cut(net, START)]
    labels = [net.title, nets[1].title, label(percent)]
    whole, none, between = (
        look(one, name, rank=rank, double=double)
        for one, name, rank, double in zip(nets, labels, ranks(nets), doubles(nets), strict=True)
    )
    return whole, none, between


def label(percent: int) -> str:
    """E.g. "λ = 0.9"."""
    return _("λ = {factor:g}", factor=percent / 100)


def _arrived(values: dict[str, np.ndarray]) -> Arrived:
    gradient, signal = values["output_gradient"].astype(float), values["activation_std"].astype(float)
    with np.errstate(divide="ignore", invalid="ignore"):
        return Arrived(float(gradient[0] / gradient[-1]), float(signal[-1] / signal[0]))


def _said(asked: Asked, percent: int, values: dict[str, np.ndarray], arrived: Arrived) -> str:
    """HTML: what arrives at this λ, and the direction of the profile."""
    power = passed(asked.net, percent)
    text = passed_sentence(percent, sum(asked.net.blocks), power, arrived.gradient, arrived.signal)
    record = catalog.PROBES[asked.probe]
    profile = probe_sentence(values[asked.probe], probed_names(asked.net, record.of), asked.probe)
    told = _("<b>{subject}</b>: {told}.", subject=escape(_(record.label)), told=escape(profile))
    return f"{escape(text)}<br>{told}"


# --- through training


def trained_bench(net: NetSpec, recipe: Recipe) -> Bench:
    """The nets of some λ as a bench of their own; fewer where the host allows fewer."""
    chosen = (*TRAINED[: min(len(TRAINED), LIMITS.max_nets) - 1], 0)
    return Bench(entries=tuple(Entry(net=cut(net, place), label=label(place)) for place in chosen), recipe=recipe)


def training_panel(bench: Bench) -> Panel:
    """Their curves, what they say, and how far each is."""
    return panels.panel(_training, bench, runs=backend.ids(bench))


def _training(bench: Bench) -> dict[str, str]:
    content = train.drawn(bench, View())
    if not backend.runs(bench):
        content["!sentence"] = _("Press the button above: the curves grow while the nets learn.")
    return content


def train_button(bench: Bench) -> None:
    """Train those that have no curve yet."""
    missing = _missing(bench)
    if not missing:
        return
    text = plural(
        "Train the missing run · about {length}",
        "Train {count} missing runs · about {length}",
        len(missing),
        length=duration(durations.seconds_until(missing)),
    )
    about = _("Trains the nets of these λ by the recipe of the bench.")
    together.train_button(text, "wire-train", about, lambda: together.queue(_missing(bench)))


def _missing(bench: Bench) -> list[tuple[NetSpec, Recipe]]:
    """Those without a result; what came with the app is one."""
    return [(net, own) for net, own in seeds.missing(bench.nets, bench.recipe) if not seeds.recorded([(net, own)])]


def published_table() -> str:
    """HTML: Table 1 of 2016 as it is published."""
    rows = "".join(
        f"<tr><td>{escape(_(row.label))}</td><td>{_error(row.numbers[0].value)}</td></tr>"
        for row in EXPERIMENTS["shortcuts"].rows
    )
    head = f"<tr><td>{escape(_('shortcut'))}</td><td>{escape(_('test error, %'))}</td></tr>"
    style = "<style>.table1 { font-size: 0.875rem; } .table1 td { padding: 0.1rem 0.8rem 0.1rem 0; border: 0; }</style>"
    return f'{style}<table class="table1">{head}{rows}</table>'


def _error(value: float) -> str:
    return escape(_("fail")) if value == FAIL else f"{value:.2f}"
