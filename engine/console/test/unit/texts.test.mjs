import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import esbuild from "esbuild";

const texts = async (language) => {
    const source = await readFile(new URL(`../../src/i18n/${language}.ts`, import.meta.url), "utf8");
    const { code } = await esbuild.transform(source, { loader: "ts", format: "esm" });
    return (await import(`data:text/javascript,${encodeURIComponent(code)}`))[language];
};
const blanks = (text) => [...text.matchAll(/\{\w+\}/g)].map(([blank]) => blank).sort();

test("both languages say the same things, with the same blanks", async () => {
    const [en, zh] = await Promise.all([texts("en"), texts("zh")]);
    assert.deepEqual(Object.keys(zh).sort(), Object.keys(en).sort());
    for (const key of Object.keys(en)) {
        assert.ok(en[key].trim() && zh[key].trim(), `${key} says nothing`);
        assert.deepEqual(blanks(zh[key]), blanks(en[key]), key);
    }
});

test("no page asks for a text that there is not", async () => {
    const en = await texts("en");
    const { outputFiles } = await esbuild.build({
        entryPoints: [new URL("../../src/main.tsx", import.meta.url).pathname],
        bundle: true, write: false, outdir: "out", loader: { ".css": "empty" }, external: ["react", "react/*", "react-dom/*", "@mantine/*", "@tabler/*", "@tanstack/*", "wouter", "get-nonce"],
    });
    const used = [...outputFiles[0].text.matchAll(/\bt\("([a-z]+\.[A-Za-z.]+)"/gi)].map(([, key]) => key);
    assert.ok(used.length > 100);
    for (const key of used) assert.ok(key in en, key);
});
