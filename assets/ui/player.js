// A scrubber over recorded steps with a play button. The parts of the page that know frames follow its event; Python
// hears where it stands when it rests. The steps come as a part of the panel, more and more while runs go on.

const lab = (window.resnetLab ??= { parts: new Map(), events: new EventTarget() });
const [PACE, WHOLE] = [1000 / 18, 1000]; // milliseconds: of a frame, and of all of them at least
const SEEN = "resnet-film"; // in the tab's storage: whether the film has been shown
const STILL = matchMedia("(prefers-reduced-motion: reduce)");
const players = new WeakMap(); // root -> player

function build(root) {
  const [button, range, label] = ["button", "input", "output"].map((name) => root.querySelector(name));
  const player = { button, range, label, steps: [0], step: 0, timer: undefined };
  range.addEventListener("input", () => show(player, player.steps[range.valueAsNumber]));
  range.addEventListener("change", () => rest(player)); // with the keyboard at each key: see `rest`
  range.addEventListener("pointerdown", () => range.focus()); // Safari does not
  button.addEventListener("click", () => toggle(player));
  root.querySelector(".resnet-player").addEventListener("keydown", (event) => {
    if (event.key !== " " || event.target === button) return; // a button hears Space by itself
    event.preventDefault();
    toggle(player);
  });
  button.setAttribute("aria-keyshortcuts", "Alt+P");
  player.press = (event) => {
    if (!range.isConnected) return document.removeEventListener("keydown", player.press);
    if (event.code !== "KeyP" || !event.altKey || event.ctrlKey || event.metaKey || event.repeat) return;
    event.preventDefault();
    if (!button.disabled) toggle(player);
  };
  player.hear = ({ detail }) => {
    if (!range.isConnected) lab.events.removeEventListener("part", player.hear);
    else if (detail.name === `${player.data.panel}/steps@`) {
      list(player, JSON.parse(detail.text));
      begin(player);
    }
  };
  return player;
}

function list(player, steps) {
  player.steps = steps.length ? steps : [0];
  player.range.max = player.steps.length - 1;
  player.range.disabled = player.button.disabled = player.steps.length < 2;
  mark(player);
}

function nearest(player) {
  const far = player.steps.map((step) => Math.abs(step - player.step));
  return far.indexOf(Math.min(...far));
}

function mark(player) {
  const place = nearest(player);
  player.range.value = place;
  player.range.style.setProperty("--fill", `${(100 * place) / (player.range.max || 1)}%`);
  const { words, unit } = player.data;
  const text = words.step.replace("{step}", player.steps[place] / unit);
  player.label.textContent = text;
  player.range.setAttribute("aria-valuetext", text);
  player.range.setAttribute("aria-label", words.label);
  const [name, icon] = player.alone
    ? [words.skip, "▶❙"]
    : player.timer
      ? [words.pause, "❚❚"]
      : [STILL.matches ? words.next : words.play, "▶"];
  player.button.textContent = icon;
  player.button.title = name;
  player.button.setAttribute("aria-label", name);
}

function show(player, step) {
  player.step = step;
  mark(player);
  const detail = { panel: player.data.panel, frame: String(step), drawn: String(player.data.step) };
  lab.frame = detail;
  lab.events.dispatchEvent(new CustomEvent("frame", { detail }));
}

function toggle(player) {
  const last = player.steps.length - 1;
  if (player.alone) show(player, player.steps[last]);
  if (player.timer) return stop(player);
  if (STILL.matches) {
    show(player, player.steps[(nearest(player) + 1) % (last + 1)]);
    return rest(player);
  }
  play(player);
}

function play(player) {
  if (nearest(player) === player.steps.length - 1) show(player, player.steps[0]);
  const pace = Math.max(PACE, (1000 * player.data.seconds || WHOLE) / player.steps.length);
  player.timer = setInterval(() => advance(player), pace);
  mark(player);
}

// A film begins by itself, once in a visit, when its pictures have come.
function begin(player) {
  if (!player.data.once || STILL.matches || player.steps.length < 2 || player.step !== player.steps.at(-1)) return;
  if (!lab.parts.has(`${player.data.panel}/steps@`) || sessionStorage.getItem(SEEN)) return;
  sessionStorage.setItem(SEEN, "yes");
  player.alone = true;
  play(player);
}

function advance(player) {
  const place = nearest(player) + 1;
  if (place >= player.steps.length || !player.range.isConnected) return stop(player);
  show(player, player.steps[place]);
  if (place === player.steps.length - 1) stop(player);
}

function stop(player) {
  clearInterval(player.timer);
  player.timer = undefined;
  player.alone = false;
  mark(player);
  rest(player);
}

// Tell Python once the scrubber has come to rest: each message draws the whole page anew.
function rest(player) {
  clearTimeout(player.resting);
  player.resting = setTimeout(() => {
    if (player.timer || !player.range.isConnected || player.step === player.toldStep) return;
    player.toldStep = player.step;
    player.tell("step", { step: player.step, at: Date.now() });
  }, 300);
}

export default function ({ data, parentElement, setTriggerValue }) {
  const player = players.get(parentElement) ?? build(parentElement);
  players.set(parentElement, player);
  const other = player.data?.panel !== data.panel;
  player.data = data;
  player.tell = setTriggerValue;
  lab.events.addEventListener("part", player.hear); // once, however often: it is the same function
  document.addEventListener("keydown", player.press);
  const known = lab.parts.get(`${data.panel}/steps@`);
  const elsewhere = data.step !== player.seen && data.step !== player.toldStep; // a link, not our own words back
  if (other ? !player.timer : elsewhere) player.step = data.step;
  player.seen = data.step;
  list(player, known ? JSON.parse(known.text) : data.steps);
  if (lab.frame?.panel !== data.panel || lab.frame.frame !== String(player.step) || lab.frame.drawn !== String(data.step))
    show(player, player.step);
  begin(player);
}
