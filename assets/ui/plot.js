// Draws a Plotly figure and keeps its node by the chart's key: zoom and hidden curves survive every update, also when
// Streamlit takes the component off the page and puts it back, as it does when a click meets a running fragment.
// Streamlit calls the default export for each new figure and for each change of the theme.

const charts = new Map(); // key -> {node, data, slot}
const KEPT = 5000; // milliseconds a chart outlives its place on the page
const observer = new ResizeObserver((entries) => entries.forEach(({ target }) => resize(target)));
let loading;

function load(address) {
  loading ??= new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = address;
    script.onload = () => resolve(window.Plotly);
    script.onerror = () => {
      loading = undefined; // the next figure tries again
      reject(new Error(`cannot load ${address}`));
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

function draw(chart, Plotly) {
  const { node, data, hidden } = chart;
  const width = node.clientWidth;
  if (!width) return; // in a closed tab or popover: the observer draws when there is room
  const figure = JSON.parse(data.figure);
  // A curve is known by its name: hiding one does not hide another when nets come and go.
  figure.data.forEach((trace, index) => (trace.uid ??= identifier(trace.name ?? String(index))));
  hide(figure, hidden);
  const layout = { uirevision: "kept", ...figure.layout, width, height: data.height, template: theme(node) };
  layout.paper_bgcolor = getComputedStyle(node).getPropertyValue("--st-background-color").trim(); // for the PNG too
  layout.plot_bgcolor = "rgba(0,0,0,0)";
  Plotly.react(node, figure.data, layout, {
    displaylogo: false,
    showSendToCloud: false, // on by default in plotly.js 4: a button that uploads the chart
    plotlyServerURL: "",
    responsive: false,
    modeBarButtonsToRemove: ["select2d", "lasso2d", "autoScale2d"],
    toImageButtonOptions: { format: "png", filename: data.file, scale: 2 },
  });
  if (!chart.listens) node.on("plotly_clickannotation", ({ annotation }) => toggle(chart, annotation.name));
  chart.listens = true;
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

export default async function ({ data, parentElement }) {
  const slot = parentElement.querySelector(".resnet-plot");
  const chart = chartOf(data.key);
  chart.data = data;
  slot.style.height = `${data.height}px`; // nothing below jumps while the library loads
  if (chart.node.parentElement !== slot) slot.append(chart.node);
  const Plotly = await load(data.library);
  if (chart.data === data) draw(chart, Plotly); // else a later figure came first
  return () => setTimeout(() => forget(chart), KEPT);
}
