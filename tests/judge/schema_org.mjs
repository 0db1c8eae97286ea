// Holds the JSON-LD of pages against schema.org's own vocabulary: every type and every property exists,
// and the property belongs to one of the node's types. The vocabulary is that of the npm package
// schema-dts (Apache-2.0), which is generated from schema.org; nothing of it is kept here.
//
//   npm install --prefix FOLDER schema-dts
//   node tests/judge/schema_org.mjs --vocabulary FOLDER/node_modules/schema-dts PAGES...
//
// PAGES are HTML files, folders of them, URLs, or `@FILE` with one of these a line. Ends with 1 when
// something is wrong, with 2 when nothing could be judged.

import { readFileSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";

/** The types of the vocabulary: name to { parents, properties }. */
function readVocabulary(folder) {
  const text = readFileSync(join(folder, "dist", "schema.d.ts"), "utf8");
  const types = new Map();
  const bodyOf = new Map();
  for (const [, name, parents, body] of text.matchAll(
    /^(?:export )?interface (\w+)Base extends ([^{]+)\{([\s\S]*?)^\}/gm,
  )) {
    const properties = [...body.matchAll(/^    "(\w+)"\?:/gm)].map(([, property]) => property);
    const above = [...parents.matchAll(/(\w+)Base/g)].map(([, parent]) => parent);
    bodyOf.set(name, { parents: above, properties: new Set(properties) });
  }
  // A type without properties of its own extends the base of another one.
  for (const [, name, base] of text.matchAll(/^(?:export )?interface (\w+)Leaf extends (\w+)Base \{/gm)) {
    const own = bodyOf.get(name);
    types.set(name, own ?? { parents: [base], properties: new Set() });
    if (!bodyOf.has(base)) throw new Error(`${base} is no interface of the vocabulary`);
  }
  for (const [name, body] of bodyOf) if (!types.has(name)) types.set(name, body);
  if (types.size < 800) throw new Error(`only ${types.size} types in ${folder}: not the vocabulary`);
  return types;
}

/** Whether a type or one above it has a property. */
function has(types, type, property, seen = new Set()) {
  if (seen.has(type)) return false;
  seen.add(type);
  const { parents, properties } = types.get(type) ?? { parents: [], properties: new Set() };
  return properties.has(property) || parents.some((parent) => has(types, parent, property, seen));
}

/** What is wrong with a node and with what stands inside it. */
function* faults(types, node, where) {
  if (Array.isArray(node)) {
    for (const [index, value] of node.entries()) yield* faults(types, value, `${where}[${index}]`);
    return;
  }
  if (node === null || typeof node !== "object") return;
  const own = [node["@type"] ?? []].flat();
  const properties = Object.keys(node).filter((key) => !key.startsWith("@"));
  for (const type of own) if (!types.has(type)) yield `${where}: ${type} is no type of schema.org`;
  if (own.length === 0 && properties.length > 0) yield `${where}: a node without a type`;
  for (const key of Object.keys(node)) {
    if (key.startsWith("@") && !["@id", "@type", "@graph", "@context"].includes(key)) {
      yield `${where}: ${key} is no keyword that is used here`;
    }
  }
  for (const property of properties) {
    if (own.length > 0 && !own.some((type) => has(types, type, property))) {
      yield `${where}: ${property} is no property of ${own.join(", ")}`;
    }
    yield* faults(types, node[property], `${where}.${property}`);
  }
}

const ENTITIES = { amp: "&", lt: "<", gt: ">", quot: '"', "#39": "'" };

/** The JSON-LD of a page, parsed. A script's text is no HTML: it is taken as it stands. */
function* graphsOf(html) {
  for (const [, attributes, text] of html.matchAll(/<script\b([^>]*)>([\s\S]*?)<\/script>/gi)) {
    const type = /\btype\s*=\s*["']?([^"'\s>]+)/i.exec(attributes)?.[1] ?? "";
    const plain = type.replace(/&(\w+|#39);/g, (whole, name) => ENTITIES[name] ?? whole);
    if (plain.toLowerCase() === "application/ld+json") yield JSON.parse(text);
  }
}

/** Every page named by an argument: [name, HTML]. */
async function* pagesOf(argument) {
  if (argument.startsWith("@")) {
    const lines = readFileSync(argument.slice(1), "utf8").split("\n");
    for (const line of lines.map((line) => line.trim()).filter(Boolean)) yield* pagesOf(line);
  } else if (/^https?:\/\//.test(argument)) {
    const answer = await fetch(argument, { redirect: "error" });
    if (!answer.ok) throw new Error(`${argument} answers ${answer.status}`);
    yield [argument, await answer.text()];
  } else if (statSync(argument).isDirectory()) {
    for (const name of readdirSync(argument).sort()) {
      const path = join(argument, name);
      if (statSync(path).isDirectory() || /\.html?$/.test(name)) yield* pagesOf(path);
    }
  } else {
    yield [argument, readFileSync(argument, "utf8")];
  }
}

async function main(args) {
  const at = args.indexOf("--vocabulary");
  const folder = at < 0 ? "node_modules/schema-dts" : args.splice(at, 2)[1];
  if (!folder || args.length === 0) throw new Error("usage: schema_org.mjs [--vocabulary FOLDER] PAGES...");
  const types = readVocabulary(folder);
  const [wrong, used] = [[], new Set()];
  let [pages, graphs] = [0, 0];
  const note = (value) => {
    for (const type of [value?.["@type"] ?? []].flat()) used.add(type);
    if (value && typeof value === "object") Object.values(value).forEach(note);
  };
  for (const argument of args) {
    for await (const [name, html] of pagesOf(argument)) {
      pages += 1;
      try {
        for (const graph of graphsOf(html)) {
          graphs += 1;
          if (graph["@context"] !== "https://schema.org") wrong.push(`${name}: the context is ${graph["@context"]}`);
          note(graph["@graph"]);
          for (const fault of faults(types, graph["@graph"] ?? graph, "@graph")) wrong.push(`${name}: ${fault}`);
        }
      } catch (error) {
        wrong.push(`${name}: ${error.message}`);
      }
    }
  }
  if (graphs === 0) throw new Error(`no JSON-LD in ${pages} pages`);
  for (const fault of wrong) console.log(fault);
  console.log(`${graphs} graphs of ${pages} pages: ${wrong.length} faults; types: ${[...used].sort().join(" ")}`);
  return wrong.length > 0 ? 1 : 0;
}

main(process.argv.slice(2)).then(
  (code) => (process.exitCode = code),
  (error) => {
    console.error(`schema_org: ${error.message}`);
    process.exitCode = 2;
  },
);
