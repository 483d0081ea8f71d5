// Reads an archive with one of the tools that read them, and prints what it made of it as JSON.
//
//   node har_readers.js validate|openapi ARCHIVE
//   node har_readers.js route ARCHIVE CHROMIUM URL...
const fs = require("fs");
const { createRequire } = require("module");
const load = createRequire(process.env.PACKAGES + "/");
const [what, archive, chromium, ...urls] = process.argv.slice(2);

const readers = {
  async validate() {
    try {
      await load("har-validator").har(JSON.parse(fs.readFileSync(archive)));
      return [];
    } catch (error) {
      return error.errors || [String(error)];
    }
  },
  async openapi() {
    const { spec } = await load("har-to-openapi").generateSpec(JSON.parse(fs.readFileSync(archive)), { urlFilter: () => true });
    return Object.entries(spec.paths).map(([path, operations]) => [path, Object.keys(operations)]);
  },
  // A browser that has no network but the archive: fetch() gives the recorded answers.
  async route() {
    const browser = await load("playwright-core").chromium.launch({ executablePath: chromium, args: ["--no-sandbox"] });
    try {
      const context = await browser.newContext();
      await context.routeFromHAR(archive, { notFound: "abort" });
      const page = await context.newPage();
      await page.goto(urls[0]);
      const seen = [];
      for (const url of urls) {
        seen.push(await page.evaluate(async (url) => {
          const response = await fetch(url);
          const bytes = new Uint8Array(await response.arrayBuffer());
          return [response.status, btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""))];
        }, url));
      }
      return seen;
    } finally {
      await browser.close();
    }
  },
};

readers[what]().then(
  (made) => console.log(JSON.stringify(made)),
  (error) => { console.error(error); process.exit(1); },
);
