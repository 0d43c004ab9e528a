// Runs one scenario of this folder in Debian's Chromium: node run.mjs SETTINGS, which is JSON with
//   script, scenario   the file and the name of the function in it
//   modules            where playwright-core and axe-core are
//   url, login_url, token   of the service that runs
//   pictures           the folder for screenshots
//   facts              what the test wants to tell the scenario
// Errors of the page and everything in its console that is no plain message fail the scenario.

import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const settings = JSON.parse(process.argv[2]);
const packages = createRequire(join(settings.modules, "..", "nowhere.js"));
const { chromium } = packages("playwright-core");
const axeSource = packages.resolve("axe-core/axe.min.js");

const flags = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
  "--disable-component-update", "--disable-sync"];
export const looks = [
  { name: "light", colorScheme: "light", viewport: { width: 1280, height: 800 } },
  { name: "dark", colorScheme: "dark", viewport: { width: 1280, height: 800 } },
  { name: "phone", colorScheme: "light", viewport: { width: 390, height: 844 } },
];

/// What a scenario gets.
class Visit {
  constructor(browser, context, page) {
    Object.assign(this, { browser, context, page, complaints: [], expected: [] });
    this.facts = settings.facts ?? {};
    this.url = settings.url;
    page.setDefaultTimeout(20_000);
    page.on("pageerror", (problem) => this.complaints.push(String(problem)));
    page.on("console", (message) => {
      if (message.type() === "error" || message.type() === "warning") this.complaints.push(message.text());
    });
  }

  /// The scenario brings about what the browser complains of itself, such as an answer of 409.
  expect(complaint) {
    this.expected.push(complaint);
  }

  async logIn() {
    await this.page.goto(settings.login_url);
    await this.page.getByRole("navigation").waitFor();
    await this.page.getByText("live", { exact: true }).waitFor();
  }

  async open(fragment) {
    await this.page.evaluate((hash) => { location.hash = hash; }, fragment);
  }

  /// As a script asks, beside the browser.
  async api(method, path, body) {
    const answer = await fetch(`${this.facts.direct ?? settings.url}/api/v1${path}`, {
      method,
      headers: { Authorization: `Bearer ${settings.token}`, "X-Changeling": "1", "Content-Type": "application/json" },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
    const told = await answer.json();
    assert.ok(answer.ok, JSON.stringify(told));
    return told;
  }

  async picture(name) {
    mkdirSync(settings.pictures, { recursive: true });
    await this.page.screenshot({ path: join(settings.pictures, `${name}.png`) });
  }

  /// In light, dark and at the width of a phone: a picture, nothing that axe finds, nothing wider than the page.
  async inspect(name) {
    for (const look of looks) {
      await this.page.emulateMedia({ colorScheme: look.colorScheme });
      await this.page.setViewportSize(look.viewport);
      await this.page.waitForTimeout(60);
      await this.picture(`${name}-${look.name}`);
      await this.#checkAccessibility(`${name}, ${look.name}`);
      const excess = await this.page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      assert.ok(excess <= 0, `${name}, ${look.name}: the page is ${excess} px wider than the window`);
    }
    await this.page.emulateMedia({ colorScheme: "light" });
    await this.page.setViewportSize(looks[0].viewport);
  }

  async #checkAccessibility(where) {
    // By the protocol, which no policy of the page holds back.
    const session = await this.context.newCDPSession(this.page);
    const { readFileSync } = await import("node:fs");
    await session.send("Runtime.evaluate", { expression: `${readFileSync(axeSource, "utf8")};0` });
    const found = await session.send("Runtime.evaluate", {
      expression: "axe.run().then(({violations}) => JSON.stringify(violations.map((one) => ({id: one.id, "
        + "help: one.help, nodes: one.nodes.map((node) => node.html + ' ' + node.failureSummary)}))))",
      awaitPromise: true, returnByValue: true,
    });
    await session.detach();
    assert.equal(found.exceptionDetails, undefined, JSON.stringify(found.exceptionDetails));
    assert.deepEqual(JSON.parse(found.result.value), [], `axe, ${where}`);
  }

  checkComplaints() {
    const rest = this.complaints.filter((one) => !this.expected.some((known) => one.includes(known)));
    assert.deepEqual(rest, [], "the browser complains");
  }
}

async function main() {
  const scenarios = await import(pathToFileURL(join(import.meta.dirname ?? new URL(".", import.meta.url).pathname,
    settings.script)));
  // What newer browsers refuse by themselves is let through: it is the service that has to refuse.
  const resolve = settings.facts?.resolve
    ? [`--host-resolver-rules=${settings.facts.resolve}`, "--disable-features=LocalNetworkAccessChecks"] : [];
  const browser = await chromium.launch({ executablePath: "/usr/bin/chromium", args: [...flags, ...resolve] });
  try {
    const context = await browser.newContext({ colorScheme: "light", viewport: looks[0].viewport,
      ignoreHTTPSErrors: settings.facts?.certificate === "self-signed" });
    const visit = new Visit(browser, context, await context.newPage());
    try {
      await scenarios[settings.scenario](visit);
    } catch (problem) {
      await visit.picture(`failed-${settings.scenario}`).catch(() => {});
      throw new Error(`${problem.stack}\nthe browser said: ${JSON.stringify(visit.complaints)}`);
    }
    visit.checkComplaints();
  } finally {
    await browser.close();
  }
}

await main();
