// The page itself: the list, the place in the address, the search, the keys.

const list = document.getElementById("list"), main = document.getElementById("main"), told = document.getElementById("told");
const search = document.getElementById("search"), theme = document.getElementById("theme");
const selects = ["method", "status", "outcome"].map((name) => document.getElementById(name));
const bySlug = new Map(operations.map((operation) => [addressable(operation.slug), operation]));
const byNumber = new Map(rows.map((row) => [String(row.number), row]));
const byTest = new Map(tests.map((test, place) => [addressable(`test ${test.name}`), place]));
const GROUPS = { session: "WebSocket", aside: "Calls of no operation" };
const MOST_DIVIDED = 2000; // paths in the list that may be broken after each slash: more would take long to show

// The list ------------------------------------------------------------------------------------------------------------

const groups = [];
function makeList() {
  for (const operation of operations) {
    const name = GROUPS[operation.kind] ?? (operation.tag || "/");
    if (groups.at(-1)?.name !== name) groups.push({ name, operations: [], items: element("ul", { className: "plain" }) });
    const group = groups.at(-1);
    operation.counter = element("span", { className: "count" });
    operation.link = element("a", { href: hrefOf(operation.slug), "data-item": "", className: operation.kind },
      methodOf(operation), element("span", { className: "where" },
        operation.kind === "aside" || operations.length > MOST_DIVIDED ? operation.path : pathOf(operation.path)), operation.counter);
    operation.item = element("li", {}, operation.link);
    group.items.append(operation.item);
    group.operations.push(operation);
  }
  for (const group of groups) {
    group.section = element("section", {}, element("h2", {}, group.name), group.items);
    list.append(group.section);
  }
  list.dataset.list = "";
}

function updateList() {
  for (const group of groups) {
    let shown = 0;
    for (const operation of group.operations) {
      operation.item.hidden = !operation.shown;
      shown += operation.shown;
      const count = operation.kind === "uncalled" ? "never" : number(isFiltered() ? operation.found : operation.count);
      if (operation.counter.textContent !== count) operation.counter.textContent = count;
    }
    group.section.hidden = !shown;
  }
}

// Where we are --------------------------------------------------------------------------------------------------------

function placeOf(hash) {
  let slug = hash.slice(1);
  try {
    slug = decodeURIComponent(slug);
  } catch {
    // an address that somebody has cut: it is looked for as it is
  }
  if (bySlug.has(slug)) return { operation: bySlug.get(slug) };
  if (byNumber.has(slug)) return { operation: operations[byNumber.get(slug).operation], row: byNumber.get(slug) };
  if (byTest.has(slug)) return { test: byTest.get(slug) };
  return { unknown: slug };
}

let here = {};
function show(place = here) {
  here = place;
  for (const each of list.querySelectorAll("[aria-current]")) each.removeAttribute("aria-current");
  here.operation?.link.setAttribute("aria-current", "page");
  const view = here.operation ? operationView(here.operation, here.row) : here.test !== undefined ? testView(here.test)
    : isFiltered() ? resultsView() : summaryView();
  const missing = here.unknown ? element("p", { className: "error" }, `There is no ${here.unknown} in this report.`) : null;
  main.replaceChildren(...[missing, view].flat(3).filter(Boolean));
  document.body.classList.toggle("reading", Boolean(here.operation || here.test !== undefined));
  document.title = here.operation ? `${here.operation.method} ${here.operation.path} - ${index.title}` : index.title;
}

function follow() {
  show(placeOf(location.hash));
  here.operation?.link.scrollIntoView({ block: "nearest" });
  const opened = here.row && document.getElementById(`exchange-${here.row.number}`);
  if (opened) {
    opened.parentElement.scrollIntoView();
    opened.previousElementSibling.focus({ preventScroll: true });
  } else {
    scrollTo(0, 0);
    main.querySelector("h1")?.focus({ preventScroll: true });
  }
}

// The search ----------------------------------------------------------------------------------------------------------

function filter() {
  wanted.text = search.value;
  for (const select of selects) wanted[select.id] = select.value;
  match();
  updateList();
  if (terms.length && (here.operation || here.test !== undefined)) {
    history.replaceState(null, "", "#");
    here = {};
  }
  show();
  const found = operations.filter((operation) => operation.shown).length;
  const rowsFound = matching.reduce((sum, each) => sum + each, 0);
  told.textContent = isFiltered() ? `${counted(found, "operation")}, ${counted(rowsFound, "exchange")}` : "";
}

