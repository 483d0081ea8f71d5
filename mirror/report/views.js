// What stands in the main part: the summary of everything, an operation, a test, exchanges.

const AT_ONCE = 100;
const PASSED = new Set(["passed", "xfailed", "skipped"]);
const MARKS = new Map(Object.entries({ passed: "\u2713", failed: "\u2717", error: "\u2717", skipped: "\u2013", xfailed: "\u2713", xpassed: "\u2717" }));

// An address cannot hold half a character.
const addressable = (slug) => slug.replace(/\p{Surrogate}/gu, "\ufffd");
const hrefOf = (slug) => `#${encodeURIComponent(addressable(slug)).replaceAll("%2F", "/")}`;
const classOf = (status) => `s${String(status)[0]}`;
const titled = (title, ...content) => element("section", {}, element("h2", {}, title), ...content);

function methodOf(operation) {
  const text = operation.kind === "aside" ? "" : operation.method;
  return text ? element("span", { className: `method ${text.toLowerCase()}` }, text) : null;
}

// A path with its variables set apart; it may be broken after each slash.
function pathOf(path) {
  const parts = path.split(/(\{[^{}]*\}|\/)/);
  return element("span", { className: "path" }, parts.filter(Boolean).flatMap((part) => {
    if (part === "/") return ["/", element("wbr")];
    return [/^\{.*\}$/.test(part) ? element("span", { className: "variable" }, part) : part];
  }));
}

function testLink(test) {
  const { name, outcome } = tests[test];
  return [markOf(outcome), element("a", { href: hrefOf(`test ${name}`), className: "test" }, name)];
}

function markOf(outcome) {
  const kind = outcome ? (PASSED.has(outcome) ? "good" : "bad") : "";
  return element("span", { className: `mark ${kind}`, title: outcome || "how it ended is not known", role: "img",
    "aria-label": outcome || "unknown" }, MARKS.get(outcome) ?? "\u00b7");
}

// Exchanges ----------------------------------------------------------------------------------------------------------

// Exchanges, a line each; the first of them at once, the others when they are asked for. ``beside`` says what stands
// beside each: the test that made it, or in a test's own list the operation.
function exchangeList(of, label, { opened = null, beside = testBeside } = {}) {
  const list = element("ol", { className: "exchanges", "data-list": "" , "aria-label": label });
  const more = element("button", { type: "button", className: "more" });
  let made = 0;
  const show = (until) => {
    list.append(...of.slice(made, until).map((row) => exchangeItem(row, row === opened, beside)));
    made = Math.min(until, of.length);
    more.hidden = made >= of.length;
    more.textContent = `Show ${number(Math.min(AT_ONCE, of.length - made))} more of ${number(of.length - made)}`;
  };
  more.addEventListener("click", () => {
    const next = made;
    show(made + AT_ONCE);
    list.children[next]?.querySelector("button").focus();
  });
  show(Math.max(AT_ONCE, of.indexOf(opened) + 1));
  return [list, more];
}

