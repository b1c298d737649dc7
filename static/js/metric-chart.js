// <metric-chart>: draws the table inside it as lines over its first column; the table stays, folded, for everyone else.
import uPlot from "../vendor/uplot/1.6.32/uPlot.esm.js";
import { colour, foldAway } from "./drawing.js";

const HEIGHT = 280;
// Lines differ by dash as well as by dye.
const DYES = ["--action", "--attention", "--tier-local-only", "--good", "--quiet"];
const DASHES = [[], [8, 4], [2, 3], [12, 4, 2, 4], [5, 5]];

class MetricChart extends HTMLElement {
  #plot = null;
  #resize = new ResizeObserver(() => this.#plot?.setSize({ width: this.#holder.clientWidth, height: HEIGHT }));
  #holder = document.createElement("div");
  #redraw = () => this.#draw();

  connectedCallback() {
    const region = this.querySelector(".table-region");
    if (!region) return;
    this.table = region.querySelector("table");
    const title = document.createElement("p");
    title.className = "chart-title";
    title.textContent = this.table.caption.textContent;
    this.#holder.className = "chart-plot";
    this.#holder.setAttribute("aria-hidden", "true");
    foldAway(region, this.dataset.tableLabel, this);
    this.prepend(title, this.#holder);
    this.#draw();
    this.#resize.observe(this.#holder);
    document.documentElement.addEventListener("themechange", this.#redraw);
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", this.#redraw);
  }

  disconnectedCallback() {
    this.#resize.disconnect();
    document.documentElement.removeEventListener("themechange", this.#redraw);
    matchMedia("(prefers-color-scheme: dark)").removeEventListener("change", this.#redraw);
    this.#plot?.destroy();
  }

  #draw() {
    this.#plot?.destroy();
    const { names, columns, words } = readTable(this.table);
    this.#plot = new uPlot(
      {
        width: this.#holder.clientWidth,
        height: HEIGHT,
        scales: { x: { time: false } },
        cursor: { y: false, points: { size: 8 } },
        legend: { markers: { width: 0, fill: (plot, index) => sample(plot.series[index]) } },
        // Without a pointer the legend tells the latest values.
        hooks: { ready: [(plot) => plot.setLegend({ idx: plot.data[0].length - 1 })] },
        axes: [this.#axis(names[0]), this.#axis(this.dataset.unit)],
        series: names.map((label, index) => ({ label, value: told(words[index]), ...(index && this.#line(index - 1)) })),
      },
      columns,
      this.#holder,
    );
  }

  #axis(label) {
    const line = colour("--rule", this);
    const face = getComputedStyle(this).fontFamily;
    return {
      label,
      stroke: colour("--ink-soft", this),
      font: `13px ${face}`,
      labelFont: `600 13px ${face}`,
      grid: { stroke: line, width: 1 },
      ticks: { stroke: line, width: 1 },
      values: (_, splits) => splits.map((split) => this.#written(split)),
    };
  }

  // As the page writes numbers; steps between ticks are sums of fractions, hence the rounding.
  #written(split) {
    return String(Number(split.toFixed(6))).replace(".", this.dataset.decimal ?? ".");
  }

  #line(index) {
    const which = index % DYES.length;
    return { stroke: colour(DYES[which], this), dash: DASHES[which], width: 2, spanGaps: false, points: { show: false } };
  }
}

// The legend says what the table says, word for word.
function told(words) {
  return (_plot, _value, _series, index) => words[index] ?? "–";
}

// A piece of the line itself, dashes included, as the background of its legend marker.
function sample(series) {
  const dye = series._stroke ?? series.stroke?.() ?? "transparent";
  if (!series.dash?.length) return dye;
  let at = 0;
  const stops = series.dash.map((length, index) => `${index % 2 ? "transparent" : dye} ${at}px ${(at += length)}px`);
  return `repeating-linear-gradient(to right, ${stops.join(", ")})`;
}

function readTable(table) {
  const names = [...table.tHead.rows[0].cells].map((cell) => cell.textContent.trim());
  const rows = [...table.tBodies[0].rows].map((row) => [...row.cells].map((cell) => number(cell.dataset.value)));
  const words = [...table.tBodies[0].rows].map((row) => [...row.cells].map((cell) => cell.textContent.trim()));
  const turned = (of) => names.map((_, index) => of.map((row) => row[index]));
  return { names, columns: turned(rows), words: turned(words) };
}

function number(text) {
  return text === "" || text === undefined ? null : Number(text);
}

customElements.define("metric-chart", MetricChart);
