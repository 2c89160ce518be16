/* Draws the charts of a page from the figures that the page carries as JSON:

     <div class="plot" data-figure="times-figure" data-height="220" role="img" aria-labelledby="…">

   A figure names its colours as tokens, "var(--data-1)"; they are looked up here, again each time
   the theme changes. A chart is a picture: its caption and table say the same in words.

   The library takes a slow phone about a second, and each chart a tenth. So it comes with the first
   chart that is seen, one chart is drawn at a time with room for a tap between, and what is far
   away waits until somebody moves towards it. */

const TOKEN = /var\(\s*(--[\w-]+)\s*(?:,[^()]*)?\)/g;

const SOURCE = document.getElementById("charts").dataset.library;

const CONFIG = {
  displayModeBar: false,
  responsive: false, // redrawn below, once for all charts
  scrollZoom: false,
  doubleClick: false,
  showTips: false,
  showAxisDragHandles: false,
  staticPlot: true,
};

/* A custom property may hold light-dark(), so a colour is asked of an element that wears it. */
const swatch = document.createElement("span");
swatch.hidden = true;

function value(token) {
  if (!token.startsWith("--font")) {
    swatch.style.color = "";
    swatch.style.color = `var(${token})`;
    return getComputedStyle(swatch).color;
  }
  return getComputedStyle(document.documentElement).getPropertyValue(token).trim();
}

/* A copy of the figure in which every token stands for its value. */
function resolved(part, known = new Map()) {
  if (typeof part === "string") {
    return part.replace(TOKEN, (_, token) => {
      if (!known.has(token)) known.set(token, value(token));
      return known.get(token);
    });
  }
  if (Array.isArray(part)) return part.map((item) => resolved(item, known));
  if (part === null || typeof part !== "object") return part;
  return Object.fromEntries(Object.entries(part).map(([key, item]) => [key, resolved(item, known)]));
}

/* Dots on a regular grid shrink with a narrow screen, so that neighbours do not run into one. */
function fitted(data, { xaxis: axis, margin: { l = 0, r = 0 } = {} }, width) {
  const onGrid = ({ marker, x }) =>
    typeof marker?.size === "number" && x?.every((at) => typeof at === "number");
  const columns = [...new Set(data.filter(onGrid).flatMap(({ x }) => x))].sort((a, b) => a - b);
  const steps = columns.slice(1).map((at, i) => at - columns[i]);
  const step = Math.min(...steps);
  const regular = steps.every((wide) => Math.abs(wide / step - Math.round(wide / step)) < 0.01);
  if (!axis?.range || !regular || !steps.length) return data;
  const room = ((width - l - r) * step) / (axis.range[1] - axis.range[0]) - 0.4;
  return data.map((trace) => {
    if (!onGrid(trace)) return trace;
    const size = Math.max(2, Math.min(trace.marker.size, room * 0.8)); // its edge is the fifth
    const edge = { ...trace.marker.line, width: Math.min(trace.marker.line?.width ?? 0, size / 4) };
    return { ...trace, marker: { ...trace.marker, size, line: edge } };
  });
}

/* What all charts share; a figure's own wishes win, except for what would move under a thumb. */
function dressed({ data, layout = {} }, width, height) {
  const axes = {};
  for (const key of Object.keys(layout)) {
    if (/^[xy]axis\d*$/.test(key)) axes[key] = { ...layout[key], fixedrange: true };
  }
  const font = { family: "var(--font-ui)", size: 12.5, color: "var(--ink-2)", ...layout.font };
  return resolved({
    data: fitted(data, layout, width),
    layout: {
      showlegend: false,
      margin: { l: 0, r: 0, t: 8, b: 24, pad: 0 },
      ...layout,
      xaxis: { fixedrange: true },
      yaxis: { fixedrange: true },
      ...axes,
      font,
      width,
      height,
      autosize: false,
      dragmode: false,
      hovermode: false,
      paper_bgcolor: "rgba(0,0,0,0)",
      plot_bgcolor: "rgba(0,0,0,0)",
    },
  });
}

