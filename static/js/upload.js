// <upload-list>: sends the files of the form around it part by part, so that a broken line or a reload costs
// little. Its <template> holds the row of one file. Without this module the form sends them whole.
import "../vendor/tus-js-client/4.3.1/tus.min.js";
import { announce } from "./announce.js";

const { Upload, isSupported } = window.tus;
const PART_BYTES = 8 * 1024 * 1024;
const RETRY_MS = [0, 1000, 3000, 5000, 10000, 20000, 40000];

class UploadList extends HTMLElement {
  connectedCallback() {
    const form = this.closest("form");
    if (!isSupported || !form) return;
    form.addEventListener("submit", (event) => this.#submit(event, form));
  }

  #submit(event, form) {
    const input = form.querySelector("input[type=file]");
    if (!input.files.length) return; // the server says what is missing
    event.preventDefault();
    for (const file of input.files) this.append(this.#row(file, form).item);
    input.value = "";
    this.hidden = false;
    this.#next();
  }

  #row(file, form) {
    const item = this.querySelector("template").content.firstElementChild.cloneNode(true);
    const row = { item, file, form, list: this, upload: null };
    item.row = row;
    item.querySelector("[data-name]").textContent = file.name;
    item.querySelector("progress").setAttribute("aria-label", file.name);
    for (const button of item.querySelectorAll("button")) {
      button.querySelector("[data-file]").textContent = ` ${file.name}`;
      button.addEventListener("click", () => this.#press(row, button.dataset.press));
    }
    return row;
  }

  #press(row, what) {
    if (what === "cancel") return this.#cancel(row);
    if (what === "pause") {
      row.upload?.abort();
      this.#say(row, "paused");
      return this.#next();
    }
    this.#say(row, "waiting");
    return this.#next();
  }

  async #cancel(row) {
    try {
      await row.upload?.abort(true);
    } catch {
      // The server forgets what nobody continues.
    }
    row.item.remove();
    announce(this.#words("cancelled", row));
    this.#next();
  }

  // One file at a time: several at once would only share the same line.
  #next() {
    const rows = [...this.querySelectorAll("[data-state]")].map((item) => item.row);
    if (rows.some((row) => row.item.dataset.state === "sending")) return;
    const waiting = rows.find((row) => row.item.dataset.state === "waiting");
    if (waiting) this.#send(waiting);
    else if (rows.some((row) => row.item.dataset.state === "done") && rows.every((row) => row.item.dataset.state === "done"))
      location.reload(); // the attached files stand in the page again, with their hashes
  }

  async #send(row) {
    this.#say(row, "sending");
    row.upload ??= this.#upload(row);
    const earlier = await row.upload.findPreviousUploads();
    if (earlier.length && !row.upload.url) row.upload.resumeFromPreviousUpload(earlier[0]);
    if (row.item.dataset.state === "sending") row.upload.start();
  }

  #upload(row) {
    const data = new FormData(row.form);
    return new Upload(row.file, {
      endpoint: this.dataset.address,
      chunkSize: PART_BYTES,
      retryDelays: RETRY_MS,
      removeFingerprintOnSuccess: true,
      headers: { "X-CSRFToken": data.get("csrfmiddlewaretoken"), Accept: "application/json" },
      metadata: { filename: row.file.name, filetype: row.file.type, language: data.get("language") },
      onProgress: (sent, total) => this.#progress(row, sent, total),
      onSuccess: () => this.#end(row, "done"),
      onError: (error) => this.#end(row, "failed", reason(error)),
    });
  }

  #progress(row, sent, total) {
    row.item.querySelector("progress").value = sent / total;
    row.item.querySelector("[data-percent]").textContent = `${Math.floor((100 * sent) / total)} %`;
  }

  #end(row, state, why = "") {
    this.#say(row, state, why);
    this.#next();
  }

  #say(row, state, why = "") {
    row.item.dataset.state = state;
    row.item.querySelector("[data-says]").textContent = [this.dataset[state], why].filter(Boolean).join(" ");
    row.item.querySelector("[data-press=pause]").hidden = !["sending", "waiting"].includes(state);
    row.item.querySelector("[data-press=resume]").hidden = !["paused", "failed"].includes(state);
    row.item.querySelector("[data-press=cancel]").hidden = state === "done";
    if (state !== "waiting") announce([this.#words(state, row), why].filter(Boolean).join(" "));
  }

  #words(state, row) {
    return `${row.file.name}: ${this.dataset[state]}`;
  }
}

// The service's own words, where it gave any.
function reason(error) {
  try {
    const problem = JSON.parse(error.originalResponse.getBody());
    return [problem.detail, problem.remedy].filter(Boolean).join(" ");
  } catch {
    return "";
  }
}

customElements.define("upload-list", UploadList);
