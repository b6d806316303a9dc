// People in front of a browser. Each has a profile of his own, and whatever the browser complains of is written down.
import { existsSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { chromium } from "playwright-core";
import { PATIENCE, until } from "./wait.js";

export const PICTURES = join(import.meta.dirname, "screenshots");
export const DESKTOP = { width: 1280, height: 800 };
export const PHONE = { width: 390, height: 844 };

const CHROMIUM = process.env.CHROMIUM ?? "/usr/bin/chromium";
const FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"];

/** No faults: nobody is signed in before signing in, a stream that one turns away from is broken off, and a HEAD has no body to come to the end of. */
const USUAL = [/^401 GET \/v1\/session$/, /^net::ERR_ABORTED GET \/v1\/\S*events$/, /^net::ERR_ABORTED HEAD \/$/];

export function launch() {
  if (!existsSync(CHROMIUM)) throw new Error(`There is no Chromium at ${CHROMIUM}: install Debian's chromium, or name one in CHROMIUM.`);
  return chromium.launch({ executablePath: CHROMIUM, args: FLAGS });
}

export class Visitor {
  complaints = [];
  expected = [...USUAL];

  /** @param {import("playwright-core").Browser} browser @param {string} url @param {import("playwright-core").BrowserContextOptions} options */
  static async comes(browser, url, options = {}) {
    const visitor = new Visitor();
    visitor.url = url;
    visitor.context = await browser.newContext({ viewport: DESKTOP, locale: "en-GB", timezoneId: "Europe/Berlin", ...options });
    visitor.context.setDefaultTimeout(PATIENCE);
    visitor.context.on("page", (page) => visitor.#listenTo(page));
    await visitor.#opensTab("/");
    return visitor;
  }

  async #opensTab(path) {
    this.page = await this.context.newPage();
    await this.page.goto(this.url + path);
  }

  /** Somebody who is signed in already has a second tab beside the first. */
  async inAnotherTab() {
    const other = Object.assign(Object.create(Visitor.prototype), this);
    other.page = await this.context.newPage();
    await other.page.goto(this.page.url());
    return other;
  }

  /** What this story provokes. @param {...RegExp} complaints */
  expects(...complaints) {
    this.expected.push(...complaints);
    return this;
  }

  /** @returns {string[]} */
  get faults() {
    return this.complaints.filter((complaint) => !this.expected.some((pattern) => pattern.test(complaint)));
  }

  /** @param {import("playwright-core").Page} page */
  #listenTo(page) {
    const complain = (text) => this.complaints.push(text.slice(0, 500));
    const told = (request) => {
      const { origin, pathname } = new URL(request.url());
      return `${request.method()} ${origin === this.url ? "" : origin}${pathname}`;
    };
    page.on("console", (message) => {
      if (!["error", "warning"].includes(message.type())) return;
      if (message.text().startsWith("Failed to load resource")) return; // told with more below
      complain(`console ${message.type()}: ${message.text()}`);
    });
    page.on("pageerror", (error) => complain(`page error: ${error.message}`));
    page.on("dialog", (dialog) => {
      complain(`dialog: ${dialog.message()}`);
      dialog.dismiss();
    });
    page.on("request", (request) => {
      if (!/^(data|blob):/.test(request.url()) && new URL(request.url()).origin !== this.url) complain(`elsewhere: ${told(request)}`);
    });
    page.on("response", (response) => {
      if (response.status() >= 400) complain(`${response.status()} ${told(response.request())}`);
    });
    page.on("requestfailed", (request) => {
      const why = request.failure()?.errorText;
      // The page or the story ended it itself, by a reload or by leaving a stream; what is blocked or broken says so in other words.
      if (why !== "net::ERR_ABORTED") complain(`${why} ${told(request)}`);
    });
  }

  async signsInWith(key) {
    await this.types("Access key", key);
    await this.presses("Sign in");
    await this.page.getByRole("navigation", { name: "Pages" }).waitFor();
    return this;
  }

  button(name, within = this.page) {
    return within.getByRole("button", { name, exact: true });
  }

  field(label, within = this.page) {
    return within.getByRole("textbox", { name: label }).or(within.getByLabel(label, { exact: true })).first();
  }

  async presses(name, within) {
    await this.button(name, within).click();
  }

  async types(label, text, within) {
    await this.field(label, within).fill(text);
  }

  async checks(label, within = this.page) {
    await within.getByLabel(label, { exact: true }).check();
  }

  async goesTo(page) {
    await this.page.getByRole("navigation", { name: "Pages" }).getByRole("link", { name: page }).click();
    await this.page.getByRole("heading", { level: 1, name: page }).waitFor();
  }

  /** The list of what waits. */
  get queue() {
    return this.page.getByRole("list", { name: "Actions that wait" });
  }

  card(text) {
    return this.queue.getByRole("link").filter({ hasText: text });
  }

  /** Picks what waits by a text on its card. */
  async opens(text) {
    await this.card(text).click();
    await this.action.waitFor();
  }

  /** The action that is open. */
  get action() {
    return this.page.getByRole("article");
  }

  /** @param {string | RegExp} text that comes to be seen */
  async sees(text, within = this.page) {
    await within.getByText(text).filter({ visible: true }).first().waitFor();
  }

  async seesNoMore(text, within = this.page) {
    await until(`nothing says ${text}`, async () => (await within.getByText(text).filter({ visible: true }).count()) === 0);
  }

  /** Everything that can be read, as a person would. */
  reads(within = this.page.locator("body")) {
    return within.innerText();
  }

  async photographs(name) {
    mkdirSync(join(PICTURES, name, ".."), { recursive: true });
    await this.page.screenshot({ path: join(PICTURES, `${name}.png`) });
  }

  async leaves() {
    await this.context.close();
  }
}
