// Fails when a package of the lock file has a licence that is not allowed here. What only builds or
// tests the console is in no file that anybody is given, and may also be under those of TOOLS.

import { readFile } from "node:fs/promises";

const ALLOWED = ["0BSD", "Apache-2.0", "BSD-3-Clause", "ISC", "MIT", "MIT-0", "Unlicense", "Zlib"];
const TOOLS = ["BSD-2-Clause", "BlueOak-1.0.0", "CC0-1.0", "MPL-2.0", "Python-2.0"];

const lock = JSON.parse(await readFile(new URL("package-lock.json", import.meta.url), "utf8"));
const fits = (licence, allowed) =>
    licence.replace(/[()]/g, "").split(/ OR /).some((choice) => choice.split(" AND ").every((one) => allowed.includes(one)));

const refused = Object.entries(lock.packages)
    .filter(([path]) => path)
    .filter(([, entry]) => !fits(entry.license ?? "", entry.dev ? [...ALLOWED, ...TOOLS] : ALLOWED))
    .map(([path, { license }]) => `${path}: ${license ?? "no licence"}`);
const addresses = Object.entries(lock.packages).filter(([, entry]) => entry.resolved).map(([path]) => `${path}: names an address`);

const problems = [...refused, ...addresses];
for (const problem of problems) console.error(problem);
process.exitCode = problems.length ? 1 : 0;
