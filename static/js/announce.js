// One polite live region for the whole page: #announcer in base.html.
export function announce(text) {
  const region = document.getElementById("announcer");
  if (!region) return;
  // Emptied first, because a screen reader stays silent when the same words are set again.
  region.textContent = "";
  requestAnimationFrame(() => {
    region.textContent = text;
  });
}
