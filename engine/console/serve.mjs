// For work on the console: serves target/console on http://127.0.0.1:8081 as the server does, and
// hands everything else on to a server that runs (PUSH_NOTIFY, else http://127.0.0.1:8080).
// `node build.mjs --watch` beside it builds at each change.

import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import http from "node:http";

const out = new URL("../../target/console/", import.meta.url);
const TYPES = { js: "text/javascript", css: "text/css", svg: "image/svg+xml" };

async function page(response) {
    const nonce = randomBytes(16).toString("hex");
    const text = await readFile(new URL("index.html", out), "utf8");
    response.setHeader("content-type", "text/html; charset=utf-8");
    response.setHeader(
        "content-security-policy",
        `default-src 'none'; script-src 'self'; style-src 'self' 'nonce-${nonce}'; img-src 'self' data:; font-src 'self'; connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'`,
    );
    response.end(text.replaceAll("{nonce}", nonce));
}

async function asset(name, response) {
    response.setHeader("content-type", TYPES[name.split(".").pop()] ?? "application/octet-stream");
    response.end(await readFile(new URL(`assets/${name}`, out)));
}

function handOn(server, request, response) {
    const { method, headers, url } = request;
    const onward = http.request({ host: server.hostname, port: server.port, method, headers, path: url }, (answer) => {
        response.writeHead(answer.statusCode, answer.headers);
        answer.pipe(response);
    });
    onward.on("error", () => response.writeHead(502).end());
    request.pipe(onward);
}

/** Resolves to the address, once it listens. */
export async function serve(server, port) {
    const front = http.createServer((request, response) => answer(server, request, response));
    front.listen(port, "127.0.0.1");
    await once(front, "listening");
    return { base: `http://127.0.0.1:${front.address().port}`, stop: () => front.close() };
}

async function answer(server, request, response) {
    const [, asked] = /^\/console\/assets\/([\w.-]+)$/.exec(request.url) ?? [];
    try {
        if (asked) await asset(asked, response);
        else if (/^\/console(\/|\?|$)/.test(request.url)) await page(response);
        else handOn(server, request, response);
    } catch {
        response.writeHead(404).end();
    }
}

if (process.argv[1] === new URL(import.meta.url).pathname) {
    const server = new URL(process.env.PUSH_NOTIFY ?? "http://127.0.0.1:8080");
    const { base } = await serve(server, Number(process.env.PORT ?? 8081));
    console.log(`${base}/console`);
}
