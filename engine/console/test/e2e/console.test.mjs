import assert from "node:assert/strict";
import { createHmac, randomUUID } from "node:crypto";
import { after, before, test } from "node:test";
import { inspect, openTab, PASSWORD, picture, startBrowser, startReceiver, startServer } from "./setup.mjs";

const HOSTILE = `<img src=x onerror="window.hacked=1"> {{.Secret}} \u202Eabc ${"x".repeat(20)}`;
const PAGES = ["/", "/setup", "/events", "/subjects", "/reviews", "/pushes", "/dead-letters", "/repos", "/repos/new", "/targets", "/targets/new", "/rules", "/rules/new", "/plugins", "/system", "/settings"];

let browser;
let receiver;
let server;
let token;

before(async () => {
    // One after the other: where one fails, `after` ends those that run, and nothing waits for them.
    receiver = await startReceiver();
    browser = await startBrowser();
    server = await startServer();
    token = (await server.api(undefined, "POST", "/auth/login", { username: "admin", password: PASSWORD })).access_token;
});

after(async () => {
    await browser?.close();
    await receiver?.stop();
    await server?.stop();
});

const as = (method, path, body) => server.api(token, method, path, body);

/** Waits until it is so. */
async function until(holds) {
    for (let left = 300; left > 0; left -= 1) {
        if (await holds()) return;
        await new Promise((resolve) => setTimeout(resolve, 100));
    }
    assert.fail(`it never was so: ${holds}`);
}

const URL_OF_REPO = "https://github.com/example/ledger";

/** A push to GitHub. */
function push(repo, message) {
    return deliver(repo, "push", {
        ref: "refs/heads/main", before: "1".repeat(40), after: "2".repeat(40), created: false, deleted: false, forced: false,
        pusher: { name: "somebody" },
        commits: [{ id: "2".repeat(40), message, timestamp: new Date().toISOString(), url: `${URL_OF_REPO}/commit/2`, author: { name: "Somebody", email: "s@example.com" }, added: [], modified: ["README.md"], removed: [] }],
    });
}

/** What GitHub tells, signed as it does. */
async function deliver(repo, kind, told) {
    const repository = { id: 1, name: "ledger", full_name: "example/ledger", html_url: URL_OF_REPO, default_branch: "main", private: true };
    const body = JSON.stringify({ repository, sender: { login: "somebody" }, ...told });
    const signature = createHmac("sha256", repo.webhook_secret).update(body).digest("hex");
    const response = await fetch(repo.webhook_url.replace(/^https?:\/\/[^/]+/, server.base), {
        method: "POST",
        headers: { "content-type": "application/json", "x-github-event": kind, "x-github-delivery": randomUUID(), "x-hub-signature-256": `sha256=${signature}` },
        body,
    });
    assert.equal(response.status, 200);
    return (await response.json()).data;
}

test("from the first start to a delivered message, without reading anything", async () => {
    const fresh = await startServer({ password: null });
    const tab = await openTab(browser, fresh.base);
    try {
        await tab.page.goto(fresh.base);
        assert.match(tab.page.url(), /\/console$/);
        await tab.page.waitForSelector("input[autocomplete=username]");
        await picture(tab, "sign-in");
        await tab.signIn(fresh.password);
        await tab.fill("Current password", fresh.password);
        await tab.fill("New password", "Another-1-not-real");
        await tab.fill("New password again", "Another-1-not-real");
        await tab.click("Change the password");
        await tab.sees("Get your first message");
        await picture(tab, "first-run");
        await tab.click("Go on");
        await tab.fill("Address of the repository", "https://github.com/example/ledger");
        await tab.click("Save");
        await tab.sees("Waiting for the first call");
        await picture(tab, "wizard-webhook");
        assert.deepEqual(await inspect(tab), []);
        await tab.click("Next");
        await tab.page.locator('::-p-aria(webhook[role="radio"])').click();
        await tab.fill("Name", "developers");
        await tab.fill("URL", receiver.url);
        await tab.click("Save and test");
        await tab.sees("The test message was delivered");
        await picture(tab, "wizard-test");
        assert.equal(receiver.received.length, 1);
        await tab.click("Finish");
        await tab.sees("Messages arrive");
        assert.deepEqual(tab.faults, []);
    } finally {
        await tab.close();
        await fresh.stop();
    }
});

