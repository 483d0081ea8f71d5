// Elements, and bodies laid out for reading. Whatever comes from a capture becomes text, never markup.

function element(name, properties = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(properties)) {
    if (key === "on") for (const [event, listener] of Object.entries(value)) made.addEventListener(event, listener);
    else if (key in made) made[key] = value;
    else made.setAttribute(key, value);
  }
  made.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== ""));
  return made;
}

const number = (value) => value.toLocaleString("en");
const counted = (value, noun) => `${number(value)} ${noun}${value === 1 ? "" : "s"}`;

function size(bytes) {
  if (bytes < 1000) return `${bytes} B`;
  return bytes < 1e6 ? `${(bytes / 1e3).toFixed(1)} kB` : `${(bytes / 1e6).toFixed(1)} MB`;
}

function stringEnd(text, start) {
  for (let place = start + 1; place < text.length; place++) {
    if (text[place] === "\\") place++;
    else if (text[place] === '"') return place + 1;
  }
  return text.length;
}

function isJson(text, cut) {
  if (!/^\s*[[{]/.test(text)) return false;
  if (cut) return true;
  const parses = (part) => {
    try {
      JSON.parse(part.replace(/\b(?:NaN|-?Infinity)\b/g, "0"));
      return true;
    } catch {
      return false;
    }
  };
  return parses(text) || text.split("\n").filter((line) => line.trim()).every(parses);
}

const MOST_COLOURED = 200000;
const DEEPEST_INDENT = 40;

// JSON indented, each number and name as it was written: nothing is parsed, so nothing is rounded or left out.
function laidOut(text) {
  const page = document.createDocumentFragment();
  const coloured = text.length <= MOST_COLOURED;
  let depth = 0, plain = "", place = 0, begun = false;
  const flush = () => { page.append(plain); plain = ""; };
  const line = () => { plain += "\n" + "  ".repeat(Math.min(depth, DEEPEST_INDENT)); };
  const token = (kind, end) => {
    const piece = text.slice(place, end);
    if (coloured) {
      flush();
      page.append(element("span", { className: kind }, piece));
    } else plain += piece;
    place = end;
  };
  const after = (from) => { // the next character that says something
    while (from < text.length && " \t\r\n".includes(text[from])) from++;
    return from;
  };
  for (place = after(0); place < text.length; place = after(place)) {
    const sign = text[place];
    if (!depth && begun && !"]},:".includes(sign)) line();
    begun = true;
    if (sign === "{" || sign === "[") {
      const next = after(place + 1);
      if (text[next] === (sign === "{" ? "}" : "]")) {
        plain += sign + text[next];
        place = next + 1;
        continue;
      }
      plain += sign;
      depth++;
      line();
      place++;
    } else if (sign === "}" || sign === "]") {
      depth = Math.max(depth - 1, 0);
      line();
      plain += sign;
      place++;
    } else if (sign === ",") {
      plain += ",";
      if (depth) line();
      place++;
    } else if (sign === ":") {
      plain += ": ";
      place++;
    } else if (sign === '"') {
      const end = stringEnd(text, place);
      token(text[after(end)] === ":" ? "key" : "string", end);
    } else {
      let end = place + 1;
      while (end < text.length && !' \t\r\n{}[],:"'.includes(text[end])) end++;
      token("atom", end);
    }
  }
  flush();
  return page;
}

// A body: [kind, size, text, cut].
function bodyOf(place, label) {
  if (place < 0) return element("p", { className: "faint" }, "No body");
  const [kind, bytes, text, cut] = raw().bodies[place];
  const content = kind === "json" && isJson(text, cut) ? laidOut(text) : text;
  return element("div", { className: "body" },
    element("pre", { tabIndex: 0, "aria-label": label }, content),
    element("p", { className: "faint" }, cut ? `Cut: the first ${number(text.length)} characters of ${size(bytes)}` : size(bytes)));
}

function exampleOf(text) {
  return element("pre", { tabIndex: 0 }, isJson(text, false) ? laidOut(text) : text);
}
