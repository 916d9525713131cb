import { Badge, Button, Card, Code, Group, Stack, Text, Title } from "@mantine/core";
import { IconRefresh } from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "wouter";
import { api } from "../api/api";
import type { ReviewComment, ReviewDetail } from "../api/types";
import { keyOf, useTexts } from "../i18n/texts";
import { Facts } from "../ui/Facts";
import { FailureCard } from "../ui/FailureCard";
import { Page } from "../ui/Page";
import { State } from "../ui/State";
import { Time } from "../ui/Time";

const COLORS: Record<string, string> = { CRITICAL: "red", HIGH: "orange", MEDIUM: "yellow", LOW: "gray" };
const WORKED_ON = ["pending", "processing"];

/** What a model found in a change, what it read of it, and what that cost. */
export default function ReviewPage({ id }: { id: number }) {
    const t = useTexts();
    const queries = useQueryClient();
    const review = useQuery({
        queryKey: ["review", id],
        queryFn: () => api.get<ReviewDetail>(`/reviews/${id}`),
        refetchInterval: ({ state }) => (WORKED_ON.includes(state.data?.status ?? "") ? 4_000 : false),
    });
    const retry = useMutation({ mutationFn: () => api.post(`/reviews/${id}/retry`), onSettled: () => queries.invalidateQueries() });
    if (review.isError) return <FailureCard error={review.error} retry={review.refetch} />;
    if (!review.data) return null;
    const data = review.data;
    const coverage = data.coverage;
    const leftOut = Object.entries(coverage?.left_out ?? {});
    return (
        <Page
            title={data.title || data.head_sha.slice(0, 12)}
            hint={<><Link href={`/events/${data.event_id}`}>{t("push.itsEvent")}</Link> · <Time at={data.created_at} /></>}
            actions={!WORKED_ON.includes(data.status) && <Button variant="default" leftSection={<IconRefresh size={16} />} loading={retry.isPending} onClick={() => retry.mutate()}>{t("review.again")}</Button>}
        >
            {retry.isError && <FailureCard error={retry.error} />}
            <Card>
                <Facts
                    facts={[
                        ["column.state", <Group key="state" gap="xs"><State state={data.status} />{data.decision && <Badge variant="outline" tt="none">{t(keyOf("decision", data.decision, "decision.COMMENT"))}</Badge>}</Group>],
                        ["column.score", data.score],
                        ["column.repo", <Link key="repo" href={`/repos/${data.repo.id}`}><bdi>{data.repo.name ?? `#${data.repo.id}`}</bdi></Link>],
                        ["column.url", data.url && <a key="url" href={data.url} rel="noreferrer" target="_blank">{data.url}</a>],
                        ["push.commit", data.head_sha],
                        ["push.author", data.author && <bdi key="author">{data.author}</bdi>],
                        ["column.reason", data.reason && <bdi key="reason">{data.reason}</bdi>],
                        ["review.model", data.model && <bdi key="model">{data.model}</bdi>],
                        ["review.prompt", data.prompt?.name && <bdi key="prompt">{data.prompt.name}</bdi>],
                        ["review.tokens", data.tokens_used > 0 ? t("review.inAndOut", { input: data.input_tokens, output: data.output_tokens }) : null],
                        ["review.cost", data.cost?.toFixed(4)],
                        ["review.took", data.duration_ms === null ? null : t("review.seconds", { seconds: (data.duration_ms / 1000).toFixed(1) })],
                        ["review.published", data.publication && <bdi key="published">{[t(keyOf("publication", data.publication, "publication.pending")), data.publication_reason].filter(Boolean).join(": ")}</bdi>],
                    ]}
                />
            </Card>
            {data.summary && (
                <Card>
                    <Title order={2} size="h4" mb="xs">{t("review.summary")}</Title>
                    <Text size="sm" className="stranger" style={{ whiteSpace: "pre-wrap" }}><bdi>{data.summary}</bdi></Text>
                </Card>
            )}
            {data.status === "completed" && (
                <Card>
                    <Stack>
                        <Title order={2} size="h4">{t("review.findings", { count: data.comments_count })}</Title>
                        {data.comments.length === 0 && <Text size="sm" c="dimmed">{t("review.noFindings")}</Text>}
                        {data.comments.map((comment) => <Finding key={`${comment.path} ${comment.line} ${comment.message}`} comment={comment} />)}
                    </Stack>
                </Card>
            )}
            {coverage && (
                <Card>
                    <Stack gap="xs">
                        <Title order={2} size="h4">{t("review.coverage")}</Title>
                        <Text size="sm">{t("review.read", { count: coverage.reviewed })}</Text>
                        {coverage.cut && <Text size="sm" c="orange">{t("review.cut")}</Text>}
                        {coverage.newest_commit_only && <Text size="sm" c="dimmed">{t("review.newestOnly")}</Text>}
                        {leftOut.length > 0 && <Text size="sm">{t("review.leftOut", { what: leftOut.map(([why, count]) => `${why} ${count}`).join(", ") })}</Text>}
                    </Stack>
                </Card>
            )}
        </Page>
    );
}

function Finding({ comment }: { comment: ReviewComment }) {
    const t = useTexts();
    const { path, line, severity, category, message, suggestion } = comment;
    return (
        <Stack gap={4}>
            <Group gap="xs">
                <Badge variant="light" color={COLORS[severity] ?? "gray"} tt="none">{t(keyOf("severity", severity.toLowerCase(), "severity.info"))}</Badge>
                <Text size="sm" c="dimmed" className="stranger"><bdi>{category}</bdi></Text>
                {path && <Code className="stranger">{line === null ? path : `${path}:${line}`}</Code>}
            </Group>
            <Text size="sm" className="stranger" style={{ whiteSpace: "pre-wrap" }}><bdi>{message}</bdi></Text>
            {suggestion && <Code block className="stranger" style={{ whiteSpace: "pre-wrap" }}>{suggestion}</Code>}
        </Stack>
    );
}