test("names of strangers are text, and the road of an event is shown to its end", async () => {
    const repo = await as("POST", "/repos", { name: HOSTILE, url: "https://github.com/example/ledger", type: "github" });
    const target = await as("POST", "/targets", { name: `${HOSTILE} target`, type: "webhook", config: { url: receiver.url }, scope: "repo", repo_ids: [repo.id] });
    const { event_id: eventId } = await push(repo, HOSTILE);
    const tab = await openTab(browser, server.base);
    await tab.signIn(PASSWORD);
    await tab.go(`/events/${eventId}`);
    await tab.sees("Attempt 1");
    await tab.sees("Delivered");
    await picture(tab, "event");
    assert.deepEqual(await inspect(tab), []);
    await tab.click("Replay");
    await tab.sees("The same message");
    await picture(tab, "replay");
    assert.deepEqual(await inspect(tab), []);
    const before = receiver.received.length;
    await tab.click("Replay now");
    // A dialogue that fades out still takes clicks.
    await tab.page.waitForFunction(() => !document.querySelector("[role=dialog]"));
    await tab.page.waitForFunction(() => document.querySelectorAll("a[href*='/pushes/']").length > 2);
    await until(() => receiver.received.length > before);
    await tab.click("Raw delivery");
    await tab.sees("x-github-event");
    assert.ok(!(await tab.page.evaluate(() => document.body.textContent)).includes(repo.webhook_secret));
    for (const path of ["/", "/repos", `/repos/${repo.id}`, "/targets", `/targets/${target.id}`, "/events", "/pushes"]) {
        await tab.go(path);
        await tab.page.waitForNetworkIdle({ idleTime: 200 });
        assert.equal(await tab.page.evaluate(() => window.hacked), undefined, path);
        assert.deepEqual(await inspect(tab), [], path);
        await picture(tab, `filled${path.replaceAll("/", "-")}`);
    }
    assert.deepEqual(tab.faults, []);
    await tab.close();
});

test("a failing target is told of, mended, and its dead letters are sent again", async () => {
    receiver.status = 400;
    const repo = await as("POST", "/repos", { name: "failing", url: "https://github.com/example/failing", type: "github" });
    await as("POST", "/targets", { name: "refuses", type: "webhook", config: { url: receiver.url }, scope: "repo", repo_ids: [repo.id] });
    await push(repo, "feat: nobody hears of this");
    const tab = await openTab(browser, server.base);
    await tab.signIn(PASSWORD);
    const dead = () => as("GET", "/dead-letters/summary");
    await until(async () => (await dead()).total > 0);
    await tab.go("/dead-letters");
    await tab.sees("Send all 1 again");
    await picture(tab, "dead-letters");
    assert.deepEqual(await inspect(tab), []);
    receiver.status = 200;
    await tab.click("Send all 1 again");
    await tab.sees("1 messages would be sent again.");
    await tab.click("Send");
    await tab.sees("Every message has arrived");
    assert.deepEqual(tab.faults, []);
    await tab.close();
});

