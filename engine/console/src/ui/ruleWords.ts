import type { Rule } from "../api/types";
import type { Key, Translate } from "../i18n/texts";

/** What a rule asks of an event, part by part, as the API writes it. */
export interface Match {
    repos?: string[];
    events?: string[];
    branches?: string[];
    source_branches?: string[];
    paths?: string[];
    labels?: { all?: string[]; any?: string[]; none?: string[] };
    authors?: string[];
    not_authors?: string[];
    bot?: boolean;
    draft?: boolean;
    severity?: string;
    states?: string[];
    min_commits?: number;
    min_files?: number;
    review?: { decisions?: string[]; score_below?: number; severity?: string };
}

/** The parts that are lists of patterns, in the order in which they are shown. */
export const LISTS = ["repos", "events", "branches", "source_branches", "paths", "authors", "not_authors", "states"] as const;

/** A line for each part that is given. */
export function asks(t: Translate, rule: Rule): string[] {
    const match = rule.match as Match;
    const lines: string[] = [];
    const say = (clause: string, value: string | number) => lines.push(`${t(`clause.${clause}` as Key)}: ${value}`);
    for (const list of LISTS) {
        const patterns = match[list];
        if (patterns?.length) say(list, patterns.join(", "));
    }
    for (const how of ["all", "any", "none"] as const) {
        const labels = match.labels?.[how];
        if (labels?.length) say(`labels.${how}`, labels.join(", "));
    }
    for (const flag of ["bot", "draft"] as const) {
        const value = match[flag];
        if (value !== undefined) say(flag, t(value ? "form.yes" : "form.no"));
    }
    if (match.severity) say("severity", match.severity);
    if (match.min_commits) say("min_commits", match.min_commits);
    if (match.min_files) say("min_files", match.min_files);
    const review = match.review;
    if (review?.decisions?.length) say("review.decisions", review.decisions.join(", "));
    if (review?.score_below) say("review.score_below", review.score_below);
    if (review?.severity) say("review.severity", review.severity);
    if (rule.when) say("when", rule.when);
    return lines;
}
