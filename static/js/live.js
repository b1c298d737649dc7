// Fragments that htmx replaces carry data-announce="what changed"; only a changed text is spoken.
// A fragment polls as long as the server sends hx-trigger with it, so nothing here needs to stop it.
import { announce } from "./announce.js";

const spoken = new Map();

function speak(element) {
  const text = element.dataset.announce;
  if (!text || spoken.get(element.id) === text) return;
  spoken.set(element.id, text);
  announce(text);
}

document.addEventListener("htmx:afterSettle", (event) => {
  const fragment = event.detail.elt;
  if (fragment.dataset?.announce) speak(fragment);
  for (const element of fragment.querySelectorAll?.("[data-announce]") ?? []) speak(element);
});