function testBeside(row) {
  if (row.test < 0) return element("span", { className: "of" });
  const { name, outcome } = tests[row.test];
  return element("span", { className: "of", title: name }, markOf(outcome), " ", name.replace(/^[^[]*?::/, ""));
}

function operationBeside(row) {
  const { kind, method, path } = operations[row.operation];
  return element("span", { className: "of" }, kind === "aside" ? path : `${method} ${path}`);
}

function exchangeItem(row, open, beside) {
  const panel = element("div", { className: "panel", id: `exchange-${row.number}`, hidden: true });
  const line = element("button", { type: "button", className: "line", "aria-expanded": "false",
    "aria-controls": panel.id, "data-item": "" },
    element("span", { className: "number" }, `#${row.number}`),
    element("span", { className: `status ${classOf(row.status)}` }, row.status),
    element("span", { className: "method" }, row.method),
    element("span", { className: "target" }, row.target),
    beside(row),
    element("span", { className: "time" }, `${row.elapsed < 10 ? row.elapsed.toFixed(1) : number(Math.round(row.elapsed))} ms`));
  const toggle = () => {
    panel.hidden = !panel.hidden;
    line.setAttribute("aria-expanded", String(!panel.hidden));
    if (!panel.hidden && !panel.childElementCount) panel.append(...exchangeInFull(row));
  };
  line.addEventListener("click", toggle);
  if (open) toggle();
  return element("li", {}, line, panel);
}

function exchangeInFull(row) {
  const [id, started, gateway, reason, sentFields, sent, gotFields, got, more] = raw().exchanges[row.place];
  const date = new Date(started * 1000);
  const when = Number.isNaN(date.getTime()) ? `${started}` : date.toISOString().replace("T", " ").replace("Z", " UTC");
  const operation = operations[row.operation];
  const facts = element("p", { className: "facts" },
    element("a", { href: `#${row.number}`, title: "A link to this exchange" }, `#${row.number}`), " ",
    operation.kind === "aside" ? operation.path : element("a", { href: hrefOf(operation.slug) }, `${operation.method} ${operation.path}`),
    ` \u00b7 ${when} \u00b7 ${row.elapsed} ms \u00b7 ${gateway} \u00b7 `, element("span", { className: "id" }, id));
  return [
    facts,
    row.test < 0 ? null : element("p", { className: "facts by" }, testLink(row.test), tests[row.test].outcome),
    more.error ? element("p", { className: "error" }, more.error) : null,
    element("div", { className: "sides" },
      element("section", {}, element("h3", {}, "Request"),
        element("p", { className: "start" }, `${row.method} ${row.target} HTTP/1.1`), fieldsOf(sentFields), bodyOf(sent, "Body of the request")),
      element("section", {}, element("h3", {}, "Response"),
        element("p", { className: "start" }, `HTTP/1.1 ${row.status} ${reason}`), fieldsOf(gotFields), bodyOf(got, "Body of the response"),
        more.trailers === undefined ? null : [element("h3", {}, "Trailers"), fieldsOf(more.trailers)],
        more.incomplete ? element("p", { className: "error" }, "The response was not complete") : null)),
    more.messages ? messagesOf(more.messages, more.more) : null,
  ].filter(Boolean);
}

function fieldsOf(place) {
  const fields = raw().fields[place];
  if (!fields.length) return null;
  return element("dl", { className: "fields" }, fields.map(([name, value]) => element("div", {}, element("dt", {}, `${name}:`), element("dd", {}, value))));
}

function messagesOf(messages, more) {
  const lines = messages.map(([sender, kind, code, after, body]) => element("li", { className: sender },
    element("p", { className: "facts" }, `${sender === "client" ? "\u2192 client" : "\u2190 server"} \u00b7 ${kind}${code ? ` ${code}` : ""} \u00b7 ${after} ms`),
    body < 0 || !raw().bodies[body][1] ? null : bodyOf(body, `Message of the ${sender}`)));
  return element("section", {}, element("h3", {}, "Messages"), element("ol", { className: "messages" }, lines),
    more ? element("p", { className: "faint" }, `${counted(more, "more message")} not kept`) : null);
}

// Operations ---------------------------------------------------------------------------------------------------------

function share(count, whole) {
  const percent = Math.round((count / whole) * 100);
  return percent ? `${percent}%` : "<1%";
}

function statusesOf(statuses) {
  const whole = statuses.reduce((sum, [, count]) => sum + count, 0);
  const bar = element("div", { className: "distribution", role: "img",
    "aria-label": statuses.map(([status, count]) => `${status}: ${count}`).join(", ") });
  for (const [status, count] of statuses) {
    const piece = element("span", { className: classOf(status), title: `${status}: ${count}` });
    piece.style.flexGrow = count;
    bar.append(piece);
  }
  const legend = statuses.map(([status, count]) => element("button", { type: "button", className: "chip", value: String(status),
    "aria-pressed": String(wanted.status === String(status)), title: `Only ${status}`, on: { click: () => toggleStatus(String(status)) } },
    element("span", { className: `status ${classOf(status)}` }, status),
    ` ${number(count)} `, element("span", { className: "faint" }, share(count, whole))));
  return [bar, element("p", { className: "chips" }, legend)];
}

function parametersOf(parameters) {
  const head = ["Name", "In", "Type", "Required"].map((name) => element("th", { scope: "col" }, name));
  const lines = parameters.map((each) => element("tr", {},
    element("td", {}, element("code", { className: "member" }, each.name)),
    element("td", {}, each.in),
    element("td", {}, element("span", { className: "type" }, typeOf(each.schema)), " ",
      element("span", { className: "choices" }, choicesOf(resolved(each.schema))),
      each.description ? element("p", { className: "faint" }, each.description) : null),
    element("td", {}, each.required ? element("span", { className: "required" }, "required") : element("span", { className: "faint" }, "optional"))));
  return element("div", { className: "scroll" }, element("table", {}, element("thead", {}, element("tr", {}, head)), element("tbody", {}, lines)));
}

function contentsOf(contents) {
  return Object.entries(contents ?? {}).map(([media, content]) => element("div", { className: "content" },
    element("p", { className: "media" }, media),
    content.schema ? schemaOf(content.schema) : null,
    content["x-events"] ? element("p", { className: "faint" }, `events: ${content["x-events"].join(", ")}`) : null,
    content["x-item-schema"] ? [element("p", { className: "faint" }, "each item:"), schemaOf(content["x-item-schema"])] : null,
    (content.examples ?? []).map(({ example: name, text }) => element("details", { className: "example" },
      element("summary", {}, "Example: ", name.replaceAll("_", " ")), exampleOf(text)))));
}

function responsesOf(responses, operation) {
  return Object.entries(responses).map(([status, response]) => {
    const count = operation.statuses.find(([each]) => String(each) === status)?.[1];
    const headers = Object.entries(response.headers ?? {}).map(([name, header]) => element("div", { className: "schema leaf" }, lineOf(name, header.schema, false)));
    return element("details", { className: "response", open: status[0] === "2" || Object.keys(responses).length < 4 },
      element("summary", {}, element("span", { className: `status ${classOf(status)}` }, status), ` ${response.description ?? ""} `,
        count ? element("span", { className: "faint" }, `\u00d7${number(count)}`) : null),
      headers.length ? [element("p", { className: "media" }, "header fields"), headers] : null,
      contentsOf(response.content),
      !headers.length && !response.content ? element("p", { className: "faint" }, "No body") : null);
  });
}

// Tests: those that failed, ``first`` of the others, and the rest when it is asked for.
function testsOf(pairs, first) {
  if (!pairs.length) return titled("Tests", element("p", { className: "faint" }, "No test is known to have made these calls."));
  const failed = ([test]) => tests[test].outcome && !PASSED.has(tests[test].outcome);
  const all = [...pairs.filter(failed), ...pairs.filter((pair) => !failed(pair))];
  const until = Math.min(pairs.filter(failed).length, AT_ONCE) + first;
  const lines = (some) => element("ul", { className: "tests" }, some.map(([test, count]) => element("li", {},
    testLink(test), element("span", { className: "faint" }, `\u00d7${number(count)}`))));
  const rest = all.slice(until);
  const below = element("details", { className: "plain", on: { toggle: () => { if (below.childElementCount < 2) below.append(lines(rest)); } } },
    element("summary", {}, until ? counted(rest.length, "more test") : counted(rest.length, "test")));
  return titled(`Tests (${number(pairs.length)})`, until ? lines(all.slice(0, until)) : null, rest.length ? below : null);
}

function securityOf(security) {
  const said = security.map((each) => Object.keys(each).map((name) => {
    const scheme = index.security[name] ?? {};
    return scheme.type === "apiKey" ? `${scheme.in} ${scheme.name}` : scheme.scheme ?? `${name} (${scheme.type ?? "unknown"})`;
  }).join(" and ") || "nothing");
  return `Credentials: ${said.join(", or ")}`;
}

function graphqlOf(called) {
  return titled("GraphQL operations", Object.entries(called).map(([name, each]) => element("details", { className: "response" },
    element("summary", {}, element("code", {}, name), " ", element("span", { className: "type" }, each.kind)),
    (each.documents ?? []).map((text) => element("pre", { tabIndex: 0 }, text)),
    each.variables ? [element("p", { className: "media" }, "variables"), schemaOf(each.variables)] : null,
    each.data ? [element("p", { className: "media" }, "data"), schemaOf(each.data)] : null)));
}

function operationView(operation, opened) {
  const doc = operation.doc ?? {};
  const shown = operation.rows.filter((row) => matching[row.place] || row === opened);
  const kept = operation.rows.length < operation.count ? `; ${number(operation.rows.length)} of ${number(operation.count)} are kept here` : "";
  const facts = [counted(operation.count, "exchange") + kept, counted(operation.tests.length, "test")];
  if (doc.operationId) facts.push(doc.operationId);
  return [
    element("h1", { tabIndex: -1 }, methodOf(operation), " ", pathOf(operation.path)),
    doc.summary ? element("p", { className: "summary" }, doc.summary) : null,
    doc.description ? element("p", { className: "description" }, doc.description) : null,
    operation.kind === "uncalled" ? element("p", { className: "error" }, "No test calls this route.") : element("p", { className: "facts" }, facts.join(" \u00b7 ")),
    operation.kind === "aside" ? element("p", { className: "facts" }, "These are calls of no operation, and nothing was learned from them.") : null,
    doc.security ? element("p", { className: "facts" }, securityOf(doc.security)) : null,
    operation.count ? statusesOf(operation.statuses) : null,
    doc.parameters?.length ? titled("Parameters", parametersOf(doc.parameters)) : null,
    doc.requestBody ? titled(doc.requestBody.required ? "Request body (required)" : "Request body", contentsOf(doc.requestBody.content)) : null,
    doc["x-graphql"] ? graphqlOf(doc["x-graphql"]) : null,
    operation.kind === "call" ? titled("Responses", responsesOf(doc.responses ?? {}, operation)) : null,
    operation.count ? testsOf(operation.tests, AT_ONCE / 10) : null,
    operation.count ? titled(`Exchanges (${isFiltered() ? `${number(shown.length)} of ` : ""}${number(operation.rows.length)})`,
      shown.length ? null : element("p", { className: "faint" }, "None of them is what the search and the filters ask for."),
      exchangeList(shown, "Exchanges", { opened })) : null,
  ];
}

// A test, everything --------------------------------------------------------------------------------------------------

function testView(place) {
  const test = tests[place];
  const of = inOrder.filter((row) => row.test === place);
  return [
    element("h1", { tabIndex: -1, className: "test" }, test.name),
    element("p", { className: "facts" }, markOf(test.outcome), ` ${test.outcome || "how it ended is not known"} \u00b7 ${counted(test.calls, "exchange")}`),
    titled("Exchanges, in their order", exchangeList(of, "Exchanges of the test", { beside: operationBeside })),
  ];
}

function summaryView() {
  const calls = operations.filter((each) => each.kind === "call"), uncalled = operations.filter((each) => each.kind === "uncalled");
  const statuses = new Map(), outcomes = new Map();
  for (const operation of operations) for (const [status, count] of operation.statuses) statuses.set(status, (statuses.get(status) ?? 0) + count);
  for (const { outcome } of tests) outcomes.set(outcome || "unknown", (outcomes.get(outcome || "unknown") ?? 0) + 1);
  const figures = [[index.count, "exchanges"], [calls.length, "operations called"], ...(uncalled.length ? [[uncalled.length, "never called"]] : []),
    ...(tests.length ? [[tests.length, "tests"]] : []), ...[...outcomes].sort().map(([outcome, count]) => [count, outcome])];
  const links = (some) => element("ul", { className: "plain" }, some.map((each) => element("li", {},
    element("a", { href: hrefOf(each.slug) }, methodOf(each), " ", each.kind === "aside" ? each.path : pathOf(each.path)), " ",
    each.count ? element("span", { className: "faint" }, `\u00d7${number(each.count)}`) : null)));
  const asides = operations.filter((each) => each.kind === "aside");
  const bytes = [...document.querySelectorAll("script, style")].reduce((sum, each) => sum + each.textContent.length, 0);
  const kept = rows.length < index.count ? ` ${number(rows.length)} of ${number(index.count)} exchanges are kept.` : "";
  return [
    element("h1", { tabIndex: -1 }, index.title),
    element("dl", { className: "figures" }, figures.map(([value, name]) => element("div", {}, element("dt", {}, name), element("dd", {}, number(value))))),
    statusesOf([...statuses].sort(([a], [b]) => a - b)),
    uncalled.length ? titled("Never called", links(uncalled)) : null,
    asides.length ? titled("Calls of no operation", links(asides)) : null,
    testsOf(tests.map((test, place) => [place, test.calls]), 0),
    element("footer", { className: "faint" },
      element("p", {}, `This file: ${size(bytes)}. Of each body ${counted(index.limits.body, "character")} are kept; ${index.cut ? number(index.cut) : "none"} had more.${kept}`),
      element("p", {}, "Keys: ", element("kbd", {}, "/"), " search, ", element("kbd", {}, "j"), " ", element("kbd", {}, "k"), " down and up, ",
        element("kbd", {}, "Enter"), " open, ", element("kbd", {}, "Esc"), " back.")),
  ];
}

function resultsView() {
  const found = inOrder.filter((row) => matching[row.place]);
  return [
    element("h1", { tabIndex: -1 }, `${counted(found.length, "exchange")} found`),
    element("p", { className: "facts" }, "Words are looked for everywhere, bodies included. ",
      element("code", {}, "status:404"), " ", element("code", {}, "method:post"), " ", element("code", {}, "path:/orders"), " ",
      element("code", {}, "test:name"), " ", element("code", {}, "body:text"), " ", element("code", {}, '"two words"'), " say where and what."),
    exchangeList(found, "Exchanges that were found"),
  ];
}
