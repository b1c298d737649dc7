// <button data-copy="text">: copies the text, shows it for a moment and says it.
import { announce } from "./announce.js";

const SHOWN_MS = 2000;

async function copy(button) {
  try {
    await navigator.clipboard.writeText(button.dataset.copy);
  } catch {
    selectBeside(button); // no permission or no secure context: one key press is left to the reader
    return;
  }
  button.dataset.copied = "";
  announce(document.body.dataset.copiedText ?? "Copied");
  setTimeout(() => delete button.dataset.copied, SHOWN_MS);
}

function selectBeside(button) {
  const code = button.parentElement?.querySelector("code");
  if (!code) return;
  code.textContent = button.dataset.copy;
  getSelection()?.selectAllChildren(code);
}

document.addEventListener("click", (event) => {
  const button = event.target.closest?.("[data-copy]");
  if (button) copy(button);
});
