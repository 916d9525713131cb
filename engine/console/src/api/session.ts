import { useSyncExternalStore } from "react";
import { call } from "./call";
import { asFailure } from "./failure";
import type { components } from "./schema";

type LoggedIn = components["schemas"]["LoggedIn"];
type Issued = components["schemas"]["Issued"];

/** `over`: it ended while somebody worked. What they see stays, and goes on once they are back. */
export type Standing = "unknown" | "out" | "in" | "over";

/** Whether it is worth asking for a new access token when a page is loaded. */
const KEPT = "push-notify.session";

let standing: Standing = "unknown";
/** In memory alone; the refresh token is in a cookie that no script can read. */
let token: string | undefined;
let renewal: Promise<boolean> | undefined;
let waiting: (() => void)[] = [];
const listeners = new Set<() => void>();

function become(next: Standing) {
    standing = next;
    for (const listener of listeners) listener();
    if (next === "in") {
        for (const go of waiting) go();
        waiting = [];
    }
}

export function useStanding(): Standing {
    return useSyncExternalStore(
        (listener) => {
            listeners.add(listener);
            return () => listeners.delete(listener);
        },
        () => standing,
    );
}

export const accessToken = () => token;

/** After a page was loaded: goes on with the session that its cookie belongs to, if any. */
export async function resume() {
    if (standing !== "unknown") return;
    if (!localStorage.getItem(KEPT) || !(await renew())) become("out");
    else become("in");
}

export async function signIn(fields: Record<string, unknown>): Promise<LoggedIn> {
    const answer = await call<LoggedIn>("POST", "/auth/login", { ...fields, cookie: true });
    token = answer.access_token;
    localStorage.setItem(KEPT, "1");
    become("in");
    return answer;
}

export async function signOut() {
    await call("POST", "/auth/logout", undefined, token).catch(() => undefined);
    token = undefined;
    localStorage.removeItem(KEPT);
    become("out");
}

/** Resolves when there is a token again: at once by the cookie, or when its user has signed in. */
export async function again(): Promise<void> {
    if (await renew()) return;
    await new Promise<void>((resolve) => {
        waiting.push(resolve);
        if (standing !== "over") become("over");
    });
}

/** One for all who ask at the same time. */
function renew(): Promise<boolean> {
    renewal ??= ask().finally(() => {
        renewal = undefined;
    });
    return renewal;
}

async function ask(): Promise<boolean> {
    for (let tries = 0; tries < 4; tries += 1) {
        try {
            token = (await call<Issued>("POST", "/auth/refresh", { cookie: true })).access_token;
            return true;
        } catch (error) {
            const failure = asFailure(error);
            // Another tab was faster, and the cookie is its by now; or it has to wait its turn.
            if (![409, 429, 503].includes(failure.status)) return false;
            await new Promise((resolve) => setTimeout(resolve, 1000 * Math.min(failure.retryAfter ?? 0.5, 20)));
        }
    }
    return false;
}