async function draw(place, width = place.clientWidth) {
  if (!place.clientWidth) return; // inside a fold that was closed meanwhile; seen when it opens
  const figure = JSON.parse(document.getElementById(place.dataset.figure).textContent);
  const { data, layout } = dressed(figure, width, place.clientHeight);
  await Plotly.react(place, data, layout, CONFIG);
  for (const child of place.children) child.setAttribute("aria-hidden", "true");
  place.classList.add("is-drawn");
}

/* Without the pictures, the tables say it all. */
function openTable(place) {
  place.classList.add("is-missing");
  const table = place.closest("figure, section, article")?.querySelector("details.as-table");
  if (table) table.open = true;
}

let arriving;
function library() {
  arriving ??= new Promise((arrived, missing) => {
    const script = document.createElement("script");
    script.src = SOURCE;
    script.addEventListener("load", arrived);
    script.addEventListener("error", missing);
    document.head.append(script);
  });
  return arriving;
}

const pause = () => globalThis.scheduler?.yield?.() ?? new Promise((done) => setTimeout(done));

/* What waits to be drawn, in the order in which it was seen. A set hands out what joins it. */
const waiting = new Set();
let drawing = false;

async function drawWaiting() {
  if (drawing) return;
  drawing = true;
  for (const place of waiting) {
    waiting.delete(place);
    try {
      await library();
      await pause();
      await draw(place);
    } catch {
      openTable(place);
    }
  }
  drawing = false;
}

const drawn = () => document.querySelectorAll(".plot.is-drawn");

/* What is drawn already is drawn again: in another theme, at another width. */
let onPaper = false;
function redraw() {
  if (onPaper) return;
  for (const place of drawn()) waiting.add(place);
  drawWaiting();
}

/* Paper is light, and about as wide for everybody. The browser waits for what is done at once. */
const PAPER = 660; // px of a sheet of A4 or letter, within its margins and those of a card
addEventListener("beforeprint", () => {
  const { theme } = document.documentElement.dataset;
  onPaper = true;
  document.documentElement.dataset.theme = "light";
  for (const place of drawn()) draw(place, PAPER);
  if (theme) document.documentElement.dataset.theme = theme;
  else delete document.documentElement.dataset.theme;
});
addEventListener("afterprint", () => {
  onPaper = false;
  redraw();
});

function watcher(margin) {
  const seen = (changes) => {
    for (const { target, isIntersecting } of changes) {
      if (!isIntersecting) continue;
      watching.unobserve(target);
      waiting.add(target);
    }
    drawWaiting();
  };
  return new IntersectionObserver(seen, { rootMargin: margin });
}

function watch() {
  for (const place of document.querySelectorAll("[data-figure]:not(.is-drawn, .is-missing)")) {
    watching.observe(place);
  }
}

/* At first only what is in view. Who moves on the page finds the next charts drawn. */
let watching = watcher("0px");
function ahead() {
  watching.disconnect();
  watching = watcher("100%");
  watch();
}

document.body.append(swatch);
watch();
for (const move of ["scroll", "pointerdown", "keydown"]) {
  addEventListener(move, ahead, { once: true, passive: true });
}
document.addEventListener("htmx:afterSettle", watch);
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", redraw);
matchMedia("(prefers-contrast: more)").addEventListener("change", redraw);
new MutationObserver(redraw).observe(document.documentElement, { attributeFilter: ["data-theme"] });

/* A chart follows the width of its place: a window that grows, a phone that is turned. */
const widths = new WeakMap();
const follow = new ResizeObserver((changes) => {
  for (const { target, contentRect } of changes) {
    if (widths.has(target) && widths.get(target) !== contentRect.width) redraw();
    widths.set(target, contentRect.width);
  }
});
for (const place of document.querySelectorAll("[data-figure]")) follow.observe(place);

/* The library is at hand before somebody moves, but in nobody's way while the page comes. */
addEventListener("load", () => {
  if (arriving || !document.querySelector("[data-figure]")) return;
  const ahead = { rel: "prefetch", as: "script", href: SOURCE };
  document.head.append(Object.assign(document.createElement("link"), ahead));
});
