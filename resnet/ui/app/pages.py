"""The pages: one line each. The menu, the links on top of a group and the reading of addresses follow this list."""

from dataclasses import dataclass
from pathlib import Path

from resnet.i18n import N_
from resnet.lessons import lessons

FOLDER = Path(__file__).parents[3] / "pages"


@dataclass(frozen=True)
class PageRecord:
    """A file of `pages/`; `words` are those of its own widgets in the address.

    The first page of a `group` stands in the menu, and while the group is open the others too, each called by its
    `tab`; where there is no room for a menu, links on top of the page do the same.
    """

    file: str
    section: str
    title: str
    icon: str
    group: str = ""
    tab: str = ""
    words: frozenset[str] = frozenset()

    @property
    def path(self) -> Path:
        return FOLDER / f"{self.file}.py"

    @property
    def name(self) -> str:
        """The file's own name: the page's path in an address, except for the start page, which has none."""
        return self.path.stem

    @property
    def material(self) -> str:
        """The icon as Streamlit names it."""
        return f":material/{self.icon}:"


def _words(*words: str) -> frozenset[str]:
    return frozenset(words)


_LAB, _COURSE, _CLASS = N_("Lab"), N_("Course"), N_("Class")
_TRAIN, _BUILD, _GRADIENTS, _TRAINED = "train", "build", "gradients", "trained"
_ATTRIBUTION, _EXPERIMENTS = "attribution", "experiments"
LESSONS = "course"
APART = "apart"  # pages that no menu names

PAGES = (
    PageRecord("lab/start", _LAB, N_("Start"), "home", words=_words("step")),
    PageRecord("course/course", _COURSE, N_("Course"), "school", LESSONS),
    *(
        PageRecord(f"course/{one.name}", _COURSE, one.title, "school", LESSONS, words=_words(*one.words))
        for one in lessons()
    ),
    PageRecord("course/glossary", _COURSE, N_("Glossary"), "dictionary", LESSONS),
    PageRecord("course/teacher", _COURSE, N_("For teachers"), "co_present", LESSONS),
    PageRecord(
        "lab/train",
        _LAB,
        N_("Train"),
        "monitoring",
        _TRAIN,
        N_("Curves"),
        _words("quantity", "split", "x", "smoothing", "spread", "log"),
    ),
    PageRecord("lab/sweep", _LAB, N_("Depth sweep"), "stacked_line_chart", _TRAIN, N_("Depth sweep"), _words("depths")),
    # fault: of older links, which lead on to the page of faults
    PageRecord("lab/build", _LAB, N_("Build"), "account_tree", _BUILD, N_("Nets"), _words("image", "fault")),
    PageRecord("lab/block", _LAB, N_("Inside a block"), "crop_landscape", _BUILD, N_("Blocks"), _words("image")),
    PageRecord("lab/layers", _LAB, N_("Layers"), "table_rows", _BUILD, N_("Layer table"), _words("image")),
    PageRecord("lab/named", _LAB, N_("Nets with a name"), "label", _BUILD, N_("Named nets")),
    PageRecord("lab/faults", _LAB, N_("Find the bug"), "bug_report", _BUILD, N_("Find the bug"), _words("fault")),
    PageRecord("lab/data", _LAB, N_("Data"), "photo_library", _BUILD, N_("Data"), _words("part")),
    PageRecord(
        "lab/gradients",
        _LAB,
        N_("Gradients"),
        "ssid_chart",
        _GRADIENTS,
        N_("Profiles"),
        _words("probe", "place", "divided", "step"),
    ),
    PageRecord(
        "lab/board",
        _LAB,
        N_("Who did it?"),
        "search",
        _GRADIENTS,
        N_("Who did it?"),
        _words("length", "factor", "board-step"),
    ),
    PageRecord(
        "lab/equations",
        _LAB,
        N_("Equations"),
        "functions",
        _GRADIENTS,
        N_("Equations"),
        _words("of", "stage", "equations-step"),
    ),
    PageRecord(
        "lab/shattered",
        _LAB,
        N_("Shattered gradients"),
        "grain",
        _GRADIENTS,
        N_("Shattered"),
        _words("between", "between-at", "between-step"),
    ),
    PageRecord("lab/paths", _LAB, N_("Path lengths"), "route", _GRADIENTS, N_("Path lengths"), _words("paths-step")),
    PageRecord(
        "lab/wire",
        _LAB,
        N_("Cut the wire"),
        "cut",
        _GRADIENTS,
        N_("Cut the wire"),
        _words("wire", "wire-probe", "lambda"),
    ),
    PageRecord(
        "lab/lesions",
        _LAB,
        N_("Lesions"),
        "content_cut",
        _TRAINED,
        N_("Lesions"),
        _words("lesioned", "beside", "norms", "lesion-step", "cut", "swap", "shuffle", "draw"),
    ),
    PageRecord(
        "lab/surface",
        _LAB,
        N_("Loss surface"),
        "landscape",
        _TRAINED,
        N_("Loss surface"),
        _words("surface", "second", "directions", "reach", "pair", "relief"),
    ),
    PageRecord(
        "lab/attribution",
        _LAB,
        N_("Attribution"),
        "visibility",
        _ATTRIBUTION,
        N_("Maps"),
        _words("rows", "method", "explain", "baseline", "sign", "opacity", "size", "outline", "own", "images", "step"),
    ),
    PageRecord(
        "lab/scores", _LAB, N_("Scores"), "leaderboard", _ATTRIBUTION, N_("Scores"), _words("score-images", "score")
    ),
    PageRecord(
        "lab/sanity",
        _LAB,
        N_("Sanity check"),
        "health_and_safety",
        _ATTRIBUTION,
        N_("Sanity check"),
        _words("randomise", "like"),
    ),
    PageRecord("lab/mistakes", _LAB, N_("Mistakes"), "rule", _ATTRIBUTION, N_("Mistakes"), _words("order")),
    PageRecord(
        "lab/pictures",
        _LAB,
        N_("Own pictures"),
        "add_a_photo",
        _ATTRIBUTION,
        N_("Own pictures"),
        _words("source", "sample", "own-method"),
    ),
    PageRecord("lab/experiments", _LAB, N_("Experiments"), "science", _EXPERIMENTS, N_("2015"), _words("experiment")),
    PageRecord(
        "lab/experiments_2016",
        _LAB,
        N_("Experiments of 2016"),
        "science",
        _EXPERIMENTS,
        N_("2016"),
        _words("experiment"),
    ),
    PageRecord(
        "lab/experiments_later",
        _LAB,
        N_("Experiments of later work"),
        "science",
        _EXPERIMENTS,
        N_("Later work"),
        _words("experiment"),
    ),
    PageRecord(
        "lab/runs",
        _LAB,
        N_("Runs"),
        "inventory_2",
        words=_words("find", "kind", "set", "state", "quantity", "split"),
    ),
    PageRecord("classroom/class_board", _CLASS, N_("Class board"), "groups", words=_words("class-recipe", "measure")),
    PageRecord("classroom/host", _CLASS, N_("For the host"), "dns", APART, words=_words("token")),
)
START = PAGES[0]


def in_group(group: str) -> list[PageRecord]:
    """The pages of a group, in their order."""
    return [page for page in PAGES if page.group == group]


def in_menu(page: PageRecord) -> bool:
    """Whether the page stands in the menu."""
    return page.group != APART and (not page.group or in_group(page.group)[0] is page)


def named(name: str) -> PageRecord:
    """The page with that path in an address; empty means the start page."""
    return next((page for page in PAGES if page.name == (name or START.name)), START)
