import { useQuery } from "@tanstack/react-query";
import type { Language } from "../i18n/language";
import { api, type Listed } from "./api";

/** A text in both languages, as a manifest has it; `zh` may be empty. */
export interface Said {
    en: string;
    zh?: string;
}

export interface Field {
    name: string;
    type: "string" | "integer" | "number" | "boolean" | "list" | "map";
    required: boolean;
    secret: boolean;
    format: "url" | "host" | "email" | null;
    default: unknown;
    options: unknown[];
    min: number | null;
    max: number | null;
    multiline: boolean;
    pattern: string | null;
    placeholder: string | null;
    group: Said | null;
    title: Said | null;
    help: Said | null;
}

export interface Plugin {
    id: string;
    kind: "channel" | "provider" | "ai" | null;
    version: string | null;
    contract: string | null;
    description: string | null;
    instructions: Said | null;
    icon: string | null;
    state: "active" | "loading" | "disabled" | "quarantined" | "failed";
    reason: string | null;
    digest: string | null;
    size: number | null;
    permissions: { asked: string[]; granted: string[] };
    config: Field[];
    calls: number;
    traps: number;
}

export function usePlugins(kind?: Plugin["kind"]) {
    return useQuery({
        queryKey: ["plugins"],
        queryFn: () => api.get<Listed<Plugin>>("/plugins"),
        staleTime: 60_000,
        select: ({ list }) => (kind ? list.filter((plugin) => plugin.kind === kind) : list),
    });
}

/** In the language that is chosen, as far as the manifest has it. */
export function said(text: Said | null | undefined, language: Language): string {
    if (!text) return "";
    return (language === "zh-CN" && text.zh) || text.en;
}
