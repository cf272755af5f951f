"""Loss surfaces: points are measured once, coarse before fine, and kept."""

from concurrent.futures import Future

import numpy as np
import pytest

from resnet.charts.look import look
from resnet.runs.store import State
from resnet.runs.tasks import surface as tasks
from resnet.specs import NetSpec, Recipe
from resnet.ui.lab.surface import choosing, measured, picture
from resnet.ui.lab.surface.choosing import Spot
from resnet.ui.lab.surface.measured import Asked
from resnet.ui.parts import backend

NET = NetSpec.parse("res-8-w4")


class Worker:
    """Answers at once, or when told: the loss at (a, b) is 1 + a² + 2 b²; counts the points."""

    def __init__(self) -> None:
        self.points: list[tuple[float, float]] = []
        self.asked: list[tuple[Future[np.ndarray], np.ndarray]] = []
        self.late = False

    def ask(self, function, _net, _recipe, _state, points, *_rest):
        assert function is tasks.losses
        self.points += points
        answer: Future[np.ndarray] = Future()
        losses = np.array([1 + a**2 + 2 * b**2 for a, b in points])
        if self.late:
            self.asked.append((answer, losses))
        else:
            answer.set_result(losses)
        return answer


@pytest.fixture
def worker(monkeypatch: pytest.MonkeyPatch) -> Worker:
    found = Worker()
    monkeypatch.setattr(backend, "ask", found.ask)
    monkeypatch.setattr(backend, "engine", lambda: found)
    monkeypatch.setattr(measured, "_kept", type(measured._kept)())
    return found


def asked(**changes) -> Asked:
    usual = {"net": NET, "recipe": Recipe(), "state": None, "images": 64, "x": (-1.0, 1.0), "y": (-0.5, 0.5)}
    return Asked(**(usual | changes))


def test_each_level_asks_for_the_points_that_it_adds_and_no_others(worker):
    before = 0
    for side in (5, 9, 17, 33):
        measured.ask(asked(), side)
        assert len(worker.points) == side**2
        assert len(set(worker.points)) == side**2
        assert measured.known(asked()).level() == side > before
        before = side
    measured.ask(asked(), 33)
    assert len(worker.points) == 33**2


@pytest.mark.parametrize("side", [5, 33])
def test_a_surface_has_its_losses_at_their_places(worker, side):
    for level in (5, 9, 17, 33):
        measured.ask(asked(), level)
    found = measured.surface(asked(), side)
    assert (found.x[0], found.x[-1], found.y[0], found.y[-1]) == (-1, 1, -0.5, 0.5)
    assert found.losses == pytest.approx(1 + found.x[None, :] ** 2 + 2 * found.y[:, None] ** 2)
    assert found.centre == found.losses[side // 2, side // 2] == 1


def test_along_the_training_the_net_itself_is_measured_beside_the_grid(worker):
    one = asked(x=(0.0, 3.0), y=(1.0, 2.0), kept=(State("run", 1.0),))
    measured.ask(one, 5)
    assert worker.points.count((0.0, 0.0)) == 1
    assert len(worker.points) == 26
    assert measured.surface(one, 5).centre == 1
    assert measured.surface(one, 5).losses.min() == 3


def test_the_last_complete_level_is_kept_while_a_finer_one_is_measured(worker):
    measured.ask(asked(), 5)
    worker.late = True
    answers = measured.ask(asked(), 9)
    for answer, losses in worker.asked[:-1]:
        answer.set_result(losses)
    assert measured.known(asked()).level() == 5
    spots = (Spot(look(NET), "", asked()),)
    done = 81 - len(worker.asked[-1][1])
    assert picture.status(spots, 5) == f"5 × 5 points; of 9 × 9: {done} of 81 measured."
    assert picture.state(spots) == "open"
    worker.asked[-1][0].set_result(worker.asked[-1][1])
    assert measured.known(asked()).level() == 9
    assert all(answer.done() for answer in answers)


def test_what_came_to_nothing_is_told_and_asked_again(worker):
    measured.ask(asked(), 5)
    worker.late = True
    (*_others, last) = measured.ask(asked(), 9)
    worker.asked[-1][0].set_exception(RuntimeError("lost"))
    spots = (Spot(look(NET), "", asked()),)
    assert isinstance(last.exception(), RuntimeError)
    assert picture.state(spots) == "failed"
    worker.late = False
    measured.ask(asked(), 9)
    assert picture.state(spots) == "open"


def test_what_is_cancelled_is_no_failure_and_is_asked_again(worker):
    worker.late = True
    answers = measured.ask(asked(), 5)
    worker.asked[0][0].cancel()
    assert answers[0].cancelled()
    assert not measured.known(asked()).failed
    worker.late = False
    measured.ask(asked(), 5)
    assert measured.known(asked()).level() == 5


@pytest.mark.parametrize(
    ("name", "images"), [("res-20", 512), ("res-110", 512), ("res-56-w32", 128), ("plain-1202", 32)]
)
def test_deep_and_wide_nets_are_measured_on_fewer_images(name, images, monkeypatch):
    monkeypatch.setattr(measured.estimates, "budget", lambda: 1e12)
    nets = [NetSpec.parse("plain-8"), NetSpec.parse(name)]
    assert measured.images_for(nets, Recipe()) == images


def test_where_memory_is_short_fewer_images_are_used(monkeypatch):
    monkeypatch.setattr(measured.estimates, "budget", lambda: 1.5e7)  # bytes: a layer of 512 images has 2.4 MB
    assert measured.images_for([NetSpec.parse("res-20")], Recipe()) == 128


def test_axes_have_room_for_the_path_and_more():
    assert choosing.ends(np.array([0.0, 4.0, 1.0])) == (-1, 5)
    assert choosing.ends(np.zeros(3)) == (-1, 1)


def test_finer_levels_are_asked_for_once_the_coarser_first_as_long_as_the_wait_lasts(worker, monkeypatch):
    levels: list[tuple[str, int]] = []
    monkeypatch.setattr(measured, "ask", lambda one, side: levels.append((str(one.net), side)))
    monkeypatch.setattr(picture.st, "session_state", {})
    nets = asked(), asked(net=NetSpec.parse("plain-8-w4"))
    picture.ask_ahead(nets)
    expected = [(name, side) for side in (9, 17, 33) for name in ("res-8-w4", "plain-8-w4")]
    assert levels == expected
    picture.ask_ahead(nets)
    assert levels == expected
    picture.st.session_state["ahead"].end()  # another page was looked at meanwhile
    picture.ask_ahead(nets)
    assert levels == 2 * expected