function toggleStatus(status) {
  const select = document.getElementById("status");
  select.value = select.value === status ? "" : status;
  filter();
  const chip = [...main.querySelectorAll(".chip")].find((each) => each.value === status); // what was pressed is gone
  (chip ?? main.querySelector("h1")).focus();
}

function makeFilters() {
  const choices = {
    method: [...new Set(rows.map((row) => row.method))].sort(),
    status: [...new Set(rows.flatMap((row) => [String(row.status)[0], String(row.status)]))].sort(),
    outcome: [...new Set(rows.map(outcomeOf))].sort(),
  };
  const all = { method: "All methods", status: "All statuses", outcome: "All outcomes" };
  for (const select of selects) {
    select.append(element("option", { value: "" }, all[select.id]), ...choices[select.id].map((choice) => (
      element("option", { value: choice }, select.id === "status" && choice.length === 1 ? `${choice}xx` : choice))));
    select.addEventListener("change", filter);
  }
  let waiting = 0;
  search.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(filter, rows.length > 500 ? 150 : 0);
  });
  document.getElementById("filters").addEventListener("submit", (event) => {
    event.preventDefault();
    clearTimeout(waiting);
    filter();
    (main.querySelector("[data-item]") ?? items(list)[0])?.focus();
  });
}

// Keys ----------------------------------------------------------------------------------------------------------------

function items(of) {
  return [...of.querySelectorAll("[data-item]")].filter((item) => !item.closest("[hidden]"));
}

function step(by) {
  const within = document.activeElement.closest("[data-list]");
  const around = within ?? (main.contains(document.activeElement) && main.querySelector("[data-list]")) ?? list;
  const all = items(around || list);
  const place = all.indexOf(document.activeElement);
  const next = place < 0 ? (by > 0 ? 0 : all.length - 1) : place + by;
  all[Math.max(0, Math.min(all.length - 1, next))]?.focus();
}

function leave() {
  const panel = document.activeElement.closest(".exchanges > li")?.querySelector(".line[aria-expanded=true]");
  if (panel) {
    panel.click();
    panel.focus();
  } else if (isFiltered()) {
    search.value = "";
    for (const select of selects) select.value = "";
    filter();
    main.querySelector("h1").focus();
  } else if (here.operation || here.test !== undefined) {
    const { link } = here.operation ?? {};
    history.pushState(null, "", "#");
    show({});
    (link ?? main.querySelector("h1")).focus();
  } else document.activeElement.blur();
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const typing = event.target.matches("input, select, textarea");
  if (event.key === "Escape" && event.target.matches("select")) event.target.blur();
  else if (event.key === "Escape") leave();
  else if (typing && !(event.target === search && event.key === "ArrowDown")) return;
  else if (event.key === "/") search.select();
  else if (event.key === "j" || (event.key === "ArrowDown" && event.target.matches("[data-item], #search"))) step(1);
  else if (event.key === "k" || (event.key === "ArrowUp" && event.target.matches("[data-item]"))) step(-1);
  else return;
  event.preventDefault();
});

// Light and dark ------------------------------------------------------------------------------------------------------

const THEMES = { "": "Auto", light: "Light", dark: "Dark" };
function setTheme(name) {
  document.documentElement.dataset.theme = name;
  theme.textContent = `\u25d0 ${THEMES[name]}`;
  theme.setAttribute("aria-label", `Colours: ${THEMES[name]}`);
}

function kept(name) {
  try {
    if (name !== undefined) localStorage.setItem("mirror-theme", name);
    return localStorage.getItem("mirror-theme") ?? "";
  } catch {
    return ""; // a browser may keep nothing for files
  }
}

theme.addEventListener("click", () => {
  const names = Object.keys(THEMES);
  const next = names[(names.indexOf(document.documentElement.dataset.theme) + 1) % names.length];
  setTheme(next);
  kept(next);
});
document.getElementById("skip").addEventListener("click", () => main.focus());

setTheme(kept() in THEMES ? kept() : "");
makeFilters();
makeList();
match();
updateList();
follow();
addEventListener("hashchange", follow);
