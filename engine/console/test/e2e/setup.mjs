// A server of the test's own, a receiver that stands in for a channel's far side, and a browser that
// writes down what it should never see: reports of the policy, errors, requests to elsewhere.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { access, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import http from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import puppeteer from "puppeteer-core";
import { serve } from "../../serve.mjs";

const root = new URL("../../../../", import.meta.url).pathname;
const axe = await readFile(new URL("../../node_modules/axe-core/axe.min.js", import.meta.url), "utf8");
export const PASSWORD = "Admin-1-not-real";
const TIMEOUT_MS = 30_000;

/**
 * Starts the server with an empty data folder. Without `password` it makes one and prints it. With
 * CONSOLE=target the pages come from target/console, so that a change needs no build of the server.
 */
export async function startServer({ password = PASSWORD } = {}) {
    const dir = await mkdtemp(join(tmpdir(), "push-notify-console-"));
    // What the other tests have compiled of the plugins: it takes minutes.
    const compiled = join(root, "target/cwasm-cache");
    await mkdir(join(dir, "data"), { mode: 0o700 });
    await access(compiled).then(() => symlink(compiled, join(dir, "data/plugin-cache"))).catch(() => undefined);
    const lines = [
        "[server]", 'listen = "127.0.0.1:0"', `data_dir = "${dir}/data"`,
        "[rate_limit]", "enabled = false", "[network]", 'allow = ["127.0.0.0/8"]',
        ...(password ? ["[auth]", `admin_password = "${password}"`] : []),
    ];
    await writeFile(join(dir, "config.toml"), lines.join("\n"), { mode: 0o600 });
    const binary = process.env.PUSH_NOTIFY_BINARY || join(root, "target/debug/push-notify-under-test");
    const child = spawn(binary, ["serve", "--config", join(dir, "config.toml")], { cwd: dir });
    let said = "";
    const heard = async (pattern) => {
        for (let left = 3000; left > 0; left -= 1) {
            const found = pattern.exec(said);
            if (found) return found;
            if (child.exitCode !== null) break;
            await new Promise((resolve) => setTimeout(resolve, 100));
        }
        throw new Error(`the server does not start:\n${said}`);
    };
    for (const stream of [child.stdout, child.stderr]) stream.on("data", (text) => (said += text));
    let front;
    const stop = async () => {
        front?.stop();
        if (child.exitCode === null) {
            child.kill("SIGTERM");
            await once(child, "exit");
        }
        await rm(dir, { recursive: true, force: true });
    };
    try {
        const [, direct] = await heard(/listening on (http:\/\/[\d.:]+)/);
        await heard(/the plugins are loaded/);
        const printed = password ?? (await heard(/password {3}(\S+)/))[1];
        if (process.env.CONSOLE === "target") front = await serve(new URL(direct), 0);
        const base = front?.base ?? direct;
        return { base, password: printed, api: apiOf(base), stop };
    } catch (error) {
        await stop();
        throw error;
    }
}

function apiOf(base) {
    return async (token, method, path, body) => {
        const response = await fetch(`${base}/api/v1${path}`, {
            method,
            headers: { "content-type": "application/json", ...(token ? { authorization: `Bearer ${token}` } : {}) },
            ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        });
        const answer = await response.json();
        if (!response.ok) throw new Error(`${method} ${path}: ${JSON.stringify(answer)}`);
        return answer.data;
    };
}

/** The far side of a webhook channel: keeps what it gets, and refuses it when told to. */
export async function startReceiver() {
    const received = [];
    const receiver = { received, status: 200 };
    const server = http.createServer((request, response) => {
        let body = "";
        request.on("data", (part) => (body += part));
        request.on("end", () => {
            received.push(body);
            response.writeHead(receiver.status).end();
        });
    });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    receiver.url = `http://127.0.0.1:${server.address().port}/hook`;
    receiver.stop = () => new Promise((resolve) => server.close(resolve));
    return receiver;
}

