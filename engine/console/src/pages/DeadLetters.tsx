import { Button, Card, Group, Modal, Progress, SimpleGrid, Stack, Table, Text, Title } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconMoodSmile, IconRefresh } from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "wouter";
import { api, type Listed } from "../api/api";
import type { components } from "../api/schema";
import type { DeadLetters as Summary } from "../api/types";
import { useTexts } from "../i18n/texts";
import { Empty } from "../ui/Empty";
import { FailureCard } from "../ui/FailureCard";
import { Page } from "../ui/Page";
import { State } from "../ui/State";
import { Time } from "../ui/Time";

type Replay = components["schemas"]["ReplayEntry"];
type Counted = components["schemas"]["DeadLetterReplay"];
/** Which are meant; an empty one means all. */
type Selection = { target_id?: number; state?: string };

export default function DeadLetters() {
    const t = useTexts();
    const summary = useQuery({ queryKey: ["dead letters"], queryFn: () => api.get<Summary>("/dead-letters/summary") });
    if (summary.isError) return <FailureCard error={summary.error} retry={summary.refetch} />;
    if (!summary.data) return null;
    const { total, by_state, by_target, by_reason } = summary.data;
    return (
        <Page title={t("nav.deadLetters")} hint={t("dead.hint")} actions={total > 0 && <SendAgain label={t("dead.all", { count: total })} selection={{}} />}>
            {total === 0 && <Empty icon={IconMoodSmile} text={t("dead.empty")} />}
            {total > 0 && (
                <>
                    <SimpleGrid cols={{ base: 1, md: 2 }}>
                        <Card>
                            <Title order={2} size="h4" mb="sm">{t("column.state")}</Title>
                            <Stack gap="xs">
                                {by_state.map(({ state, count }) => (
                                    <Group key={state} justify="space-between">
                                        <Group gap="xs"><State state={state} /><Text size="sm">{count}</Text></Group>
                                        <SendAgain label={t("dead.again")} selection={{ state }} compact />
                                    </Group>
                                ))}
                            </Stack>
                        </Card>
                        <Card>
                            <Title order={2} size="h4" mb="sm">{t("nav.targets")}</Title>
                            <Stack gap="xs">
                                {by_target.map(({ target_id, target_name, count }) => (
                                    <Group key={target_id} justify="space-between" wrap="nowrap">
                                        <Group gap="xs" wrap="nowrap" miw={0}>
                                            <Link href={`/pushes?target_id=${target_id}&status=failed`} className="one-line stranger">{target_name ?? `#${target_id}`}</Link>
                                            <Text size="sm">{count}</Text>
                                        </Group>
                                        <SendAgain label={t("dead.again")} selection={{ target_id }} compact />
                                    </Group>
                                ))}
                            </Stack>
                        </Card>
                    </SimpleGrid>
                    <Card>
                        <Title order={2} size="h4" mb="sm">{t("column.reason")}</Title>
                        <Stack gap="xs">
                            {by_reason.map(({ reason, count, push_id }) => (
                                <Group key={push_id} justify="space-between" wrap="nowrap" align="flex-start">
                                    <Text size="sm" className="stranger" lineClamp={3}>{reason ?? "—"}</Text>
                                    <Group gap="md" wrap="nowrap">
                                        <Text size="sm">{count}</Text>
                                        <Link href={`/pushes/${push_id}`}>{t("dead.example")}</Link>
                                    </Group>
                                </Group>
                            ))}
                        </Stack>
                    </Card>
                </>
            )}
            <Replays />
        </Page>
    );
}

/** Counts first; sends only when that was seen. */
function SendAgain({ label, selection, compact = false }: { label: string; selection: Selection; compact?: boolean }) {
    const t = useTexts();
    const queries = useQueryClient();
    const [opened, { open, close }] = useDisclosure();
    const count = useMutation({ mutationFn: () => api.post<Counted>("/dead-letters/replay", { ...selection, dry_run: true }) });
    const send = useMutation({
        mutationFn: () => api.post<Counted>("/dead-letters/replay", selection),
        onSuccess: () => {
            close();
            return queries.invalidateQueries();
        },
    });
    const ask = () => {
        open();
        count.mutate();
    };
    return (
        <>
            <Button variant={compact ? "subtle" : "filled"} size={compact ? "compact-sm" : "sm"} leftSection={<IconRefresh size={16} />} onClick={ask}>
                {label}
            </Button>
            <Modal opened={opened} onClose={close} title={t("dead.again")} closeButtonProps={{ "aria-label": t("form.cancel") }}>
                {(count.error ?? send.error) ? <FailureCard error={count.error ?? send.error} /> : null}
                <Text size="sm">{count.data ? t("dead.counted", { count: count.data.matched }) : t("dead.counting")}</Text>
                <Group justify="flex-end" mt="lg">
                    <Button variant="default" onClick={close}>{t("form.cancel")}</Button>
                    <Button disabled={!count.data?.matched} loading={send.isPending} onClick={() => send.mutate()}>{t("dead.send")}</Button>
                </Group>
            </Modal>
        </>
    );
}

function Replays() {
    const t = useTexts();
    const queries = useQueryClient();
    const replays = useQuery({
        queryKey: ["replays"],
        queryFn: () => api.get<Listed<Replay>>("/replays?size=10"),
        refetchInterval: ({ state }) => (state.data?.list.some(({ ended_at }) => !ended_at) ? 3_000 : false),
    });
    const cancel = useMutation({
        mutationFn: (id: number) => api.post(`/replays/${id}/cancel`),
        onSuccess: () => queries.invalidateQueries({ queryKey: ["replays"] }),
    });
    if (!replays.data?.list.length) return null;
    return (
        <Card>
            <Title order={2} size="h4" mb="sm">{t("dead.replays")}</Title>
            <Table className="table" layout="fixed">
                <Table.Tbody>
                    {replays.data.list.map((replay) => (
                        <Table.Tr key={replay.id}>
                            <Table.Td data-label={t("column.created")}><Time at={replay.created_at} /></Table.Td>
                            <Table.Td data-label={t("column.who")}><Text size="sm" className="one-line stranger">{replay.username}</Text></Table.Td>
                            <Table.Td data-label={t("column.state")}><State state={replay.state} /></Table.Td>
                            <Table.Td data-label={t("dead.progress")}>
                                <Group gap="xs" wrap="nowrap">
                                    <Progress w={90} value={replay.matched ? ((replay.replayed + replay.skipped) / replay.matched) * 100 : 100} aria-label={t("dead.progress")} />
                                    <Text size="sm">{replay.replayed}/{replay.matched}</Text>
                                </Group>
                            </Table.Td>
                            <Table.Td data-label="">
                                {!replay.ended_at && <Button size="compact-sm" variant="subtle" onClick={() => cancel.mutate(replay.id)}>{t("dead.cancel")}</Button>}
                            </Table.Td>
                        </Table.Tr>
                    ))}
                </Table.Tbody>
            </Table>
        </Card>
    );
}
