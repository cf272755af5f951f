// A depth slider that follows the finger: while it moves, the net's name and all parts that have frames for other depths
// go with it; Python hears where it comes to rest. The server draws frames around the slider, the nearest first.

const lab = (window.resnetLab ??= { parts: new Map(), events: new EventTarget() });
const AROUND = 24; // depths for which frames are asked at a time
const OFTEN = 100; // milliseconds between two questions of a drag
const KEYS = ["ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown", "PageUp", "PageDown", "Home", "End"];
const sliders = new WeakMap(); // root -> slider

function build(root) {
  const [range, value, cost] = ["input", "output", "small"].map((name) => root.querySelector(name));
  const slider = { root, range, value, cost, told: 0, held: false };
  range.addEventListener("pointerdown", () => ((slider.held = true), range.focus())); // Safari does not focus it
  range.addEventListener("keydown", ({ key }) => (slider.held ||= KEYS.includes(key)));
  range.addEventListener("input", () => move(slider));
  ["pointerup", "pointercancel", "blur"].forEach((name) => range.addEventListener(name, () => rest(slider)));
  range.addEventListener("keyup", ({ key }) => KEYS.includes(key) && rest(slider));
  range.addEventListener("change", () => !slider.held && rest(slider)); // a screen reader has moved it
  slider.hear = () => {
    if (!range.isConnected) lab.events.removeEventListener("part", slider.hear);
    else if (lab.drag?.slider === slider) follow(slider);
  };
  return slider;
}

function depthOf(slider) {
  return slider.data.depths[slider.range.valueAsNumber];
}

function show(slider) {
  const place = slider.range.valueAsNumber;
  slider.value.textContent = slider.data.depths[place];
  slider.range.style.setProperty("--fill", `${(100 * place) / slider.range.max}%`);
  slider.range.setAttribute("aria-valuetext", slider.data.names[place]);
  const head = document.querySelector(`[data-net="${slider.data.place}"]`);
  const name = head?.querySelector("b");
  if (name && lab.drag?.slider === slider) name.textContent = head.title = slider.data.names[place];
  label(slider, slider.data.names[place]);
}

// What is heard of the slider and of the button beside it, whose picture says it to others.
function label({ range, data: { words } }, net) {
  const named = (words) => words.replace("{name}", net);
  const settings = range.closest('[class*="st-key-net-"]')?.querySelector('[data-testid="stPopoverButton"]');
  range.setAttribute("aria-label", named(words.label));
  settings?.setAttribute("aria-label", named(words.settings));
}

// The slider moves.
function move(slider) {
  const [place, depth] = [slider.data.place, depthOf(slider)];
  lab.drag = { slider, place, depth, words: slider.data.words, released: undefined };
  show(slider);
  ask(slider);
  lab.events.dispatchEvent(new CustomEvent("drag"));
  follow(slider);
}

// Ask for frames around the slider: where it is now comes first, so ask again when it has moved on.
function ask(slider) {
  const [at, now] = [slider.range.valueAsNumber, performance.now()];
  clearTimeout(slider.later);
  if (lab.asking === slider && now - slider.when < OFTEN) {
    slider.later = setTimeout(() => ask(slider), OFTEN);
    return;
  }
  if (lab.asking === slider && at === slider.asked) return;
  [slider.asked, slider.when, lab.asking] = [at, now, slider];
  const far = slider.data.depths.map((depth, place) => [Math.abs(place - at), depth]);
  const depths = far.sort((one, other) => one[0] - other[0]).map(([, depth]) => depth).slice(0, AROUND);
  lab.events.dispatchEvent(new CustomEvent("ask", { detail: { place: slider.data.place, depths } }));
}

// What the side bar itself says of that depth.
function follow(slider) {
  const part = (key) => {
    const name = `${slider.data.panel}/${key}`;
    return lab.parts.get(`${name}@${lab.nameOfFrame?.(name)}`)?.text;
  };
  slider.cost.textContent = part("cost") ?? "";
  relabel(part("train"));
}

// The button's text nodes stay (one for each width of the page): Streamlit's own would be lost with them.
function relabel(text) {
  if (text === undefined) return;
  document.querySelectorAll(".st-key-train button p, .st-key-again button p").forEach(({ firstChild: node }) => {
    if (node?.nodeType !== Node.TEXT_NODE) return;
    lab.labels ??= new Map();
    if (!lab.labels.has(node)) lab.labels.set(node, node.nodeValue);
    node.nodeValue = text;
  });
}

function restore() {
  lab.labels?.forEach((before, node) => (node.nodeValue = before));
  lab.labels = undefined;
}

// The slider has come to rest.
function rest(slider) {
  if (!slider.held && lab.drag?.slider !== slider) return;
  slider.held = false;
  if (lab.drag?.slider !== slider || lab.drag.released) return;
  lab.drag.released = performance.now();
  slider.told = Math.max(Date.now(), slider.told + 1);
  slider.tell("moved", { depth: depthOf(slider), number: slider.told });
}

export default function ({ data, parentElement, setTriggerValue }) {
  const slider = sliders.get(parentElement) ?? build(parentElement);
  sliders.set(parentElement, slider);
  const other = slider.data?.panel !== data.panel;
  Object.assign(slider, { data, tell: setTriggerValue });
  lab.events.addEventListener("part", slider.hear); // once, however often: it is the same function
  slider.range.max = data.depths.length - 1;
  slider.range.title = data.words.help;
  if (other) slider.asked = undefined; // what was drawn belongs to another bench
  const dragged = lab.drag?.slider === slider;
  if (dragged && (!lab.drag.released || data.heard < slider.told)) return; // an answer to an earlier move
  slider.range.value = data.depths.indexOf(data.depth);
  if (dragged) {
    lab.drag = undefined;
    slider.cost.textContent = "";
    restore();
    lab.events.dispatchEvent(new CustomEvent("drag"));
  }
  show(slider);
}
