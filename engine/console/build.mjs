// Builds the console to target/console: index.html, and below assets/ scripts and styles with their
// digests in their names. Beside each file stand its packed forms, which the server hands out as
// they are.
//
//   node build.mjs            for the server to embed
//   node build.mjs --watch    builds again at each change, unpacked, for serve.mjs

import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { promisify } from "node:util";
import zlib from "node:zlib";
import esbuild from "esbuild";
import { generate } from "./types.mjs";

const out = new URL("../../target/console/", import.meta.url);
/** What a browser loads before it shows anything, packed. */
const MOST_BYTES = 300 * 1024;
const watch = process.argv.includes("--watch");

const brotli = promisify(zlib.brotliCompress);
const gzip = promisify(zlib.gzip);

const options = {
    entryPoints: [{ in: new URL("src/main.tsx", import.meta.url).pathname, out: "main" }],
    outdir: new URL("assets/", out).pathname,
    entryNames: "[name]-[hash]",
    chunkNames: "[name]-[hash]",
    assetNames: "[name]-[hash]",
    bundle: true,
    format: "esm",
    splitting: true,
    target: ["es2022"],
    jsx: "automatic",
    minify: !watch,
    metafile: true,
    legalComments: "none",
    define: { "process.env.NODE_ENV": watch ? '"development"' : '"production"' },
    logLevel: "warning",
};

/** The page around what was built, and every file packed. */
async function finish({ metafile }) {
    const outputs = Object.entries(metafile.outputs).map(([path, output]) => ({
        name: path.split("/").pop(),
        output,
    }));
    const main = outputs.find(({ output }) => output.entryPoint?.endsWith("src/main.tsx"));
    const styles = main.output.cssBundle?.split("/").pop();
    const page = await readFile(new URL("src/index.html", import.meta.url), "utf8");
    const index = page.replace("{script}", main.name).replace("{styles}", styles);
    await writeFile(new URL("index.html", out), index);
    const files = [["index.html", index]];
    for (const { name } of outputs) {
        files.push([`assets/${name}`, await readFile(new URL(`assets/${name}`, out))]);
    }
    const sizes = new Map();
    await Promise.all(
        files.map(async ([name, bytes]) => {
            const quality = watch ? 1 : 11;
            const br = await brotli(bytes, { params: { [zlib.constants.BROTLI_PARAM_QUALITY]: quality } });
            sizes.set(name.split("/").pop(), br.length);
            await writeFile(new URL(`${name}.br`, out), br);
            await writeFile(new URL(`${name}.gz`, out), await gzip(bytes, { level: watch ? 1 : 9 }));
        }),
    );
    const first = firstLoad(metafile, main.name, styles);
    const bytes = first.reduce((sum, name) => sum + (sizes.get(name) ?? 0), 0);
    console.log(`== the console: ${files.length} files; the first load is ${Math.ceil(bytes / 1024)} KiB packed`);
    if (!watch && bytes > MOST_BYTES) throw new Error(`the first load has more than ${MOST_BYTES} bytes`);
}

/** The entry, its styles, and all that it imports before it runs. */
function firstLoad(metafile, main, styles) {
    const byName = new Map(Object.entries(metafile.outputs).map(([path, output]) => [path.split("/").pop(), output]));
    const found = new Set();
    const visit = (name) => {
        if (!name || found.has(name)) return;
        found.add(name);
        for (const imported of byName.get(name)?.imports ?? []) {
            if (imported.kind === "import-statement") visit(imported.path.split("/").pop());
        }
    };
    visit(main);
    return [...found, styles, "index.html"];
}

await generate();
await rm(out, { recursive: true, force: true });
await mkdir(new URL("assets/", out), { recursive: true });
if (watch) {
    const plugin = { name: "finish", setup: (build) => build.onEnd((result) => result.errors.length ? undefined : finish(result)) };
    const context = await esbuild.context({ ...options, plugins: [plugin] });
    await context.watch();
} else {
    await finish(await esbuild.build(options));
}
