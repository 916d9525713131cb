import { Accordion, Button, Card, Checkbox, MultiSelect, NumberInput, SegmentedControl, Select, SimpleGrid, Stack, TagsInput, Text, Textarea, TextInput } from "@mantine/core";
import { useState, type FormEvent } from "react";
import { asFailure } from "../api/failure";
import type { Rule } from "../api/types";
import { type Key, keyOf, useTexts } from "../i18n/texts";
import { FailureCard } from "./FailureCard";
import { LISTS, type Match } from "./ruleWords";
import { useTargets } from "./targetNames";

export interface RuleFields {
    name: string;
    mode: string;
    match: Match;
    when: string | null;
    once: string;
    again_after_minutes: number | null;
    target_ids: number[];
    instead: boolean;
    urgent: boolean;
    ends_at: string | null;
}

interface Props {
    old?: Rule;
    save: (fields: RuleFields) => void;
    saving: boolean;
    error: unknown;
}

const MODES = ["route", "mute", "otherwise"];
const ONCE = ["event", "head", "subject"];
const SEVERITIES = ["critical", "high", "medium", "low", "info"];
const DECISIONS = ["APPROVED", "REQUEST_CHANGES", "COMMENT"];
const EVENTS = [
    "push", "tag_push", "merge_request", "merge_request.opened", "merge_request.merged", "comment", "issue", "release",
    "pipeline", "pipeline.failed", "pipeline.fixed", "deployment", "alert", "alert.firing", "alert.resolved", "custom",
];
/** What most rules ask comes first; the rest is folded away. */
const FIRST = 3;

