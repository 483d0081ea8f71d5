// Schemas as an outline. What is below a schema is made when it is opened: schemas may refer to themselves.

const MOST_CHOICES = 12;
const REF = "#/components/schemas/";

function resolved(schema) {
  const name = schema?.$ref?.startsWith(REF) ? schema.$ref.slice(REF.length).replaceAll("~1", "/").replaceAll("~0", "~") : null;
  return name !== null && Object.hasOwn(index.schemas, name) ? index.schemas[name] : schema;
}

function typeOf(schema) {
  if (schema === true || schema === undefined || schema === null) return "anything";
  if (schema.$ref) return schema.$ref.split("/").pop();
  for (const [word, joined] of [["oneOf", "one of "], ["anyOf", ""], ["allOf", "all of "]]) {
    if (Array.isArray(schema[word])) return joined + schema[word].map(typeOf).join(" | ");
  }
  const types = [schema.type ?? (schema.properties ? "object" : schema.enum ? "" : "anything")].flat();
  const named = types.map((type) => {
    if (type === "array") return `array of ${schema.prefixItems ? "items" : typeOf(schema.items)}`;
    if (type === "object" && typeof schema.additionalProperties === "object") return `map of ${typeOf(schema.additionalProperties)}`;
    return type === "string" && schema.format ? schema.format : type;
  });
  return named.join(" | ") + (schema.format && !types.includes("string") ? ` (${schema.format})` : "");
}

function choicesOf(schema) {
  const choices = schema?.enum ?? (schema && "const" in schema ? [schema.const] : schema?.items?.enum);
  if (!Array.isArray(choices)) return "";
  const more = choices.length > MOST_CHOICES ? `, and ${choices.length - MOST_CHOICES} more` : "";
  return choices.slice(0, MOST_CHOICES).map((each) => JSON.stringify(each)).join(", ") + more;
}

// The parts of a schema: [schema, name, required].
function partsOf(schema) {
  const found = resolved(schema);
  if (!found || typeof found !== "object") return [];
  const parts = Object.entries(found.properties ?? {}).map(([name, each]) => [each, name, (found.required ?? []).includes(name)]);
  if (typeof found.additionalProperties === "object") parts.push([found.additionalProperties, "any name", false]);
  for (const word of ["oneOf", "anyOf", "allOf"]) {
    (found[word] ?? []).forEach((each, place) => { if (hasParts(each)) parts.push([each, `${word} ${place + 1}`, false]); });
  }
  (found.prefixItems ?? []).forEach((each, place) => parts.push([each, String(place), true]));
  if (found.items && typeof found.items === "object" && hasParts(found.items)) {
    const inner = resolved(found.items);
    return inner.items || parts.length ? [...parts, [found.items, "items", false]] : partsOf(found.items);
  }
  return parts;
}

// Whether a schema has parts. An array has those of its items, which may be such arrays themselves.
function hasParts(schema, depth = 0) {
  const found = resolved(schema);
  if (!found || typeof found !== "object") return false;
  return ["properties", "oneOf", "anyOf", "allOf", "prefixItems"].some((word) => found[word] !== undefined)
    || typeof found.additionalProperties === "object" || (depth < 8 && hasParts(found.items, depth + 1));
}

function lineOf(name, schema, required) {
  const choices = choicesOf(resolved(schema));
  const samples = schema?.["x-mirror"]?.samples;
  return [
    name ? element("code", { className: "member" }, name) : null,
    element("span", { className: "type" }, typeOf(schema)),
    required ? element("span", { className: "required" }, "required") : null,
    choices ? element("span", { className: "choices" }, choices) : null,
    samples === undefined ? null : element("span", { className: "faint samples", title: `${samples} samples` }, `\u00d7${number(samples)}`),
  ].filter(Boolean).flatMap((part) => [part, " "]);
}

function schemaOf(schema, name = "", required = false, open = true) {
  if (!hasParts(schema)) {
    return element("div", { className: "schema leaf" }, lineOf(name, schema, required));
  }
  const below = element("div", { className: "below" });
  const fill = () => {
    if (!below.childElementCount) below.append(...partsOf(schema).map((part) => schemaOf(...part, false)));
  };
  const made = element("details", { className: "schema", on: { toggle: fill } },
    element("summary", {}, lineOf(name, schema, required)), below);
  if (open) {
    fill();
    made.open = true;
  }
  return made;
}
