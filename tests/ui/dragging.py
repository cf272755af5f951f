"""The depth sliders of the side bar for tests without a browser, which AppTest does not know."""

from dataclasses import dataclass

from streamlit.testing.v1 import AppTest


@dataclass
class Slider:
    """The slider of the net at that place of the bench."""

    app: AppTest
    place: int

    @property
    def key(self) -> str:
        return f"depth-{self.app.session_state['bench'].uids[self.place]}"

    @property
    def value(self) -> int:
        depth: int = self.app.session_state["bench"].bench.entries[self.place].net.depth
        return depth

    def rest(self, depth: int) -> AppTest:
        """It comes to rest at that depth, and the page is drawn anew."""
        held = self.app.session_state["bench"]
        entry = held.bench.entries[self.place].change_net(depth=depth)
        held.put(held.bench.replace(self.place, entry))
        return self.app.run()


def sliders(app: AppTest) -> list[Slider]:
    """One for each net on the bench."""
    return [Slider(app, place) for place in range(len(app.session_state["bench"].bench.entries))]
