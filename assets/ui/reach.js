// Makes a chart readable and reachable: words dark or light enough, a name for those who listen, and two stops for the
// keyboard, one for the chart's tools and one for its curves; arrow keys go on from there. Comes before plot.js.

const ENOUGH = 4.5; // contrast of words, WCAG 2.1
const NEXT = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 };

// As resnet.charts.ink does it.
function luminance(parts) {
  const [red, green, blue] = parts.map((part) => {
    const value = part / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(one, other) {
  const [low, high] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (high + 0.05) / (low + 0.05);
}

function partsOf(colour) {
  return /^#[0-9a-f]{6}$/i.test(colour) ? [1, 3, 5].map((at) => parseInt(colour.slice(at, at + 2), 16)) : undefined;
}

// The colour on the way to black, on a dark ground to white, that is the first to stand out enough.
function readable(colour, ground) {
  const [from, on] = [partsOf(colour), partsOf(ground)];
  if (!from || !on) return colour;
  const end = luminance(on) > 0.18 ? 0 : 255;
  for (let step = 0; step <= 40; step += 1) {
    const mixed = from.map((part) => Math.round(part + ((end - part) * step) / 40));
    if (contrast(mixed, on) >= ENOUGH) return `#${mixed.map((part) => part.toString(16).padStart(2, "0")).join("")}`;
  }
  return colour;
}

// All words of a figure that have a colour of their own.
function legible(figure, ground) {
  const mend = (font, on = ground) => {
    const shade = (colour) => (typeof colour === "string" ? readable(colour, on) : colour);
    if (font?.color) font.color = Array.isArray(font.color) ? font.color.map(shade) : shade(font.color);
  };
  figure.layout.annotations?.forEach(({ font, bgcolor }) => mend(font, bgcolor));
  figure.data.forEach(({ textfont }) => mend(textfont));
}

const MARKS = /^[●○■□◆◇▶▷★☆◀◁▲△✚✛]\s*/u; // resnet.charts.look.GLYPHS

function wordsOf(text) {
  return (text ?? "").replace(/<br>/g, " ").replace(/<[^>]*>/g, "").replace(/\s+/g, " ").trim();
}

// What the chart shows, for those who cannot see it: the sentence that goes with it, its axes, and its names.
function describe({ layout }, { words, said }) {
  const axes = (letter) => {
    const own = Object.entries(layout).filter(([name]) => name.startsWith(`${letter}axis`));
    return [...new Set(own.map(([, axis]) => wordsOf(axis.title?.text)))].filter(Boolean).join("; ");
  };
  const names = (layout.annotations ?? []).map(({ text }) => wordsOf(text).replace(MARKS, "")).filter(Boolean).join("; ");
  const parts = { x: axes("x"), y: axes("y"), names };
  const known = Object.keys(parts).filter((part) => parts[part]);
  const told = [said, ...known.map((part) => words[part].replace(`{${part}}`, parts[part]))].filter(Boolean);
  return told.join(" ") || words.chart;
}

// Of many buttons one is a stop of the Tab key; arrow keys lead to the others.
function rove(group, buttons) {
  const on = buttons.indexOf(group.ownerDocument.activeElement);
  const stop = Math.max(on, 0);
  buttons.forEach((button, place) => (button.tabIndex = place === stop ? 0 : -1));
  group.onkeydown = (event) => {
    const last = buttons.length - 1;
    const at = buttons.indexOf(event.target);
    const to = { Home: 0, End: last }[event.key] ?? (NEXT[event.key] && (at + NEXT[event.key] + last + 1) % (last + 1));
    if (at < 0 || to === undefined) return;
    event.preventDefault();
    event.stopPropagation(); // while one teaches, arrow keys of the page are those of the slides
    buttons.forEach((button, place) => (button.tabIndex = place === to ? 0 : -1));
    buttons[to].focus();
  };
}

// The curves that a click on their name hides, as buttons that are seen only while the keyboard is on them.
function listCurves(slot, names, words, isHidden, toggle) {
  const old = slot.querySelector(".resnet-curves");
  if (!names.length) return old?.remove();
  const group = old ?? slot.appendChild(document.createElement("div"));
  Object.assign(group, { className: "resnet-curves", role: "group", ariaLabel: words.curves });
  while (group.children.length > names.length) group.lastChild.remove();
  const buttons = names.map((name, place) => {
    const button = group.children[place] ?? group.appendChild(document.createElement("button"));
    Object.assign(button, { type: "button", textContent: name, ariaPressed: String(!isHidden(name)) });
    button.onclick = () => toggle(name);
    return button;
  });
  rove(group, buttons);
}

// After each drawing.
function reach({ node, data, hidden }, layout, toggle) {
  const [picture, ...others] = node.querySelectorAll(".main-svg, .gl-container");
  picture?.setAttribute("role", "img");
  picture?.setAttribute("aria-label", describe({ layout }, data));
  others.forEach((other) => other.setAttribute("aria-hidden", "true"));
  const tools = node.querySelector(".modebar");
  tools?.setAttribute("aria-label", data.words.tools);
  if (tools) rove(tools, [...tools.querySelectorAll(".modebar-btn")]);
  const curves = (layout.annotations ?? []).filter(({ captureevents, name }) => captureevents && name);
  const names = [...new Set(curves.map(({ name }) => name))];
  if (node.parentElement) listCurves(node.parentElement, names, data.words, (name) => hidden.has(name), toggle);
}
