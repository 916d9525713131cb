import { useSyncExternalStore } from "react";

export type Language = "zh-CN" | "en-US";

const KEPT = "push-notify.language";
const listeners = new Set<() => void>();

/** What was chosen here, else the browser's. */
let current: Language = (() => {
    const kept = localStorage.getItem(KEPT);
    if (kept === "zh-CN" || kept === "en-US") return kept;
    return navigator.languages.some((each) => each.toLowerCase().startsWith("zh")) ? "zh-CN" : "en-US";
})();
document.documentElement.lang = current;

export const language = () => current;

export function chooseLanguage(next: Language) {
    localStorage.setItem(KEPT, next);
    document.documentElement.lang = next;
    current = next;
    for (const listener of listeners) listener();
}

export function useLanguage(): Language {
    return useSyncExternalStore(
        (listener) => {
            listeners.add(listener);
            return () => listeners.delete(listener);
        },
        () => current,
    );
}
