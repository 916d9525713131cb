import type { Failure } from "../api/failure";
import type { Translate } from "../i18n/texts";

/** What a failure says to people, with its details. */
export function say(t: Translate, failure: Failure): string {
    if (failure.status === 0) return failure.message || t("error.unreachable");
    const pause = failure.retryAfter ? ` ${t("error.retryAfter", { seconds: failure.retryAfter })}` : "";
    return [failure.message + pause, ...failure.details].join("\n");
}
