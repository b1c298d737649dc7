// Runs before the first paint, so that a stored theme never flashes. A classic script on purpose: modules run too late.
(() => {
  const KEY = "tapestry-theme";
  const root = document.documentElement;

  function stored() {
    try {
      return localStorage.getItem(KEY) ?? "auto";
    } catch {
      return "auto"; // storage is blocked: the system's theme it is
    }
  }

  function apply(theme) {
    if (theme === "light" || theme === "dark") root.dataset.theme = theme;
    else delete root.dataset.theme;
    root.dispatchEvent(new CustomEvent("themechange"));
  }

  root.dataset.scripts = "";
  apply(stored());

  document.addEventListener("DOMContentLoaded", () => {
    for (const control of document.querySelectorAll("[data-theme-switch]")) {
      control.value = stored();
      control.addEventListener("change", () => {
        apply(control.value);
        try {
          localStorage.setItem(KEY, control.value);
        } catch {
          // the choice holds for this page only
        }
      });
    }
  });
})();