export async function startBrowser() {
    const executablePath = process.env.CHROMIUM ?? "/usr/bin/chromium";
    // As root Chromium has no sandbox; it shows nothing but our own pages.
    const args = process.getuid() === 0 ? ["--no-sandbox"] : [];
    return puppeteer.launch({ executablePath, args: [...args, "--disable-dev-shm-usage", "--lang=en-US"] });
}

/** A tab of its own session, as wide as asked for. */
export async function openTab(browser, base, { width = 1280, height = 860, language = "en-US", theme = "light" } = {}) {
    const context = await browser.createBrowserContext();
    const page = await context.newPage();
    const faults = [];
    page.setDefaultTimeout(TIMEOUT_MS);
    await page.setViewport({ width, height });
    await page.emulateMediaFeatures([
        { name: "prefers-color-scheme", value: theme },
        { name: "prefers-reduced-motion", value: "reduce" },
    ]);
    await page.evaluateOnNewDocument(
        (chosen) => {
            localStorage.setItem("push-notify.language", chosen);
            window.policyReports = [];
            document.addEventListener("securitypolicyviolation", (event) =>
                window.policyReports.push(`${event.violatedDirective} ${event.blockedURI} ${event.sourceFile}`),
            );
        },
        language,
    );
    page.on("pageerror", (error) => faults.push(`error: ${error.message}`));
    page.on("console", (message) => {
        if (/Content Security Policy|Warning:/.test(message.text())) faults.push(message.text());
    });
    page.on("request", (request) => {
        const url = request.url();
        if (!url.startsWith(base) && !url.startsWith("data:")) faults.push(`asks elsewhere: ${url}`);
    });
    const tab = { page, base, faults, close: () => context.close() };
    tab.go = async (path) => {
        await page.goto(`${base}/console${path}`);
        await page.waitForSelector("h1");
    };
    tab.click = (text) => page.locator(`::-p-xpath((//button|//a|//label)[normalize-space(.)=${quoted(text)}])`).click();
    tab.fill = (label, text) => page.locator(`aria/${label}`).fill(text);
    tab.sees = (text) => page.waitForFunction((wanted) => document.body.textContent.includes(wanted), {}, text);
    tab.signIn = async (password) => {
        await tab.go("/");
        await page.locator("input[autocomplete=username]").fill("admin");
        await page.locator("input[autocomplete=current-password]").fill(password);
        await page.locator("button[type=submit]").click();
        await page.waitForSelector("nav, input[autocomplete=new-password]");
    };
    return tab;
}

const quoted = (text) => (text.includes('"') ? `'${text}'` : `"${text}"`);

/** What makes the page hard to use for some, as axe finds it; and whether it is wider than its window. */
export async function inspect(tab) {
    const { page } = tab;
    const session = await page.createCDPSession();
    // By the debugger, which the page's policy does not concern.
    await session.send("Runtime.evaluate", { expression: axe });
    const serious = await page.evaluate(async () => {
        // What fades in begins with the next frames, and is pale until it is there.
        await new Promise((resolve) => setTimeout(resolve, 100));
        const running = document.getAnimations().filter((animation) => animation.effect.getTiming().iterations < Infinity);
        await Promise.allSettled(running.map((animation) => animation.finished));
        const { violations } = await window.axe.run(document, { resultTypes: ["violations"] });
        return violations
            .filter(({ impact }) => impact === "serious" || impact === "critical")
            .map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 160)).join(" | ")}`);
    });
    const wide = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
    const reports = await page.evaluate(() => window.policyReports);
    return [...serious, ...(wide > 1 ? [`the page is ${wide} pixels wider than its window`] : []), ...reports];
}

/** A picture for people, where a folder for them is named. */
export async function picture(tab, name) {
    const folder = process.env.CONSOLE_PICTURES;
    if (folder) await tab.page.screenshot({ path: join(folder, `${name}.png`), fullPage: true });
}