test("a rule is made, tried with an event, moved, switched off and deleted", async () => {
    const repo = await as("POST", "/repos", { name: "ruled", url: "https://github.com/example/ruled", type: "github" });
    await as("POST", "/targets", { name: "on call", type: "webhook", config: { url: receiver.url }, scope: "rules" });
    await as("POST", "/rules", { name: HOSTILE, match: { branches: ["release/*"] }, target_ids: [] , mode: "mute" });
    const { event_id: eventId } = await push(repo, "feat: by a rule");
    const tab = await openTab(browser, server.base);
    await tab.signIn(PASSWORD);
    await tab.go("/rules");
    await tab.click("Add a rule");
    await tab.fill("Name", "pushes to main");
    await tab.page.locator("::-p-xpath(//label[normalize-space(.)='Targets'])").click();
    await tab.page.locator("::-p-xpath(//*[@role='option'][contains(., 'on call')])").click();
    await tab.fill("Expression", "titel == 'x'");
    await tab.click("Save");
    await tab.sees("did you mean");
    await picture(tab, "rule-error");
    assert.deepEqual(await inspect(tab), []);
    await tab.fill("Expression", "!title.startsWith('WIP')");
    await tab.click("Save");
    await tab.sees("pushes to main");
    await picture(tab, "rules");
    assert.deepEqual(await inspect(tab), []);
    const order = async () => (await as("GET", "/rules")).list.map(({ name }) => name);
    await tab.page.locator("aria/Ask pushes to main earlier").click();
    await until(async () => (await order())[0] === "pushes to main");
    await tab.page.locator("aria/Try with one of the last events").fill(`#${eventId}`);
    await tab.page.locator(`::-p-xpath(//*[@role='option'][contains(., '#${eventId} ')])`).click();
    await tab.sees("Expression");
    await tab.sees("on call");
    await picture(tab, "rules-tried");
    assert.deepEqual(await inspect(tab), []);
    await tab.go(`/events/${eventId}`);
    await tab.click("Who hears");
    await tab.sees("pushes to main");
    await picture(tab, "event-routes");
    assert.deepEqual(await inspect(tab), []);
    await tab.go("/rules");
    await tab.page.waitForSelector("input[aria-label='pushes to main is on']");
    // The input itself is not shown: what stands for it takes clicks.
    await tab.page.$eval("input[aria-label='pushes to main is on']", (input) => input.click());
    const rule = async () => (await as("GET", "/rules")).list.find(({ name }) => name === "pushes to main");
    await until(async () => (await rule()).status === "inactive");
    await tab.click("pushes to main");
    await tab.click("Delete");
    await tab.page.locator("::-p-xpath(//*[@role='dialog']//button[normalize-space(.)='Delete'])").click();
    await until(async () => !(await rule()));
    assert.equal(await tab.page.evaluate(() => window.hacked), undefined);
    assert.deepEqual(tab.faults, []);
    await tab.close();
});

test("a merge request is shown as it is now, with what was told of it", async () => {
    const repo = await as("POST", "/repos", { name: "reviewed", url: "https://github.com/example/ledger", type: "github" });
    await as("POST", "/targets", { name: "reviewers", type: "webhook", config: { url: receiver.url }, scope: "repo", repo_ids: [repo.id] });
    await deliver(repo, "pull_request", {
        action: "opened", number: 7,
        pull_request: {
            id: 7, number: 7, title: HOSTILE, state: "open", draft: false, merged: false, html_url: "https://github.com/example/ledger/pull/7",
            user: { login: "somebody" }, head: { ref: "feature", sha: "3".repeat(40) }, base: { ref: "main", sha: "1".repeat(40) }, labels: [{ name: "urgent" }],
            commits: 1, additions: 1, deletions: 0, changed_files: 1,
        },
    });
    const tab = await openTab(browser, server.base);
    await tab.signIn(PASSWORD);
    await tab.go("/subjects");
    await tab.sees("Open");
    await picture(tab, "subjects");
    assert.deepEqual(await inspect(tab), []);
    // One filter leaves the others alone.
    await tab.go("/subjects?keyword=img");
    await tab.page.waitForSelector("tr[tabindex]");
    await tab.page.locator("input[aria-label='Kind']").click();
    await tab.page.locator("::-p-xpath(//*[@role='option'][normalize-space(.)='Merge request'])").click();
    await tab.page.waitForFunction(() => location.search === "?keyword=img&kind=merge_request");
    const [subject] = (await as("GET", `/subjects?repo_id=${repo.id}`)).list;
    await tab.go(`/subjects/${subject.id}`);
    await tab.sees("urgent");
    await tab.sees("reviewers");
    await picture(tab, "subject");
    assert.deepEqual(await inspect(tab), []);
    assert.equal(await tab.page.evaluate(() => window.hacked), undefined);
    assert.deepEqual(tab.faults, []);
    await tab.close();
});

