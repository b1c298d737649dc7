// <auto-save>: sends the form around it a moment after the last change and when its page is left, and says how it
// went. What can not be sent stays on the page and is tried again. Without this module the buttons save.
const QUIET_MS = 1500;
const SLOW_MS = 1000; // from when on it says that it is saving
const RETRY_MS = [3000, 10000, 30000];
const NO_ANSWERS = ["csrfmiddlewaretoken", "revision", "base", "clash"];

class SignedOut extends Error {}

class AutoSave extends HTMLElement {
  #form = null;
  #sent = ""; // the answers that the server has
  #timer = 0;
  #running = null;
  #failures = 0;
  #left = false;

  connectedCallback() {
    this.#form = this.closest("form");
    this.#sent = this.#written();
    this.hidden = false;
    this.#form.addEventListener("input", () => this.#soon(QUIET_MS));
    this.#form.addEventListener("change", () => this.#soon(QUIET_MS));
    this.#form.addEventListener("submit", (event) => this.#submit(event));
    // Leaving may be the last word; coming back may be from signing in elsewhere.
    document.addEventListener("visibilitychange", () => this.#save(document.hidden));
    addEventListener("online", () => this.#save());
    addEventListener("beforeunload", (event) => {
      if (this.#failures && !this.#left) event.preventDefault();
    });
    addEventListener("pageshow", (event) => {
      if (event.persisted) location.reload(); // what it shows may be older than what it saved
    });
  }

  #soon(after) {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#save(), after);
  }

  #written() {
    const answers = new FormData(this.#form);
    for (const name of NO_ANSWERS) answers.delete(name);
    return new URLSearchParams(answers).toString();
  }

  async #save(leaving = false) {
    if (this.#running) await this.#running;
    const written = this.#written();
    if (this.#left || this.#running || written === this.#sent) return;
    clearTimeout(this.#timer);
    if ([...this.#form.elements].some((field) => field.validity?.badInput)) return this.#say(this.dataset.incomplete);
    this.#running = this.#send(written, leaving);
    await this.#running;
    this.#running = null;
    if (this.#failures) this.#soon(RETRY_MS[Math.min(this.#failures, RETRY_MS.length) - 1]);
    else if (this.#written() !== this.#sent) this.#soon(QUIET_MS);
  }

  async #send(written, leaving) {
    const slow = setTimeout(() => this.#say(this.dataset.saving), SLOW_MS);
    try {
      const answer = await this.#post(leaving);
      const told = await answer.json();
      this.#failures = 0;
      this.#sent = written; // what was refused is not sent again before it changes
      if (answer.ok) this.#take(told);
      else this.#say(`${this.dataset.refused} ${[told.detail, told.remedy].filter(Boolean).join(" ")}`);
    } catch (error) {
      this.#failures += 1;
      const signedOut = error instanceof SignedOut;
      this.#say(signedOut ? this.dataset.signedOut : this.dataset.away, signedOut);
    } finally {
      clearTimeout(slow);
    }
  }

  async #post(leaving) {
    const answer = await this.#request("POST", leaving);
    if (answer.status !== 403) return answer;
    // Signing in gives a new token against forged requests: a fresh page holds it.
    const page = await (await this.#request("GET")).text();
    const token = new DOMParser().parseFromString(page, "text/html").querySelector("[name=csrfmiddlewaretoken]")?.value;
    if (!token) return answer;
    this.#form.elements.csrfmiddlewaretoken.value = token;
    return this.#request("POST");
  }

  async #request(method, keepalive = false) {
    const headers = { "X-Autosave": "1", Accept: method === "POST" ? "application/json" : "text/html" };
    const body = method === "POST" ? new FormData(this.#form) : undefined;
    const answer = await fetch(location.pathname, { method, body, headers, keepalive, redirect: "manual" });
    if (answer.type === "opaqueredirect") throw new SignedOut();
    if (answer.status >= 500) throw new Error(answer.statusText);
    return answer;
  }

  #take(told) {
    this.#form.elements.revision.value = told.revision;
    this.#form.elements.base.value = told.base;
    const chosen = this.#form.querySelector("[data-part=clashes] :checked");
    if (chosen && !told.clashes.length && this.#written() === this.#sent) {
      this.#left = true;
      location.reload(); // the fields show what was chosen
      return;
    }
    for (const [name, html] of Object.entries(told.parts)) this.#show(name, html);
    const time = new Date(told.saved_at).toLocaleTimeString(document.documentElement.lang, { timeStyle: "short" });
    this.#say(told.says.replace("{time}", time));
  }

  #show(name, html) {
    const part = this.#form.querySelector(`[data-part=${name}]`);
    if (part.dataset.shown === html) return;
    part.dataset.shown = html;
    part.innerHTML = html;
  }

  #say(text, signedOut = false) {
    const status = this.querySelector("[role=status]");
    if (status.textContent !== text) status.textContent = text;
    this.querySelector("a").hidden = !signedOut;
  }

  // Nobody shall clash with oneself: what is on its way arrives before the buttons save the rest.
  async #submit(event) {
    clearTimeout(this.#timer);
    if (!this.#running) {
      this.#left = true;
      return;
    }
    event.preventDefault();
    await this.#running;
    this.#form.requestSubmit(event.submitter);
  }
}

customElements.define("auto-save", AutoSave);
