// The row of sections scrolls on a phone: it shows the section one is in, and fades where it goes on.
import { watchEdges } from "./edges.js";

for (const list of document.querySelectorAll(".nav-list")) {
  // By hand, because scrollIntoView would move the page as well.
  const here = list.querySelector("[aria-current]")?.getBoundingClientRect();
  const row = list.getBoundingClientRect();
  if (here) list.scrollLeft += here.left + here.width / 2 - (row.left + row.width / 2);
  watchEdges(list);
}