test("a review is listed and shown, however far it got", async () => {
    const model = await as("POST", "/models", { name: "reviewer", type: "some-model", provider: "openai", api_url: `${receiver.url}/v1/chat/completions`, api_key: "test-key-not-real" });
    const repo = await as("POST", "/repos", { name: "looked at", url: "https://github.com/example/ledger", type: "github", model_id: model.id });
    await push(repo, HOSTILE);
    const list = async () => (await as("GET", `/reviews?repo_id=${repo.id}`)).list;
    await until(async () => (await list()).length === 1);
    const tab = await openTab(browser, server.base);
    await tab.signIn(PASSWORD);
    await tab.go("/reviews");
    await tab.sees("looked at");
    await picture(tab, "reviews");
    assert.deepEqual(await inspect(tab), []);
    await tab.go(`/reviews/${(await list())[0].id}`);
    await tab.sees("Somebody");
    await picture(tab, "review");
    assert.deepEqual(await inspect(tab), []);
    assert.equal(await tab.page.evaluate(() => window.hacked), undefined);
    assert.deepEqual(tab.faults, []);
    await tab.close();
});

test("a session that ends in the middle of a form loses nothing typed", async () => {
    const tab = await openTab(browser, server.base);
    await tab.signIn(PASSWORD);
    await tab.go("/repos/new");
    await tab.fill("Address of the repository", "https://github.com/example/kept");
    const cookies = await tab.page.browserContext().cookies();
    const cookie = cookies.find(({ name }) => name === "push-notify-refresh");
    assert.ok(cookie.httpOnly && cookie.secure && cookie.sameSite === "Strict");
    assert.equal(await tab.page.evaluate(() => JSON.stringify(localStorage).includes("eyJ")), false);
    const refreshed = await fetch(`${server.base}/api/v1/auth/refresh`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ refresh_token: cookie.value }),
    });
    const { access_token: other } = (await refreshed.json()).data;
    await server.api(other, "POST", "/auth/logout");
    await tab.click("Save");
    await tab.sees("Your session has ended");
    await picture(tab, "session-over");
    await tab.page.locator("[role=dialog] input[autocomplete=username]").fill("admin");
    await tab.page.locator("[role=dialog] input[autocomplete=current-password]").fill(PASSWORD);
    await tab.page.locator("[role=dialog] button[type=submit]").click();
    await tab.sees("The secret is shown only this once");
    assert.deepEqual(tab.faults, []);
    await tab.close();
});

test("the keyboard alone is enough", async () => {
    const tab = await openTab(browser, server.base);
    const { keyboard } = tab.page;
    await tab.go("/");
    await tab.page.focus("input[autocomplete=username]");
    await keyboard.type("admin");
    await keyboard.press("Tab");
    await keyboard.type(PASSWORD);
    await keyboard.press("Enter");
    await tab.page.waitForSelector("nav");
    await keyboard.down("Control");
    await keyboard.press("k");
    await keyboard.up("Control");
    await tab.page.waitForSelector("[role=dialog] input");
    await keyboard.type("Repositories");
    await keyboard.press("Enter");
    await tab.page.waitForSelector("tr[tabindex]");
    assert.match(tab.page.url(), /\/console\/repos$/);
    await tab.page.focus("tr[tabindex]");
    await keyboard.press("j");
    await keyboard.press("k");
    await keyboard.press("Enter");
    await tab.page.waitForFunction(() => /\/repos\/\d+$/.test(location.pathname));
    await tab.page.goBack();
    await tab.page.waitForFunction(() => /\/repos$/.test(location.pathname));
    await tab.close();
});

for (const [language, theme, width] of [["en-US", "light", 1280], ["en-US", "dark", 360], ["zh-CN", "dark", 1280], ["zh-CN", "light", 360]]) {
    test(`every page in ${language}, ${theme}, ${width} pixels wide`, async () => {
        const tab = await openTab(browser, server.base, { width, height: 800, language, theme });
        await tab.signIn(PASSWORD);
        for (const path of PAGES) {
            await tab.go(path);
            await tab.page.waitForNetworkIdle({ idleTime: 200 });
            await picture(tab, `${language}-${theme}-${width}${path.replaceAll("/", "-")}`);
            assert.deepEqual(await inspect(tab), [], path);
        }
        assert.deepEqual(tab.faults, []);
        await tab.close();
    });
}
