import { call, type Method } from "./call";
import { asFailure } from "./failure";
import { accessToken, again } from "./session";
import type { Pagination } from "./types";

export interface Listed<T> {
    list: T[];
    pagination: Pagination;
}

/** Longer than this nobody is kept waiting for their turn without a word. */
const MOST_PATIENCE_SECONDS = 15;

/**
 * A request as whoever is signed in. If the session has ended, it waits until they are back. Reads
 * that come too fast wait their turn.
 */
async function request<T>(method: Method, path: string, body?: unknown): Promise<T> {
    let patience = 3;
    for (;;) {
        try {
            return await call<T>(method, path, body, accessToken());
        } catch (error) {
            const failure = asFailure(error);
            const pause = failure.retryAfter ?? 1;
            if (failure.status === 401) {
                await again();
            } else if (failure.status === 429 && patience > 0 && pause <= MOST_PATIENCE_SECONDS) {
                patience -= 1;
                await new Promise((resolve) => setTimeout(resolve, pause * 1000));
            } else {
                throw failure;
            }
        }
    }
}

export const api = {
    get: <T>(path: string) => request<T>("GET", path),
    post: <T>(path: string, body?: unknown) => request<T>("POST", path, body),
    put: <T>(path: string, body?: unknown) => request<T>("PUT", path, body),
    delete: <T>(path: string) => request<T>("DELETE", path),
};

/** `?a=1&b=2` of what is given. */
export function query(values: Record<string, string | number | undefined | null>): string {
    const given = Object.entries(values).filter(([, value]) => value !== undefined && value !== null && value !== "");
    const text = new URLSearchParams(given.map(([name, value]) => [name, String(value)])).toString();
    return text ? `?${text}` : "";
}
