/* Draws every chart of a page from the figure that the page carries as JSON:

     <div class="plot" data-figure="weeks-figure" data-height="140" role="img" aria-labelledby="…">

   A figure names its colours as tokens, "var(--data-1)"; they are looked up here, again each time
   the theme changes. A chart is a picture: its caption and table say the same in words. */

const TOKEN = /var\(\s*(--[\w-]+)\s*(?:,[^()]*)?\)/g;

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
function fitted(trace, axis, width) {
  const { marker, x } = trace;
  if (typeof marker?.size !== "number" || !axis?.range || !x?.every((at) => typeof at === "number")) {
    return trace;
  }
  const columns = [...new Set(x)].sort((a, b) => a - b);
  const steps = columns.slice(1).map((at, i) => at - columns[i]);
  const step = Math.min(...steps);
  const regular = steps.every((wide) => Math.abs(wide / step - Math.round(wide / step)) < 0.01);
  if (!regular || !steps.length) return trace;
  const room = ((width * step) / (axis.range[1] - axis.range[0])) * 0.86;
  return { ...trace, marker: { ...marker, size: Math.max(3, Math.min(marker.size, room)) } };
}

/* What all charts share; a figure's own wishes win, except for what would move under a thumb. */
function dressed({ data, layout = {} }, place) {
  const axes = {};
  for (const key of Object.keys(layout)) {
    if (/^[xy]axis\d*$/.test(key)) axes[key] = { ...layout[key], fixedrange: true };
  }
  const font = { family: "var(--font-ui)", size: 12.5, color: "var(--ink-2)", ...layout.font };
  return resolved({
    data: data.map((trace) => fitted(trace, layout.xaxis, place.clientWidth)),
    layout: {
      showlegend: false,
      margin: { l: 0, r: 0, t: 8, b: 24, pad: 0 },
      ...layout,
      xaxis: { fixedrange: true },
      yaxis: { fixedrange: true },
      ...axes,
      font,
      width: place.clientWidth,
      height: place.clientHeight,
      autosize: false,
      dragmode: false,
      hovermode: false,
      paper_bgcolor: "rgba(0,0,0,0)",
      plot_bgcolor: "rgba(0,0,0,0)",
    },
  });
}

async function draw(place) {
  if (!place.clientWidth) return; // inside a closed fold; drawn when that opens
  const figure = JSON.parse(document.getElementById(place.dataset.figure).textContent);
  const { data, layout } = dressed(figure, place);
  await Plotly.react(place, data, layout, CONFIG);
  for (const child of place.children) child.setAttribute("aria-hidden", "true");
}

/* Without the pictures, the tables say it all. */
function openTables(places) {
  for (const place of places) {
    place.classList.add("is-missing");
    const table = place.closest("figure, section, article")?.querySelector("details.as-table");
    if (table) table.open = true;
  }
}

function drawAll() {
  const places = [...document.querySelectorAll("[data-figure]:not(.is-missing)")];
  if (!window.Plotly) return openTables(places);
  if (!swatch.isConnected) document.body.append(swatch);
  for (const place of places) draw(place).catch(() => openTables([place]));
}

let waiting;
const drawSoon = () => {
  cancelAnimationFrame(waiting);
  waiting = requestAnimationFrame(drawAll);
};

drawAll();
document.addEventListener("htmx:afterSettle", drawSoon);
document.addEventListener("toggle", ({ target }) => target.open && drawSoon(), true);
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", drawSoon);
matchMedia("(prefers-contrast: more)").addEventListener("change", drawSoon);
new MutationObserver(drawSoon).observe(document.documentElement, { attributeFilter: ["data-theme"] });

/* A chart follows the width of its place: a window that grows, a phone that is turned. */
const widths = new WeakMap();
const follow = new ResizeObserver((changes) => {
  for (const { target, contentRect } of changes) {
    if (widths.has(target) && widths.get(target) !== contentRect.width) drawSoon();
    widths.set(target, contentRect.width);
  }
});
for (const place of document.querySelectorAll("[data-figure]")) follow.observe(place);
