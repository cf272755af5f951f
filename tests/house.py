"""The rooms of the code from top to bottom, and who imports whom; ``python -m tests.house`` prints it."""

import ast
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parent.parent

# An import points into the same room or into one of a lower line; rooms of one line do not know each other.
HOUSE = """
app pages
ui.app.main
ui.classroom ui.course
ui.lab
ui.bench
ui.parts
ui.app
resnet resnet.__main__
commands
takeaway
charts
lessons
runs.engine
runs.tasks
runs.store
runs.errors
export training
analyses attributions probes
nets
datasets
findings
experiments
specs
catalog pretrained
files
errors
i18n interrupts
"""
LINE = {room: number for number, line in enumerate(HOUSE.strip().splitlines()) for room in line.split()}


def sources() -> dict[str, Path]:
    """The file of every module of the app."""
    paths = [*ROOT.glob("resnet/**/*.py"), *ROOT.glob("pages/**/*.py"), ROOT / "app.py"]
    names = {".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): path for path in paths}
    return {name: path for name, path in names.items() if path.read_text("utf-8").strip()}


def room(module: str) -> str:
    """The most special name in `HOUSE` that the module's name begins with."""
    inside = module.removeprefix("resnet.")
    for name in (module, inside, *(inside.rsplit(".", cut)[0] for cut in range(1, inside.count(".") + 1))):
        if name in LINE:
            return name
    raise LookupError(f"{module} is in no room of HOUSE")


def nodes(tree: ast.AST) -> Iterator[ast.AST]:
    """Every node that runs: what stands below ``if TYPE_CHECKING`` does not."""
    for node in ast.iter_child_nodes(tree):
        if not (isinstance(node, ast.If) and isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING"):
            yield node
            yield from nodes(node)


def imports(path: Path, modules: dict[str, Path]) -> set[str]:
    """The modules of the app that a file imports, anywhere in it."""
    found: set[str] = set()
    for node in nodes(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            members = {f"{node.module}.{alias.name}" for alias in node.names}
            found |= {member if member in modules else str(node.module) for member in members}
    return found & modules.keys()


def graph() -> dict[str, set[str]]:
    """Every module with the modules that it imports."""
    modules = sources()
    return {name: imports(path, modules) for name, path in modules.items()}


def rooms(modules: dict[str, set[str]]) -> dict[tuple[str, str], int]:
    """How many imports lead from one room to another."""
    return Counter(
        (room(name), room(other)) for name, others in modules.items() for other in others if room(name) != room(other)
    )


def main() -> None:
    found = graph()
    count = Counter(room(name) for name in found)
    for name in sorted(count, key=LINE.__getitem__):
        below = sorted((LINE[to], to, number) for (start, to), number in rooms(found).items() if start == name)
        print(f"{name} ({count[name]}) -> {', '.join(f'{to} {number}' for _, to, number in below) or 'nothing'}")


if __name__ == "__main__":
    main()
