import { useLanguage, type Language } from "./language";
import { en } from "./en";
import { zh } from "./zh";

export type Key = keyof typeof en;
export type Values = Record<string, string | number>;
export type Translate = (key: Key, values?: Values) => string;

/** `zh` has the type of `en`: a text that one of them lacks is an error when types are checked. */
const TEXTS: Record<Language, Record<Key, string>> = { "en-US": en, "zh-CN": zh };

/** The text with its `{names}` filled in. */
export function translate(language: Language, key: Key, values: Values = {}): string {
    return TEXTS[language][key].replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole));
}

/** The function that says things in the language that is chosen. */
export function useTexts(): Translate {
    const language = useLanguage();
    return (key, values) => translate(language, key, values);
}

/** One of several texts whose keys differ in their ends, or `otherwise` where there is none. */
export function keyOf(start: string, end: string | null | undefined, otherwise: Key): Key {
    const key = `${start}.${end}`;
    return key in en ? (key as Key) : otherwise;
}
