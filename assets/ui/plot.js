// Draws a Plotly figure and keeps its node by the chart's key: zoom and hidden curves survive every update, also when
// Streamlit takes the component off the page and puts it back, as it does when a click meets a running fragment.
// Streamlit calls the default export for each new figure and for each change of the theme.

const lab = (window.resnetLab ??= { parts: new Map(), events: new EventTarget() }); // what assets/ui/live.js keeps
const charts = new Map(); // key -> {node, data, hidden}
const KEPT = 5000; // milliseconds a chart outlives its place on the page
const COMPACT = 500; // pixels: in a narrower place the names of curves stand below the plot, not beside it
const REST = 150; // milliseconds after which a drag or a playback has come to rest
const ROW = 20; // pixels from one row of names, or of an axis title, to the next
const pen = document.createElement("canvas").getContext("2d");
const observer = new ResizeObserver((entries) => entries.forEach(({ target }) => resize(target)));
let loading;

// Every page lies in the folder of the app, whatever a proxy has put before it.
function address(name) {
  return new URL(name, location.href.split(/[?#]/)[0]).href;
}

function load(name) {
  loading ??= new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = address(name);
    script.onload = () => resolve(window.Plotly);
    script.onerror = () => {
      loading = undefined; // the next figure tries again
      reject(new Error(`cannot load ${script.src}`));
    };
    document.head.append(script);
  });
  return loading;
}

function theme(node) {
  const style = getComputedStyle(node);
  const read = (name) => style.getPropertyValue(`--st-${name}`).trim();
  const text = read("text-color");
  const axis = {
    gridcolor: read("border-color-light"),
    linecolor: read("border-color"),
    zerolinecolor: read("border-color"),
    tickfont: { color: text },
    title: { font: { color: text } },
  };
  return {
    layout: {
      font: { color: text, family: read("font") },
      xaxis: axis,
      yaxis: axis,
      coloraxis: { colorbar: { outlinewidth: 0 } },
      hoverlabel: {
        bgcolor: read("secondary-background-color"),
        bordercolor: read("border-color"),
        font: { color: text, family: read("font") },
      },
      legend: { bgcolor: "rgba(0,0,0,0)" },
      modebar: { bgcolor: "rgba(0,0,0,0)", color: read("gray-color"), activecolor: read("primary-color") },
    },
  };
}

// Plotly looks a trace up by ".<uid>", so only letters and digits will do.
function identifier(name) {
  return "t" + Array.from(name, (letter) => letter.codePointAt(0).toString(16)).join("z");
}

// The label at the end of a curve stands for the legend: a click on it hides the curve or shows it again.
function hide(figure, hidden) {
  figure.data.forEach((trace) => {
    if (hidden.has(trace.legendgroup)) trace.visible = false;
  });
  figure.layout.annotations?.forEach((label) => {
    if (hidden.has(label.name)) Object.assign(label, { opacity: 0.45, text: `<s>${label.text}</s>` });
  });
}

function toggle(chart, name) {
  if (!chart.hidden.delete(name)) chart.hidden.add(name);
  draw(chart, window.Plotly);
}

function lengthOf(text, font) {
  pen.font = font;
  return pen.measureText(text.replace(/<[^>]*>/g, "")).width;
}

function merge(target, patch) {
  Object.entries(patch).forEach(([name, value]) => {
    const whole = Array.isArray(value) || typeof value !== "object" || value === null;
    target[name] = whole ? value : merge({ ...target[name] }, value);
  });
  return target;
}

// Words with the blanks behind them; a line may also end between Chinese letters, which hold on to their signs.
const WORDS = /[\u4e00-\u9fff（“][，。；：！？、）”]*\s*|[^\s\u4e00-\u9fff（“]+\s*/g;

function wrap(text, room, font) {
  const lines = [];
  (text.match(WORDS) ?? [text]).forEach((word) => {
    const longer = lines.length ? lines.at(-1) + word : word;
    if (lines.length && lengthOf(longer.trimEnd(), font) <= room) lines[lines.length - 1] = longer;
    else lines.push(word);
  });
  return lines.map((line) => line.trimEnd());
}

// An axis title longer than its axis would be cut or run into the next one: it gets more lines. Returns how many more
// the titles below the plot have at most.
function fitTitles(layout, family) {
  const { l, r, t, b } = layout.margin ?? { l: 80, r: 80, t: 100, b: 80 };
  let more = 0;
  Object.entries(layout).forEach(([name, axis]) => {
    if (!/^[xy]axis/.test(name) || !axis.title?.text) return;
    const [from, to] = axis.domain ?? [0, 1];
    const room = (to - from) * (name[0] === "x" ? layout.width - l - r : layout.height - t - b);
    const lines = wrap(axis.title.text, Math.max(room, 100), `${axis.title.font?.size ?? 14}px ${family}`);
    axis.title = { standoff: 8, ...axis.title, text: lines.join("<br>") };
    if (name[0] === "x") more = Math.max(more, lines.length - 1);
  });
  return more;
}

// The names at the ends of curves, top first, in rows below the plot.
function namesBelow(layout, family) {
  const names = (layout.annotations ?? []).filter((label) => label.name).reverse();
  if (!names.length) return;
  layout.margin = { ...layout.margin, r: 12 };
  let [x, row] = [0, 0];
  names.forEach((label) => {
    const wide = lengthOf(label.text, `bold ${label.font?.size ?? 12}px ${family}`) + 16;
    if (x && x + wide > layout.width) [x, row] = [0, row + 1];
    const place = { x: 0, xref: "paper", xanchor: "left", y: 0, yref: "paper", yanchor: "top" };
    Object.assign(label, place, { xshift: x - layout.margin.l, yshift: -layout.margin.b - row * ROW });
    x += wide;
  });
  layout.margin.b += (row + 1) * ROW + 8;
  layout.height += (row + 1) * ROW + 8;
}

function fit(layout, family) {
  const compact = layout.width < COMPACT;
  if (compact) merge(layout, layout.meta?.compact ?? {});
  const more = fitTitles(layout, family) * ROW;
  if (more) layout.margin = { ...layout.margin, b: layout.margin.b + more };
  layout.height += more;
  if (compact) namesBelow(layout, family);
}

// A teacher's mode names a scale: type, lines, marks and the room around the plot grow by it.
function scaleOf(node) {
  return Number(getComputedStyle(node).getPropertyValue("--resnet-scale")) || 1;
}

function enlarge(part, scale, within = "") {
  const grown = { line: ["width"], marker: ["size"], error_y: ["thickness", "width"], margin: ["l", "r", "t", "b"] };
  const names = /font$/.test(within) ? ["size"] : (grown[within] ?? (within === "annotations" ? ["xshift", "yshift"] : []));
  names.filter((name) => Number.isFinite(part[name])).forEach((name) => (part[name] *= scale));
  Object.entries(part).forEach(([name, value]) => {
    const list = ["annotations", "shapes"].includes(name) && Array.isArray(value) ? value : [value];
    list.filter((one) => one && typeof one === "object" && !Array.isArray(one)).forEach((one) => enlarge(one, scale, name));
  });
}

// Lays what differs over a figure, as `charts.frames.laid_over` does: parts of a list by their place, null takes away.
function over(base, change) {
  const part = (value) => value !== null && typeof value === "object" && !Array.isArray(value);
  if (Array.isArray(base) && part(change)) return base.map((value, place) => over(value, change[place] ?? {}));
  if (!part(base) || !part(change)) return change;
  const laid = { ...base };
  Object.entries(change).forEach(([name, value]) => {
    if (value === null) delete laid[name];
    else laid[name] = over(base[name], value);
  });
  return laid;
}

// The figure at the step, or for the depth, that is looked at, where the chart has frames; undefined while that frame is
// not here yet. A cursor stands at the step in any case.
function figureOf({ data: { live, figure }, born }) {
  const drawn = JSON.parse(figure);
  const frame = live ? lab.nameOfFrame?.(live, born) : undefined;
  if (frame === undefined) return drawn;
  const [base, change] = [lab.parts.get(`${live}@`), lab.parts.get(`${live}@${frame}`)];
  if (frame.includes("-")) return change && JSON.parse(change.text); // of a depth: whole
  if (base && change) return over(JSON.parse(base.text), JSON.parse(change.text));
  (drawn.layout.meta?.cursor ?? []).forEach((place) => {
    Object.assign(drawn.layout.shapes[place], { x0: Number(frame), x1: Number(frame) });
  });
  return drawn;
}

// A frame that is still measured: the last picture fades, and says so; it is never shown as if it were the one.
function fade(chart, waits) {
  const { node } = chart;
  const note = node.parentElement?.querySelector(".resnet-waits");
  node.style.opacity = waits ? 0.12 : "";
  if (!waits) return note?.remove();
  const panel = chart.data.live.split("/")[0];
  const error = lab.parts.get(`${panel}/error@${lab.nameOfFrame(chart.data.live, chart.born)}`)?.text;
  const shown = note ?? node.parentElement?.appendChild(document.createElement("div"));
  if (shown) Object.assign(shown, { className: "resnet-waits", textContent: error ?? lab.drag.words.measuring });
}

// A cursor's line is moved at once, and drawn as Plotly does it when it rests: that takes as long as a frame.
function moveCursor(chart) {
  const { node } = chart;
  const [place, { meta, shapes }] = [Number(lab.frame.frame), node.layout];
  meta.cursor.forEach((number) => {
    const axis = node._fullLayout[shapes[number].xref.replace("x", "xaxis")];
    const line = node.querySelector(`.shapelayer path[data-index="${number}"]`);
    line?.setAttribute("transform", `translate(${axis.l2p(place) - axis.l2p(shapes[number].x0)}, 0)`);
  });
  clearTimeout(chart.resting);
  chart.resting = setTimeout(() => {
    const ends = meta.cursor.flatMap((number) => ["x0", "x1"].map((end) => [`shapes[${number}].${end}`, place]));
    if (node.isConnected) window.Plotly.relayout(node, Object.fromEntries(ends));
  }, REST);
}

function background(node) {
  return getComputedStyle(node).getPropertyValue("--st-background-color").trim();
}

// Whether exactly this is on screen already: after a drag Python sends what the last frame has shown.
function same(chart, figure) {
  const { node, hidden, data } = chart;
  const place = [node.clientWidth, data.height, scaleOf(node), background(node), JSON.stringify(theme(node)), ...hidden];
  const look = [...place, JSON.stringify(figure)].join("\n");
  const equal = chart.look === look && node._fullLayout !== undefined;
  chart.look = look;
  return equal;
}

function draw(chart, Plotly) {
  const { node, data, hidden } = chart;
  chart.late = false;
  const figure = figureOf(chart);
  fade(chart, !figure);
  if (!figure || same(chart, figure)) return;
  node.style.minWidth = `${figure.layout.meta?.least ?? 0}px`; // its place scrolls sideways
  if (scaleOf(node) !== 1) [...figure.data, figure.layout].forEach((part) => enlarge(part, scaleOf(node)));
  const width = node.clientWidth;
  if (!width) return; // in a closed tab or popover: the observer draws when there is room
  // A curve is known by its name: hiding one does not hide another when nets come and go.
  figure.data.forEach((trace, index) => (trace.uid ??= identifier(trace.name ?? String(index))));
  hide(figure, hidden);
  legible(figure, background(node));
  const layout = { uirevision: "kept", ...figure.layout, width, height: data.height, template: theme(node) };
  layout.paper_bgcolor = background(node); // for the PNG too
  layout.plot_bgcolor = "rgba(0,0,0,0)";
  fit(layout, layout.template.layout.font.family);
  chart.height = layout.height;
  if (node.parentElement) node.parentElement.style.height = `${layout.height}px`;
  const drawn = Plotly.react(node, figure.data, layout, {
    displaylogo: false,
    showSendToCloud: false, // on by default in plotly.js 4: a button that uploads the chart
    plotlyServerURL: "",
    responsive: false,
    modeBarButtonsToRemove: ["select2d", "lasso2d", "autoScale2d"],
    modeBarButtonsToAdd: [svgButton(chart)],
    toImageButtonOptions: { format: "png", filename: data.file, scale: 2 },
  });
  drawn.then(() => reach(chart, layout, (name) => toggle(chart, name)));
  if (!chart.listens) {
    node.on("plotly_clickannotation", ({ annotation }) => toggle(chart, annotation.name));
    node.on("plotly_click", ({ points }) => pick(chart, points[0]?.customdata));
  }
  chart.listens = true;
}

// A point that stands for something can be opened, where the page asks for it.
function pick(chart, what) {
  if (chart.data.picks && what) chart.tell("picked", what);
}

// Beside Plotly's own button for a PNG. The same object at each drawing: with another one Plotly begins a new chart.
function svgButton(chart) {
  if (chart.svg?.title === chart.data.svg) return chart.svg;
  const size = ({ clientWidth, clientHeight }) => ({ width: clientWidth, height: clientHeight });
  const how = (node) => ({ format: "svg", filename: chart.data.file, ...size(node) });
  const click = (node) => window.Plotly.downloadImage(node, how(node));
  return (chart.svg = { name: "svg", title: chart.data.svg, icon: window.Plotly.Icons.disk, click });
}

function resize(node) {
  const chart = charts.get(node.dataset.key);
  if (window.Plotly && chart && node.clientWidth !== node.layout?.width) draw(chart, window.Plotly);
}

function chartOf(key) {
  if (!charts.has(key)) {
    const node = document.createElement("div");
    node.dataset.key = key;
    observer.observe(node);
    charts.set(key, { node, hidden: new Set() });
  }
  return charts.get(key);
}

function forget(chart) {
  if (chart.node.isConnected) return; // it has come back, or Streamlit calls this for an update that was overtaken
  observer.unobserve(chart.node);
  window.Plotly.purge(chart.node);
  if (charts.get(chart.node.dataset.key) === chart) charts.delete(chart.node.dataset.key);
}

// News of a figure: drawn at once, or when somebody looks again.
lab.events.addEventListener("part", ({ detail: { name, at, text } }) => {
  charts.forEach((chart) => {
    const { data, node } = chart;
    if (!data?.live) return;
    const panel = data.live.split("/")[0];
    const frame = lab.drag && lab.nameOfFrame?.(data.live, chart.born);
    const awaited = frame && [`${data.live}@${frame}`, `${panel}/error@${frame}`].includes(name);
    const newer = data.live === name && at > data.at;
    if (newer) chart.data = { ...data, figure: text, at };
    if (document.hidden) chart.late ||= newer;
    else if ((newer || awaited) && node.isConnected && window.Plotly) draw(chart, window.Plotly);
  });
});

// A depth is dragged, or no longer: one picture for each that the screen shows.
lab.events.addEventListener("drag", () => {
  charts.forEach((chart) => {
    if (!chart.data?.live || chart.due) return;
    chart.due = requestAnimationFrame(() => {
      chart.due = undefined;
      const frame = lab.nameOfFrame?.(chart.data.live, chart.born);
      if ((frame?.includes("-") || chart.dragged) && chart.node.isConnected && window.Plotly) draw(chart, window.Plotly);
      chart.dragged = frame?.includes("-");
    });
  });
});

// Another step is looked at.
lab.events.addEventListener("frame", ({ detail: { panel } }) => {
  charts.forEach((chart) => {
    const { node, data } = chart;
    if (!data?.live?.startsWith(`${panel}/`) || !node.isConnected || !node._fullLayout) return;
    if (lab.parts.has(`${data.live}@`)) draw(chart, window.Plotly);
    else if (node.layout.meta?.cursor) moveCursor(chart);
  });
});

document.addEventListener("visibilitychange", () => {
  charts.forEach((chart) => {
    if (!document.hidden && chart.late && window.Plotly) draw(chart, window.Plotly);
  });
});

export default async function ({ data, parentElement, setTriggerValue }) {
  const slot = parentElement.querySelector(".resnet-plot");
  const chart = chartOf(data.key);
  const news = lab.parts.get(data.live);
  if (news?.at > data.at) data = { ...data, figure: news.text, at: news.at };
  if (chart.data?.figure !== data.figure || chart.data?.live !== data.live) chart.born = performance.now();
  Object.assign(chart, { data, tell: setTriggerValue });
  slot.style.height = `${chart.height ?? data.height}px`; // nothing below jumps while the library loads
  if (chart.node.parentElement !== slot) slot.append(chart.node);
  const Plotly = await load(data.library);
  if (chart.data === data) draw(chart, Plotly); // else a later figure came first
  return () => setTimeout(() => forget(chart), KEPT);
}
