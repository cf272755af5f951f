"""What can be done with chosen runs: put onto the bench, name, keep, delete and bring back."""

from collections.abc import Sequence
from functools import partial

import streamlit as st

from resnet.findings.selection import recipe_words
from resnet.findings.text import paragraph, plain, series
from resnet.i18n import _, plural
from resnet.runs.store import listing
from resnet.runs.store.listing import Deleted, Listed, NoSuchRun
from resnet.specs import NetSpec, Recipe
from resnet.specs.bench import Bench, Entry
from resnet.specs.limits import LIMITS
from resnet.specs.recipe import MOST_SEEDS
from resnet.ui.app import pages
from resnet.ui.bench import session
from resnet.ui.parts import backend, owner, takeaway, widgets

MOST_BENCHES = 3  # buttons, where runs have several recipes
KEPT_SHARE = 0.5  # of the room for runs that visitors may have kept; a host may keep all
_DELETED = "runs deleted"


def row(lines: Sequence[Listed]) -> None:
    """The buttons for the chosen runs."""
    benches = benches_of(lines)
    with st.container(horizontal=True, gap="small", vertical_alignment="bottom", key="runs-actions"):
        for place, bench in enumerate(benches[:MOST_BENCHES]):
            _bench_button(place, bench, alone=len(benches) == 1)
        _keep_button(lines)
        takeaway.files(backend.engine().store, lines, _link(benches), "take")
        _delete_button(lines)
        if len(lines) == 1:
            _name_field(lines[0])
    _say(lines, benches)


def benches_of(lines: Sequence[Listed]) -> list[Bench]:
    """A bench for each recipe of these runs, seeds apart, with as many nets as there is room for."""
    groups: dict[Recipe, dict[NetSpec, set[int]]] = {}
    for line in lines:
        own = line.run.recipe
        seeds = groups.setdefault(own.but(seed=0, seeds=1), {}).setdefault(line.run.net, set())
        seeds.add(own.seed)
    return [_bench(recipe, nets) for recipe, nets in groups.items()]


def _bench(recipe: Recipe, nets: dict[NetSpec, set[int]]) -> Bench:
    """With all seeds, where they follow each other."""
    seeds = sorted(set().union(*nets.values()))
    row = seeds[-1] - seeds[0] + 1 == len(seeds) <= MOST_SEEDS
    recipe = recipe.but(seed=seeds[0], seeds=len(seeds) if row else 1)
    return Bench(entries=tuple(Entry(net=net) for net in list(nets)[: LIMITS.max_nets]), recipe=recipe)


def _bench_button(place: int, bench: Bench, alone: bool) -> None:
    label = _("Put onto the bench")
    if not alone:
        words = recipe_words(bench.recipe) or _("default recipe")
        label = plural("Bench: {count} net, {recipe}", "Bench: {count} nets, {recipe}", len(bench.nets), recipe=words)
    text = _("These nets with their recipe become the bench; what is there now is one click away, in the side bar.")
    kind = "primary" if not place else "secondary"
    if st.button(label, key=f"to-bench-{place}", icon=":material/table_restaurant:", type=kind, help=text):  # type: ignore[arg-type]
        session.leave_with(bench)
        st.switch_page(pages.named("train").path, query_params=bench.to_query())


def _keep_button(lines: Sequence[Listed]) -> None:
    kept = all(line.kept for line in lines)
    label, icon = (_("Let go"), "bookmark_remove") if kept else (_("Keep"), "bookmark_add")
    text = _("A kept run is never removed to make room, and everybody sees it.")
    st.button(label, key="keep", icon=f":material/{icon}:", help=text, on_click=partial(_keep, lines, not kept))


def _keep(lines: Sequence[Listed], kept: bool) -> None:
    store = backend.engine().store
    if kept and not owner.is_host() and LIMITS.max_store_gb:
        others = [line for line in listing.listed(store) if line.kept]
        most = KEPT_SHARE * LIMITS.max_store_gb * 1e9
        if sum(line.size for line in {line.run.id: line for line in (*others, *lines)}.values()) > most:
            text = _("Kept runs may take {most:.1f} GB together; let go of others first.", most=most / 1e9)
            widgets.notify(text)
            return
    listing.keep(store, [line.run.id for line in lines], kept)


def _delete_button(lines: Sequence[Listed]) -> None:
    text = _("Hidden at once; for ten minutes it can be brought back, then it is gone with its weights.")
    label = plural("Delete {count} run", "Delete {count} runs", len(lines))
    runs = [line.run.id for line in lines]
    st.button(label, key="delete", icon=":material/delete:", help=text, on_click=partial(_delete, runs))


def _delete(runs: Sequence[str]) -> None:
    """Say what was left, and why."""
    visitor = None if owner.is_host() else owner.name()
    deleted = listing.delete(backend.engine().store, runs, visitor)
    if deleted.count:
        st.session_state[_DELETED] = deleted
    if left := len(runs) - deleted.count:
        text = plural(
            "{count} run stays: it is at work, or others asked for it.",
            "{count} runs stay: they are at work, or others asked for them.",
            left,
        )
        widgets.notify(text)


def undo_line() -> None:
    """After a deletion: what is gone, and the way back while there is one."""
    deleted: Deleted | None = st.session_state.get(_DELETED)
    if not deleted:
        return
    with st.container(horizontal=True, gap="small", vertical_alignment="center"):
        st.markdown(plural("{count} run was deleted.", "{count} runs were deleted.", deleted.count), width="content")
        text = _("Bring back what was deleted last.")
        st.button(_("Undo"), key="undo", icon=":material/undo:", help=text, on_click=partial(_undo, deleted))


def _undo(deleted: Deleted) -> None:
    listing.undo(backend.engine().store, deleted)
    del st.session_state[_DELETED]


def _name_field(line: Listed) -> None:
    key = f"name-{line.run.id}"
    st.text_input(
        _("Name of the run"),
        line.label,
        key=key,
        max_chars=listing.MOST_LETTERS,
        placeholder=str(line.run.net),
        width=210,
        help=_("It is shown here and in files; the net keeps its own name."),
        on_change=partial(_rename, line.run.id, key),
    )


def _rename(run: str, key: str) -> None:
    try:
        listing.rename(backend.engine().store, run, st.session_state[key] or "")
    except NoSuchRun as error:
        widgets.notify(str(error))


def _link(benches: Sequence[Bench]) -> str:
    """The address of the Train page with the first of the benches."""
    from urllib.parse import urlencode, urljoin

    address = (st.context.url or "").split("?")[0]
    if not address.startswith("http") or not benches:
        return ""
    return f"{urljoin(address, pages.named('train').name)}?{urlencode(benches[0].to_query(), safe=',')}"


def _say(lines: Sequence[Listed], benches: Sequence[Bench]) -> None:
    """What a bench cannot show of these runs."""
    told = []
    if len(benches) > 1:
        text = _("One bench has one recipe, and these runs have {count}: each button takes the nets of one.")
        told.append(text.format(count=len(benches)))
    if any(len({line.run.net for line in lines}) > LIMITS.max_nets for _bench in benches[:1]):
        told.append(_("A bench has room for {most} nets; the first ones are taken.", most=LIMITS.max_nets))
    others = sorted({line.run.device for line in lines} - {backend.engine().device})
    if others:
        places = {"devices": series(others), "own": backend.engine().device}
        told.append(_("Trained on {devices}: on the bench the same nets are trained anew, on {own}.", **places))
    if told:
        st.caption(plain(paragraph(*told)))
