// <lineage-graph>: draws the list inside it as threads that run from what was used to what was made.
// The list stays in the page (folded) as the accessible form; without this module, and on a phone, it simply stays open.
import { Graph, layout } from "../vendor/dagre/3.1.3/dagre.esm.js";
import { foldAway, svg } from "./drawing.js";
import { watchEdges } from "./edges.js";
import { readNodes } from "./lineage-list.js";

const BOX = { width: 216, height: 64 };
const MARK = 44;
const SPACE = { nodesep: 24, ranksep: 72, marginx: 24, marginy: 24 };
const TEXT = 66; // where texts begin
const WIDE = matchMedia("(min-width: 40rem)");

class LineageGraph extends HTMLElement {
  connectedCallback() {
    const list = this.querySelector("ul");
    if (!list || this.querySelector(".lineage-view")) return;
    if (!WIDE.matches) {
      WIDE.addEventListener("change", () => this.isConnected && this.connectedCallback(), { once: true });
      return;
    }
    const nodes = readNodes(list);
    if (nodes.length < 2) return;
    const view = document.createElement("div");
    view.className = "lineage-view";
    view.setAttribute("role", "group");
    view.setAttribute("aria-label", this.dataset.label);
    view.append(draw(nodes, arrange(nodes)));
    view.addEventListener("keydown", (event) => this.#step(event, nodes));
    view.addEventListener("focusin", (event) => light(view, event.target.closest("[data-id]")?.dataset.id));
    view.addEventListener("pointerover", (event) => light(view, event.target.closest("[data-id]")?.dataset.id));
    foldAway(list, this.dataset.listLabel, this);
    this.prepend(view);
    reveal(view, nodes.find((node) => node.here));
    fitTitles(view);
    document.fonts.ready.then(() => fitTitles(view));
    watchEdges(view);
  }

  // Along a thread: with the reading direction to what was made, against it to what was used; up and down to siblings.
  #step(event, nodes) {
    const at = nodes.find((node) => node.id === event.target.closest("[data-id]")?.dataset.id);
    const next = at && neighbour(at, nodes, event.key);
    if (!next) return;
    event.preventDefault();
    this.querySelector(`.lineage-view [data-id="${CSS.escape(next.id)}"]`)?.focus();
  }
}

// As little as shows the whole box. By hand, because scrollIntoView would move the page as well.
function reveal(view, node) {
  if (!node) return;
  view.scrollLeft = Math.max(0, node.x + BOX.width / 2 + SPACE.marginx - view.clientWidth);
  view.scrollTop = Math.max(0, node.y + BOX.height / 2 + SPACE.marginy - view.clientHeight);
}

// Measured, because letters differ in width: half the alphabet fits where the other half does not.
function fitTitles(view) {
  for (const text of view.querySelectorAll(".lineage-title")) {
    const letters = [...text.dataset.whole];
    text.textContent = text.dataset.whole;
    while (letters.length > 1 && text.getComputedTextLength() > BOX.width - TEXT - 12) {
      letters.pop();
      text.textContent = `${letters.join("").trimEnd()}…`;
    }
  }
}

function neighbour(at, nodes, key) {
  const made = nodes.find((node) => node.parents.includes(at.id));
  const used = nodes.find((node) => at.parents.includes(node.id));
  const column = nodes.filter((node) => Math.abs(node.x - at.x) < 1).sort((a, b) => a.y - b.y);
  const row = column.indexOf(at);
  return { ArrowRight: made, ArrowLeft: used, ArrowDown: column[row + 1], ArrowUp: column[row - 1] }[key];
}

function arrange(nodes) {
  const graph = new Graph().setGraph({ rankdir: "LR", ...SPACE }).setDefaultEdgeLabel(() => ({}));
  for (const node of nodes) graph.setNode(node.id, { ...BOX });
  for (const node of nodes) for (const parent of node.parents) graph.setEdge(parent, node.id);
  layout(graph);
  for (const node of nodes) Object.assign(node, { x: graph.node(node.id).x, y: graph.node(node.id).y });
  return graph;
}

function draw(nodes, graph) {
  const { width, height } = graph.graph();
  const edges = graph.edges().map((edge) => {
    const path = svg("path", { class: "lineage-edge", d: thread(route(edge, graph)) });
    Object.assign(path.dataset, { source: edge.v, target: edge.w });
    return path;
  });
  return svg("svg", { width, height, viewBox: `0 0 ${width} ${height}` }, [...edges, ...nodes.map(drawNode)]);
}

// From the middle of one side to the middle of the other, through dagre's lanes between the columns.
function route(edge, graph) {
  const source = graph.node(edge.v);
  const target = graph.node(edge.w);
  // A thread between neighbouring columns has one point of its own, which would only put a kink into it.
  const points = graph.edge(edge).points.slice(1, -1);
  const lanes = points.length > 1 ? points : [];
  return [{ x: source.x + BOX.width / 2, y: source.y }, ...lanes, { x: target.x - BOX.width / 2, y: target.y }];
}

// Threads hang in the middle of their span, like yarn, instead of breaking at dagre's bend points.
function thread(points) {
  const [first, ...rest] = points;
  let path = `M${first.x} ${first.y}`;
  let from = first;
  for (const to of rest) {
    const middle = (from.x + to.x) / 2;
    path += `C${middle} ${from.y} ${middle} ${to.y} ${to.x} ${to.y}`;
    from = to;
  }
  return path;
}

function drawNode(node) {
  const left = node.x - BOX.width / 2;
  const top = node.y - BOX.height / 2;
  const mark = node.mark?.cloneNode(true);
  for (const [name, value] of Object.entries({ x: 10, y: 10, width: MARK, height: MARK })) mark?.setAttribute(name, value);
  const title = svg("text", { class: "lineage-title", x: TEXT, y: 28, "data-whole": node.title });
  // Its name is the text one sees; what the box has no room for is the description.
  const place = { href: node.url, transform: `translate(${left} ${top})`, "aria-description": `${node.title}, ${node.kind}` };
  const element = svg("a", { class: "lineage-node", ...place }, [
    svg("rect", { class: "lineage-box", ...BOX, rx: 2 }),
    ...(mark ? [mark] : []),
    title,
    " ",
    svg("text", { class: "lineage-kind", x: TEXT, y: 48 }, [node.tierWord || node.kind]),
    ...(node.swatch ? [swatch(node)] : []),
  ]);
  element.dataset.id = node.id;
  if (node.tier) element.dataset.tier = node.tier;
  if (node.here) element.dataset.here = "";
  return element;
}

function swatch(node) {
  const copy = node.swatch.cloneNode(true);
  copy.setAttribute("x", BOX.width - 28);
  copy.setAttribute("y", 36);
  return copy;
}

function light(view, id) {
  for (const edge of view.querySelectorAll(".lineage-edge")) {
    edge.toggleAttribute("data-near", Boolean(id) && (edge.dataset.source === id || edge.dataset.target === id));
  }
}

customElements.define("lineage-graph", LineageGraph);
