"use strict";
// What is in the page, and which of it is asked for.

const index = JSON.parse(document.getElementById("index").textContent);
let parsed = null;

// The exchanges themselves are read when the first of them is wanted.
function raw() {
  parsed ??= JSON.parse(document.getElementById("raw").textContent);
  return parsed;
}

const tests = index.tests.map(([outcome, calls, name]) => ({ name, outcome, calls }));
const rows = index.rows.map(([number, operation, method, target, status, elapsed, test], place) => (
  { place, number, operation, method, target, status, elapsed, test }));
const operations = index.operations.map((operation, place) => (
  { ...operation, place, rows: [], slug: operation.method + operation.path }));
for (const row of rows) operations[row.operation].rows.push(row);
const inOrder = [...rows].sort((a, b) => a.number - b.number);

const wanted = { text: "", method: "", status: "", outcome: "" };
let terms = [];

// ``orders status:404 "two words" body:total``: what stands before the colon says where to look.
function readTerms(text) {
  const found = text.toLowerCase().matchAll(/(?:(status|method|path|test|body):)?(?:"([^"]*)"?|(\S+))/g);
  return [...found].map(([, where, quoted, word]) => ({ where: where ?? "", text: quoted ?? word })).filter((term) => term.text);
}

function outcomeOf(row) {
  return row.test < 0 ? "no test" : tests[row.test].outcome || "unknown";
}

// Bodies and header fields stand once, so a word is looked for once in each.
const lowered = new Map();
function holding(kind, text) {
  if (!lowered.has(kind)) {
    const textOf = kind === "bodies" ? (body) => body[2] : (fields) => fields.map((field) => field.join(": ")).join("\n");
    lowered.set(kind, raw()[kind].map((each) => textOf(each).toLowerCase()));
  }
  return lowered.get(kind).map((each) => each.includes(text));
}

function headOf(row) {
  const operation = operations[row.operation];
  const test = row.test < 0 ? "" : tests[row.test].name;
  row.head ??= { status: String(row.status), method: row.method.toLowerCase(), test: test.toLowerCase(),
    path: `${row.target} ${operation.path}`.toLowerCase(), operation: summaryOf(operation).toLowerCase(),
    outcome: outcomeOf(row), number: `#${row.number}` };
  return row.head;
}

function summaryOf(operation) {
  return `${operation.doc?.summary ?? ""} ${operation.doc?.description ?? ""} ${operation.doc?.operationId ?? ""}`;
}

// A function that tells whether an exchange has a term.
function finder(term) {
  const inHead = (row) => {
    const head = headOf(row);
    if (term.where === "status") return head.status.startsWith(term.text.replace(/x+$/, ""));
    return term.where ? head[term.where].includes(term.text) : Object.values(head).some((each) => each.includes(term.text));
  };
  if (term.where && term.where !== "body") return inHead;
  const fields = holding("fields", term.text), bodies = holding("bodies", term.text);
  return (row) => {
    if (!term.where && inHead(row)) return true;
    const [, , , , sentFields, sent, gotFields, got, more] = raw().exchanges[row.place];
    return fields[sentFields] || fields[gotFields] || bodies[sent] || bodies[got]
      || (more.error ?? "").toLowerCase().includes(term.text)
      || (more.messages ?? []).some((message) => bodies[message[4]]);
  };
}

let matching = rows.map(() => true);
function isFiltered() {
  return Boolean(terms.length || wanted.method || wanted.status || wanted.outcome);
}

// Looks at everything again; afterwards each operation has ``found``, the number of its exchanges that are wanted.
function match() {
  terms = readTerms(wanted.text);
  const finders = terms.map(finder);
  matching = rows.map((row) => (!wanted.method || row.method === wanted.method)
    && (!wanted.status || String(row.status).startsWith(wanted.status))
    && (!wanted.outcome || outcomeOf(row) === wanted.outcome)
    && finders.every((find) => find(row)));
  for (const operation of operations) {
    operation.found = operation.rows.reduce((sum, row) => sum + matching[row.place], 0);
    operation.shown = operation.found > 0 || (!operation.rows.length && isShownEmpty(operation));
  }
}

// A route that no test called has nothing but its name.
function isShownEmpty(operation) {
  if (wanted.status || wanted.outcome || (wanted.method && wanted.method !== operation.method)) return false;
  const text = `${operation.method} ${operation.path} ${summaryOf(operation)} ${operation.kind}`.toLowerCase();
  return terms.every((term) => !["status", "test", "body"].includes(term.where) && text.includes(term.text));
}
