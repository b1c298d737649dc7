// What both drawings share: SVG elements without markup strings, and folding the accessible form below the picture.
const SVG = "http://www.w3.org/2000/svg";

export function svg(name, attributes = {}, children = []) {
  const element = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  element.append(...children);
  return element;
}

// A link into the folded part unfolds it: browsers open <details> for a fragment by themselves.
export function foldAway(content, label, parent) {
  const details = document.createElement("details");
  details.className = "details";
  const summary = document.createElement("summary");
  summary.textContent = label;
  const body = document.createElement("div");
  body.className = "details-body";
  body.append(content);
  details.append(summary, body);
  parent.append(details);
}

// The colour a custom property has right now: light-dark() and var() are resolved only on a real element.
export function colour(property, within) {
  const probe = document.createElement("span");
  probe.style.color = `var(${property})`;
  within.append(probe);
  const value = getComputedStyle(probe).color;
  probe.remove();
  return value;
}