export function RuleForm({ old, save, saving, error }: Props) {
    const t = useTexts();
    const targets = useTargets();
    const [name, setName] = useState(old?.name ?? "");
    const [mode, setMode] = useState<string>(old?.mode ?? "route");
    const [match, setMatch] = useState<Match>((old?.match as Match) ?? {});
    const [when, setWhen] = useState(old?.when ?? "");
    const [once, setOnce] = useState<string>(old?.once ?? "event");
    const [again, setAgain] = useState<number | null>(old?.again_after_minutes ?? null);
    const [to, setTo] = useState((old?.target_ids ?? []).map(String));
    const [instead, setInstead] = useState(old?.instead ?? false);
    const [urgent, setUrgent] = useState(old?.urgent ?? false);
    const [ends, setEnds] = useState(local(old?.ends_at ?? null));
    const failure = error ? asFailure(error) : undefined;
    const set = (change: Match) => setMatch({ ...match, ...change });
    const send = (event: FormEvent) => {
        event.preventDefault();
        save({
            name,
            mode,
            match: tidy(match),
            when: when.trim() || null,
            once,
            again_after_minutes: once === "event" ? null : again,
            target_ids: to.map(Number),
            instead: mode === "route" && instead,
            urgent: mode !== "mute" && urgent,
            ends_at: mode === "mute" && ends ? new Date(ends).toISOString() : null,
        });
    };
    const list = (field: (typeof LISTS)[number]) => (
        <TagsInput
            key={field}
            label={t(`clause.${field}` as Key)}
            description={t(`clauseHint.${field}` as Key)}
            value={match[field] ?? []}
            onChange={(entries) => set({ [field]: entries })}
            data={field === "events" ? EVENTS : []}
            error={failure?.of(`match.${field}`)}
            acceptValueOnBlur
        />
    );
    const labels = (how: "all" | "any" | "none") => (
        <TagsInput
            label={t(`clause.labels.${how}` as Key)}
            value={match.labels?.[how] ?? []}
            onChange={(entries) => set({ labels: { ...match.labels, [how]: entries } })}
            error={failure?.of(`match.labels.${how}`)}
            acceptValueOnBlur
        />
    );
    const flag = (field: "bot" | "draft") => (
        <Select
            label={t(`clause.${field}` as Key)}
            data={[{ value: "true", label: t("form.yes") }, { value: "false", label: t("form.no") }]}
            value={match[field] === undefined ? null : String(match[field])}
            onChange={(value) => set({ [field]: value === null ? undefined : value === "true" })}
            placeholder={t("rule.any")}
            clearable
        />
    );
    const severities = SEVERITIES.map((value) => ({ value, label: t(keyOf("severity", value, "severity.info")) }));
    return (
        <form onSubmit={send}>
            <Stack>
                {error ? <FailureCard error={error} /> : null}
                <Card>
                    <Stack>
                        <TextInput label={t("column.name")} value={name} onChange={(event) => setName(event.currentTarget.value)} error={failure?.of("name")} maxLength={100} required />
                        <div>
                            <SegmentedControl aria-label={t("column.mode")} value={mode} onChange={setMode} data={MODES.map((value) => ({ value, label: t(`mode.${value}` as Key) }))} />
                            <Text size="sm" c="dimmed" mt={4}>{t(`modeHint.${mode}` as Key)}</Text>
                        </div>
                        <MultiSelect
                            label={t("nav.targets")}
                            description={mode === "mute" ? t("rule.mutedTargets") : undefined}
                            data={targets.map((target) => ({ value: String(target.id), label: target.name }))}
                            value={to}
                            onChange={setTo}
                            error={failure?.of("target_ids")}
                            searchable
                            clearable
                        />
                        {mode === "route" && <Checkbox label={t("rule.instead")} checked={instead} onChange={(event) => setInstead(event.currentTarget.checked)} />}
                        {mode !== "mute" && <Checkbox label={t("rule.urgentHint")} checked={urgent} onChange={(event) => setUrgent(event.currentTarget.checked)} />}
                        {mode === "mute" && <TextInput type="datetime-local" label={t("rule.ends")} value={ends} onChange={(event) => setEnds(event.currentTarget.value)} error={failure?.of("ends_at")} w="fit-content" />}
                    </Stack>
                </Card>
                <Card>
                    <Stack>
                        <Text size="sm" c="dimmed">{t("rule.asks")}</Text>
                        {LISTS.slice(0, FIRST).map(list)}
                        <Accordion variant="contained">
                            <Accordion.Item value="more">
                                <Accordion.Control>{t("rule.more")}</Accordion.Control>
                                <Accordion.Panel>
                                    <Stack>
                                        {LISTS.slice(FIRST).map(list)}
                                        <SimpleGrid cols={{ base: 1, sm: 3 }}>
                                            {labels("all")}
                                            {labels("any")}
                                            {labels("none")}
                                        </SimpleGrid>
                                        <SimpleGrid cols={{ base: 1, sm: 3 }}>
                                            {flag("bot")}
                                            {flag("draft")}
                                            <Select label={t("clause.severity")} data={severities} value={match.severity ?? null} onChange={(value) => set({ severity: value ?? undefined } as Match)} placeholder={t("rule.any")} clearable />
                                            <NumberInput label={t("clause.min_commits")} value={match.min_commits ?? ""} onChange={(value) => set({ min_commits: Number(value) || undefined } as Match)} min={1} error={failure?.of("match.min_commits")} />
                                            <NumberInput label={t("clause.min_files")} value={match.min_files ?? ""} onChange={(value) => set({ min_files: Number(value) || undefined } as Match)} min={1} error={failure?.of("match.min_files")} />
                                        </SimpleGrid>
                                        <SimpleGrid cols={{ base: 1, sm: 3 }}>
                                            <MultiSelect label={t("clause.review.decisions")} data={DECISIONS} value={match.review?.decisions ?? []} onChange={(decisions) => set({ review: { ...match.review, decisions } })} clearable />
                                            <NumberInput label={t("clause.review.score_below")} value={match.review?.score_below ?? ""} onChange={(value) => set({ review: { ...match.review, score_below: Number(value) || undefined } } as Match)} min={1} max={100} error={failure?.of("match.review.score_below")} />
                                            <Select label={t("clause.review.severity")} data={severities} value={match.review?.severity ?? null} onChange={(value) => set({ review: { ...match.review, severity: value ?? undefined } } as Match)} placeholder={t("rule.any")} clearable />
                                        </SimpleGrid>
                                    </Stack>
                                </Accordion.Panel>
                            </Accordion.Item>
                        </Accordion>
                        <Textarea
                            label={t("clause.when")}
                            description={t("clauseHint.when")}
                            value={when}
                            onChange={(event) => setWhen(event.currentTarget.value)}
                            error={failure?.of("when")}
                            styles={{ input: { fontFamily: "var(--mantine-font-family-monospace)" } }}
                            spellCheck={false}
                            maxLength={2048}
                            autosize
                            minRows={2}
                        />
                        {mode !== "mute" && (
                            <SimpleGrid cols={{ base: 1, sm: 2 }}>
                                <Select label={t("rule.once")} description={t(`onceHint.${once}` as Key)} data={ONCE.map((value) => ({ value, label: t(`once.${value}` as Key) }))} value={once} onChange={(value) => setOnce(value ?? "event")} allowDeselect={false} />
                                {once !== "event" && <NumberInput label={t("rule.again")} description={t("rule.againHint")} value={again ?? ""} onChange={(value) => setAgain(Number(value) || null)} min={1} error={failure?.of("again_after_minutes")} />}
                            </SimpleGrid>
                        )}
                    </Stack>
                </Card>
                <Button type="submit" loading={saving} w="fit-content">{t("form.save")}</Button>
            </Stack>
        </form>
    );
}

/** Without what asks nothing. */
function tidy(match: Match): Match {
    const says = (value: unknown): boolean => {
        if (Array.isArray(value)) return value.length > 0;
        if (typeof value === "object" && value !== null) return Object.values(value).some(says);
        return value !== undefined && value !== "";
    };
    const kept = (of: object): object =>
        Object.fromEntries(
            Object.entries(of)
                .filter(([, value]) => says(value))
                .map(([name, value]) => [name, typeof value === "object" && !Array.isArray(value) ? kept(value) : value]),
        );
    return kept(match) as Match;
}

/** As an input of a date and time has it: in the browser's time zone. */
function local(time: string | null): string {
    if (!time) return "";
    const at = new Date(time);
    return new Date(at.getTime() - at.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}
