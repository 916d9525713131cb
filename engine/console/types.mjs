// Writes src/api/schema.d.ts: the types of the admin API, out of the text of its OpenAPI document
// that a test of the server holds to what the server answers. The file is made anew by each build
// and is not kept.

import { readFile, writeFile } from "node:fs/promises";
import openapi, { astToString } from "openapi-typescript";

const snapshot = new URL("../../tests/it/snapshot/text/openapi.snap", import.meta.url);
const schema = new URL("src/api/schema.d.ts", import.meta.url);

/** The document as its outline says it: JSON whose names have no quotes and whose lines no commas. */
function parse(lines) {
    let at = 0;
    const entry = (text) => {
        if (text === "{") return object();
        if (text === "[") return array();
        return JSON.parse(text);
    };
    const object = () => {
        const fields = {};
        for (let line = lines[at++]; line.trim() !== "}"; line = lines[at++]) {
            const [, name, rest] = /^\s*(.+?): (.*)$/.exec(line);
            fields[name] = entry(rest);
        }
        return fields;
    };
    const array = () => {
        const items = [];
        for (let line = lines[at++]; line.trim() !== "]"; line = lines[at++]) items.push(entry(line.trim()));
        return items;
    };
    return entry(lines[at++]);
}

export async function generate() {
    const text = await readFile(snapshot, "utf8");
    const [, , outline] = text.split(/^---$/m);
    const document = parse(outline.trim().split("\n"));
    const types = astToString(await openapi(document, { defaultNonNullable: false }));
    const before = await readFile(schema, "utf8").catch(() => "");
    if (before !== types) await writeFile(schema, types);
}

if (process.argv[1] === new URL(import.meta.url).pathname) await generate();
