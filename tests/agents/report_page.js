// Opens a report in a browser, does what a reader does, and prints what the reader saw as JSON.
//
//   node report_page.js CHROMIUM PAGE read|hostile|many|colours [FOLDER]
const { createRequire } = require("module");
const { pathToFileURL } = require("url");
const load = createRequire(process.env.PACKAGES + "/");
const [chromium, file, what, folder] = process.argv.slice(2);
const address = pathToFileURL(file).href;

// What must not be: something in the console, an error, a request for anything but the page.
const unwanted = [];
async function opened(browser, options = {}, hash = "") {
  const page = await (await browser.newContext(options)).newPage();
  page.on("console", (message) => unwanted.push(`console: ${message.text()}`));
  page.on("pageerror", (error) => unwanted.push(`error: ${error.stack}`));
  page.on("request", (request) => { if (!request.url().startsWith(address)) unwanted.push(`request: ${request.url()}`); });
  page.on("dialog", (dialog) => unwanted.push(`dialog: ${dialog.message()}`));
  await page.goto(address + hash);
  return page;
}

const told = (page) => page.locator("#told").textContent();
const listed = (page) => page.locator("#list li:not([hidden]) a").allInnerTexts();
const focused = (page) => page.evaluate(() => document.activeElement.innerText || document.activeElement.id);

async function searched(page, text) {
  await page.locator("#search").fill(text);
  await page.waitForFunction((text) => wanted.text === text, text);
  return [await told(page), (await listed(page)).length];
}

const readers = {
  // By the keyboard alone.
  async read(browser) {
    const page = await opened(browser);
    const seen = { title: await page.title(), listed: await listed(page), summary: await page.locator("main").innerText() };
    await page.keyboard.press("/");
    await page.keyboard.type("teapot");
    await page.waitForFunction(() => wanted.text === "teapot");
    seen.found = [await told(page), await listed(page)];
    await page.keyboard.press("Enter");
    seen.first = await focused(page);
    await page.keyboard.press("Enter");
    seen.exchange = await page.locator(".panel:visible").innerText();
    await page.keyboard.press("Escape");
    seen.closed = [await page.locator(".panel:visible").count(), await focused(page)];
    await page.keyboard.press("Escape");
    seen.cleared = [await told(page), await page.locator("#search").inputValue()];
    await page.keyboard.press("j");
    await page.keyboard.press("j");
    await page.keyboard.press("k");
    await page.keyboard.press("ArrowDown");
    seen.moved = await focused(page);
    await page.keyboard.press("Enter");
    await page.waitForFunction(() => here.operation);
    seen.operation = [await page.evaluate(() => location.hash), await page.locator("main").innerText()];
    await page.locator("#status").selectOption("4");
    seen.filtered = await told(page);
    await page.locator("#status").selectOption("");
    await page.locator(".chip").first().focus();
    await page.keyboard.press("Enter");
    seen.pressed = [await told(page), await focused(page)];
    const linked = await opened(browser, {}, "#5");
    seen.linked = await linked.locator(".panel:visible").innerText();
    const lost = await opened(browser, {}, "#%E0%A4%A");
    seen.lost = await lost.locator("main .error").innerText();
    const test = await opened(browser, {}, "#test%20tests/test_orders.py::test_place");
    seen.test = await test.locator("main").innerText();
    const phone = await opened(browser, { viewport: { width: 360, height: 740 } }, "#1");
    seen.overflow = await phone.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    return seen;
  },
  // Everything there is, opened.
  async hostile(browser) {
    const page = await opened(browser);
    const places = await page.evaluate(() => operations.map((operation) => operation.slug));
    let panels = 0, objects = 0;
    for (const slug of places) {
      await page.evaluate((slug) => { location.hash = encodeURIComponent(slug); }, slug);
      await page.waitForFunction((slug) => here.operation?.slug === slug, slug);
      await page.evaluate(() => document.querySelectorAll("details").forEach((each) => { each.open = true; }));
      await page.evaluate(() => document.querySelectorAll(".line").forEach((each) => each.click()));
      panels += await page.locator(".panel:visible").count();
      objects += await page.evaluate(() => document.body.innerText.split("[object ").length - 1);
    }
    await searched(page, "script");
    const of = await page.evaluate(() => [document.images.length, document.scripts.length, document.title]);
    return { panels, objects, rows: await page.evaluate(() => rows.length), images: of[0], scripts: of[1], title: of[2] };
  },
  async many(browser) {
    const page = await opened(browser);
    const seen = { all: await listed(page), searches: {} };
    for (const text of ["word-4711-end", "status:404", "test:test_99", "path:/things7/", "lines nothing-has-this", ""]) {
      seen.searches[text] = await searched(page, text);
    }
    await searched(page, "sku");
    seen.lines = await page.locator(".line").count();
    await page.getByRole("button", { name: /^Show 100 more/ }).click();
    seen.more = await page.locator(".line").count();
    return seen;
  },
  async colours(browser) {
    const shots = {};
    for (const colorScheme of ["light", "dark"]) {
      const page = await opened(browser, { colorScheme }, "#1");
      const ground = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
      const themes = [await ground()];
      for (let turn = 0; turn < 3; turn++) {
        await page.locator("#theme").click();
        themes.push(await ground());
      }
      await page.screenshot({ path: `${folder}/${colorScheme}.png` });
      shots[colorScheme] = themes;
    }
    return shots;
  },
};

(async () => {
  const browser = await load("playwright-core").chromium.launch({ executablePath: chromium, args: ["--no-sandbox"] });
  try {
    console.log(JSON.stringify({ seen: await readers[what](browser), unwanted }));
  } finally {
    await browser.close();
  }
})().catch((error) => { console.error(error); process.exit(1); });
