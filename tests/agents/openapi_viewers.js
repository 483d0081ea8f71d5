// Opens documents in a viewer, in a browser that has no network, and prints as JSON what is wrong and which operations
// it shows: [{"errors": [...], "shown": ["GET /orders", ...]}, ...], one for each document.
//
//   node openapi_viewers.js swagger|redoc CHROMIUM DOCUMENT OPERATIONS...
//
// DOCUMENT and OPERATIONS stand there once for each document; OPERATIONS is JSON: [[method, path, tag, id], ...].
// PACKAGES is where swagger-ui-dist and @redocly/cli (which has Redoc) are, PLAYWRIGHT where playwright-core is.
const path = require("path");
const { createRequire } = require("module");
const load = createRequire(process.env.PACKAGES + "/");
const { chromium } = createRequire(process.env.PLAYWRIGHT + "/")("playwright-core");
const [viewer, executablePath, ...documents] = process.argv.slice(2);

const swagger = path.dirname(load.resolve("swagger-ui-dist/package.json"));
const redoc = path.join(path.dirname(load.resolve("@redocly/cli/package.json")), "lib", "chunks", "redoc.standalone.js");
const HEAD = '<!doctype html><meta charset="utf-8"><link rel="icon" href="data:,"><div id="ui"></div>';
const PAGES = {
  swagger: `${HEAD}<link rel="stylesheet" href="/swagger-ui.css"><script src="/swagger-ui-bundle.js"></script>
    <script>SwaggerUIBundle({ url: "/document", dom_id: "#ui", docExpansion: "list" });</script>`,
  redoc: `${HEAD}<script type="module">
    import { init } from "/redoc.js"; init("/document", { disableTelemetry: true }, document.getElementById("ui"));</script>`,
};
const PATIENCE = { timeout: 20000 };

const shown = {
  // All operations are on the page, opened.
  async swagger(page, operations) {
    await page.waitForFunction((many) => document.querySelectorAll(".opblock").length >= many, operations.length, PATIENCE);
    return page.evaluate(() =>
      [...document.querySelectorAll(".opblock")].map((block) =>
        block.querySelector(".opblock-summary-method").innerText + " " +
        block.querySelector(".opblock-summary-path").dataset.path));
  },
  // It draws what is in sight: each operation is gone to.
  async redoc(page, operations) {
    await page.waitForSelector("[data-testid=middle-panel]", PATIENCE);
    const found = [];
    for (const [method, where, tag, id] of operations) {
      await page.evaluate((hash) => { location.hash = hash; }, `#/${tag || "other"}/${id}`);
      await page.waitForFunction(([method, where]) =>
        [...document.querySelectorAll("[data-testid=right-panel]")].some((panel) => {
          const words = panel.innerText.split(/\s+/);
          return words.some((word, at) => word === method && words[at + 1] === where);
        }), [method, where], PATIENCE);
      found.push(`${method} ${where}`);
    }
    return found;
  },
};

async function open(browser, file, operations) {
  const page = await browser.newPage();
  const errors = [];
  const files = { "/document": file, "/redoc.js": redoc };
  page.on("console", (said) => { if (said.type() === "error") errors.push(said.text()); });
  page.on("pageerror", (error) => errors.push(String(error)));
  await page.route("**/*", (route) => {
    const url = new URL(route.request().url());
    if (url.hostname !== "viewer.test") {
      // Redoc's own logo; nothing else is asked for.
      if (url.pathname !== "/redoc/logo-mini-full.svg") errors.push(`asked for ${url}`);
      return route.fulfill({ contentType: "image/svg+xml", body: '<svg xmlns="http://www.w3.org/2000/svg"/>' });
    }
    if (url.pathname === "/") return route.fulfill({ contentType: "text/html", body: PAGES[viewer] });
    return route.fulfill({ path: files[url.pathname] || path.join(swagger, path.basename(url.pathname)) });
  });
  try {
    await page.goto("http://viewer.test/");
    return { errors, shown: await shown[viewer](page, operations) };
  } catch (error) {
    return { errors: [...errors, String(error)], shown: [] };
  } finally {
    await page.close();
  }
}

(async () => {
  const browser = await chromium.launch({ executablePath, args: ["--no-sandbox"] });
  const made = [];
  try {
    for (let at = 0; at < documents.length; at += 2) {
      made.push(await open(browser, documents[at], JSON.parse(documents[at + 1])));
    }
  } finally {
    await browser.close();
  }
  console.log(JSON.stringify(made));
})();
