import { Badge, Card, Group, Stack, Text, ThemeIcon } from "@mantine/core";
import { IconCircleFilled } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { Link } from "wouter";
import { api } from "../api/api";
import type { Push, PushDetail, ReviewDetail } from "../api/types";
import { useLanguage } from "../i18n/language";
import { useTexts, type Translate } from "../i18n/texts";
import { FailureCard } from "./FailureCard";
import { State } from "./State";
import { Time } from "./Time";

/** Something that happened on the road of an event. */
export function Milestone({ color, title, at, children }: { color: string; title: ReactNode; at?: string | null; children?: ReactNode }) {
    return (
        <Group align="flex-start" wrap="nowrap" gap="sm">
            <ThemeIcon size="sm" radius="xl" variant="light" color={color} mt={14}>
                <IconCircleFilled size={8} />
            </ThemeIcon>
            <Card flex={1} padding="md" miw={0}>
                <Group justify="space-between" align="flex-start" wrap="nowrap" mb={children ? "xs" : 0}>
                    <Text fw={600} component="div" className="stranger" miw={0}>{title}</Text>
                    {at && <Time at={at} />}
                </Group>
                {children}
            </Card>
        </Group>
    );
}

export function ReviewMilestone({ id }: { id: number }) {
    const t = useTexts();
    const review = useQuery({
        queryKey: ["review", id],
        queryFn: () => api.get<ReviewDetail>(`/reviews/${id}`),
        refetchInterval: ({ state }) => (state.data?.status === "pending" ? 4_000 : false),
    });
    if (review.isError) return <FailureCard error={review.error} retry={review.refetch} />;
    if (!review.data) return null;
    const { status, decision, model, tokens_used, score, summary, reason, completed_at } = review.data;
    const color = { completed: "green", failed: "red", skipped: "gray", pending: "blue" }[status as string] ?? "gray";
    return (
        <Milestone color={color} title={<Group gap="xs">{t("event.review")} <State state={status} /> {decision && <Badge variant="outline">{decision}</Badge>}</Group>} at={completed_at}>
            <Text size="sm" c="dimmed">
                {[model, tokens_used > 0 && t("event.tokens", { count: tokens_used }), score !== null && t("event.score", { score })].filter(Boolean).join(" · ")}
            </Text>
            {(summary ?? reason) && <Text size="sm" className="stranger" lineClamp={6}>{summary ?? reason}</Text>}
        </Milestone>
    );
}

const COLORS: Record<string, string> = { success: "green", failed: "red", pending: "blue" };

/** The road of one push: the message, each attempt, and what it waits for. */
export function Lane({ id, entry }: { id: number; entry?: Push }) {
    const t = useTexts();
    const language = useLanguage();
    const push = useQuery({
        queryKey: ["push", id],
        queryFn: () => api.get<PushDetail>(`/pushes/${id}`),
        refetchInterval: ({ state }) => (state.data?.status === "pending" ? 4_000 : false),
    });
    if (push.isError) return <FailureCard error={push.error} retry={push.refetch} />;
    const data = push.data;
    const name = data?.target.name ?? entry?.target_name ?? `#${data?.target.id ?? entry?.target_id}`;
    if (!data) return <Milestone color={COLORS[entry?.status ?? ""] ?? "gray"} title={name} />;
    const why = whyNotYet(t, data, language);
    return (
        <Milestone
            color={COLORS[data.status] ?? "gray"}
            title={<Group gap="xs"><Link href={`/pushes/${id}`} className="stranger">{name}</Link> <Text size="sm" c="dimmed">{data.target.type}</Text> <State state={data.state} /></Group>}
            at={data.pushed_at ?? data.created_at}
        >
            <Stack gap="xs" className="lane">
                {data.content.title && (
                    <Text size="sm" className="stranger">
                        {t("push.rendered", { template: data.template?.name ?? "—" })}: <b>{data.content.title}</b>
                    </Text>
                )}
                {data.attempts.map((attempt) => (
                    <Group key={attempt.attempt} gap="xs" align="flex-start">
                        <Text size="sm" c="dimmed">{t("push.attempt", { number: attempt.attempt })}</Text>
                        <State state={attempt.outcome} />
                        <Text size="sm">{attempt.duration_ms.toFixed(0)} ms</Text>
                        <Time at={attempt.started_at} />
                        {attempt.detail && <Text size="sm" className="stranger" w="100%">{attempt.detail}</Text>}
                    </Group>
                ))}
                {why && <Text size="sm" fw={500} className="stranger">{why}</Text>}
                {data.reason && data.status === "failed" && data.reason !== data.attempts.at(-1)?.detail && <Text size="sm" c="red" className="stranger">{data.reason}</Text>}
                <Chain push={data} />
            </Stack>
        </Milestone>
    );
}

/** Why a push has not gone out yet, and when that ends. */
export function whyNotYet(t: Translate, push: PushDetail, language: string): string | undefined {
    if (push.state === "parked") return t("why.parked", { type: push.target.type ?? "" });
    if (push.status !== "pending") return undefined;
    const until = push.next_attempt_at
        ? new Intl.DateTimeFormat(language, { dateStyle: "medium", timeStyle: "medium" }).format(new Date(push.next_attempt_at))
        : "";
    if (push.waits_for === "quiet_hours") return t("why.quiet", { until });
    if (push.waits_for) return t("why.waits", { what: push.waits_for, until });
    if (push.attempts.length > 0) return t("why.retry", { until, error: push.error_msg ?? "" });
    return t("why.turn");
}

/** Where else its story goes on. */
function Chain({ push }: { push: PushDetail }) {
    const t = useTexts();
    const links = [
        ["push.retryOf", push.retry_of],
        ["push.supersededBy", push.superseded_by],
        ["push.carriedBy", push.carried_by === push.id ? null : push.carried_by],
    ] as const;
    return (
        <Group gap="md">
            {links.map(([key, id]) => id !== null && <Link key={key} href={`/pushes/${id}`}>{t(key, { id })}</Link>)}
            {push.carries !== null && push.carries > 1 && <Link href={`/pushes?carried_by=${push.id}`}>{t("push.carries", { count: push.carries })}</Link>}
        </Group>
    );
}
