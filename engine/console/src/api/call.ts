import { language } from "../i18n/language";
import { Failure } from "./failure";

export type Method = "GET" | "POST" | "PUT" | "DELETE";

const BASE = "/api/v1";
const TIMEOUT_MS = 60_000;

/** One request; the `data` of its answer. Throws a `Failure`. */
export async function call<T>(method: Method, path: string, body?: unknown, token?: string): Promise<T> {
    const headers = new Headers({ "accept-language": language() });
    if (token) headers.set("authorization", `Bearer ${token}`);
    if (body !== undefined) headers.set("content-type", "application/json");
    let response: Response;
    try {
        response = await fetch(BASE + path, {
            method,
            headers,
            body: body === undefined ? null : JSON.stringify(body),
            signal: AbortSignal.timeout(TIMEOUT_MS),
        });
    } catch {
        throw new Failure("", { status: 0 });
    }
    const answer = await response.json().catch(() => ({}));
    if (response.ok) return answer.data;
    const retryAfter = Number(response.headers.get("retry-after")) || undefined;
    throw new Failure(answer.message ?? response.statusText, {
        status: response.status,
        code: answer.code,
        details: answer.details,
        requestId: answer.request_id,
        ...(retryAfter ? { retryAfter } : {}),
    });
}
