// Tells which edges of a scrolled element hide more of it; the style sheet fades those (static/css/components/edges.css).
const SLACK = 2; // pixels: scroll positions are fractions on some screens

export function watchEdges(element) {
  const mark = () => {
    element.dataset.more = hidden(element).join(" ");
  };
  element.addEventListener("scroll", mark, { passive: true });
  new ResizeObserver(mark).observe(element);
  mark();
}

// From right to left the position counts down from zero.
function hidden(element) {
  const room = element.scrollWidth - element.clientWidth;
  const rtl = getComputedStyle(element).direction === "rtl";
  const left = rtl ? room + element.scrollLeft : element.scrollLeft;
  const below = element.scrollHeight - element.clientHeight - element.scrollTop;
  return [
    left > SLACK && "left",
    room - left > SLACK && "right",
    element.scrollTop > SLACK && "top",
    below > SLACK && "bottom",
  ].filter(Boolean);
}
