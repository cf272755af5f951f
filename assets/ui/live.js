// News of what the page shows, past Streamlit's reruns: one socket a page, over which changed parts of its panels come.
// A part is kept under its panel and key, for charts and players; one of HTML goes to the element that names it.

const lab = (window.resnetLab ??= { parts: new Map(), events: new EventTarget() });
const SILENCE = 13000; // milliseconds: the server says something every five seconds
const SPREAD = 1500; // milliseconds over which pages are drawn anew that had the same news
const PATIENCE = 15000; // milliseconds after which a page that was to be drawn anew is asked again
let [socket, timer, tries] = [undefined, undefined, 0];
let page; // what Streamlit gave last: panels, and a way to draw the page anew
let asked = 0; // when the page was last to be drawn anew

function address() {
  const url = new URL("live", location.href.split(/[?#]/)[0]);
  url.protocol = url.protocol.replace("http", "ws");
  return url.href;
}

function subscribe() {
  const panels = Object.fromEntries(Object.entries(page.panels).map(([token, { at }]) => [token, at]));
  if (socket?.readyState === WebSocket.OPEN) socket.send(JSON.stringify({ panels }));
}

function connect() {
  clearTimeout(timer);
  socket = new WebSocket(address());
  socket.onopen = () => ((tries = 0), subscribe(), watch());
  socket.onmessage = ({ data }) => (watch(), hear(JSON.parse(data)));
  socket.onclose = () => {
    clearTimeout(timer);
    tries += 1;
    if (tries === 3) rerun(); // no socket gets through: at least the page comes up to date now and then
    timer = setTimeout(connect, Math.min(500 * 2 ** tries, 10000) * (0.5 + Math.random() / 2));
  };
}

// A network that is gone closes nothing: silence does.
function watch() {
  clearTimeout(timer);
  const present = socket;
  timer = setTimeout(() => {
    present.onclose();
    present.onclose = present.onmessage = null;
    present.close();
  }, SILENCE);
}

function hear({ panels }) {
  Object.entries(panels).forEach(([token, { at, content, lost }]) => {
    if (!page.panels[token]) return;
    if (lost) return rerun();
    Object.entries(content).forEach(([key, text]) => take(token, at, key, text));
  });
}

function take(token, at, key, text) {
  if (key.startsWith("!")) {
    if (page.panels[token].told[key] !== text) rerun();
    return;
  }
  const name = `${token}/${key}`;
  lab.parts.set(name, { at, text });
  document.querySelectorAll(`[data-live="${name.split("@")[0]}"]`).forEach(fill);
  lab.events.dispatchEvent(new CustomEvent("part", { detail: { name, at, text } }));
}

// The name of the frame at which a part is looked at: where a depth is dragged, or a step; undefined for neither.
// A part that was drawn after the drag's end, `born`, shows it already.
lab.nameOfFrame = (part, born = 0) => {
  const [panel, key] = part.split("/");
  const step = lab.frame && page.panels[lab.frame.panel] ? lab.frame.frame : "0";
  const { place, depth, released } = lab.drag ?? {};
  if (lab.drag && page.panels[panel]?.moving.includes(key) && !(released < born)) return `${place}-${depth}-${step}`;
  return lab.frame?.panel === panel ? lab.frame.frame : undefined; // the player may be here before its panel is known
};

// HTML that the page shows: the text of the frame that is looked at, or the only one.
function fill(element) {
  const name = element.dataset.live;
  const at = lab.nameOfFrame(name);
  const frame = at && lab.parts.get(`${name}@${at}`);
  const part = frame || lab.parts.get(name);
  if (part && element.innerHTML !== part.text) element.innerHTML = part.text;
  // A frame that is not computed yet is not shown as if it were this one.
  const awaited = at?.includes("-") || (at && away() && framed(name));
  element.style.opacity = awaited && !frame ? 0.15 : "";
}

function framed(name) {
  return [...lab.parts.keys()].some((key) => key.startsWith(`${name}@`));
}

// Whether another step is looked at than the page itself was drawn for.
function away() {
  return page.panels[lab.frame?.panel] !== undefined && lab.frame.frame !== lab.frame.drawn;
}

function fillAll() {
  document.querySelectorAll("[data-live]").forEach(fill);
  document.querySelectorAll('[class*="st-key-still"]').forEach(({ style }) => (style.opacity = away() ? 0.15 : ""));
}

lab.events.addEventListener("frame", fillAll);
lab.events.addEventListener("drag", fillAll);
lab.events.addEventListener("ask", ({ detail }) => {
  const step = Number(lab.frame && page.panels[lab.frame.panel] ? lab.frame.frame : 0);
  if (socket?.readyState === WebSocket.OPEN) socket.send(JSON.stringify({ drag: { ...detail, step } }));
});

function rerun() {
  if (Date.now() - asked < PATIENCE) return;
  asked = Date.now();
  setTimeout(() => page.setTriggerValue("news", asked), Math.random() * SPREAD);
}

export default function ({ data, setTriggerValue }) {
  const before = page;
  page = { panels: data.panels, setTriggerValue };
  document.documentElement.lang = data.language; // for screen readers, hyphens and the choice of Chinese letters
  asked = 0; // this is the page drawn anew
  const gone = [...lab.parts.keys()].filter((name) => !data.panels[name.split("/")[0]]);
  gone.forEach((name) => lab.parts.delete(name));
  if (!socket) connect();
  else if (JSON.stringify(before?.panels) !== JSON.stringify(data.panels)) subscribe();
}
