import { Button, Card, Code, ScrollArea, SimpleGrid, Text, Title } from "@mantine/core";
import { IconRefresh } from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link, useLocation } from "wouter";
import { api } from "../api/api";
import type { PushDetail } from "../api/types";
import { useTexts } from "../i18n/texts";
import { Facts } from "../ui/Facts";
import { FailureCard } from "../ui/FailureCard";
import { Page } from "../ui/Page";
import { Time } from "../ui/Time";
import { Lane } from "../ui/Timeline";

export default function PushPage({ id }: { id: number }) {
    const t = useTexts();
    const queries = useQueryClient();
    const [, navigate] = useLocation();
    const push = useQuery({ queryKey: ["push", id], queryFn: () => api.get<PushDetail>(`/pushes/${id}`) });
    const retry = useMutation({
        mutationFn: () => api.post<{ new_push_id: number }>(`/pushes/${id}/retry`),
        onSuccess: async (made) => {
            await queries.invalidateQueries();
            navigate(`/pushes/${made.new_push_id}`);
        },
    });
    if (push.isError) return <FailureCard error={push.error} retry={push.refetch} />;
    if (!push.data) return null;
    const data = push.data;
    const again = data.status === "failed" && data.superseded_by === null;
    return (
        <Page
            title={data.commit.msg.split("\n")[0] || t("push.title", { id })}
            hint={<><Link href={`/events/${data.event_id}`}>{t("push.itsEvent")}</Link> · <Time at={data.created_at} /></>}
            actions={again && <Button leftSection={<IconRefresh size={16} />} loading={retry.isPending} onClick={() => retry.mutate()}>{t("push.retry")}</Button>}
        >
            {retry.error ? <FailureCard error={retry.error} /> : null}
            <Lane id={id} />
            <SimpleGrid cols={{ base: 1, md: 2 }}>
                <Card>
                    <Title order={2} size="h4" mb="sm">{t("push.about")}</Title>
                    <Facts
                        facts={[
                            ["column.repo", <Link key="repo" href={`/repos/${data.repo.id}`}>{data.repo.name ?? `#${data.repo.id}`}</Link>],
                            ["column.target", <Link key="target" href={`/targets/${data.target.id}`}>{data.target.name ?? `#${data.target.id}`}</Link>],
                            ["event.branch", data.commit.branch],
                            ["push.author", data.commit.author],
                            ["push.commit", data.commit.id],
                            ["push.files", data.commit.file_count],
                        ]}
                    />
                </Card>
                <Card>
                    <Title order={2} size="h4" mb="sm">{t("push.message")}</Title>
                    {data.content.body ? (
                        <>
                            <Text fw={600} size="sm" mb="xs" className="stranger">{data.content.title}</Text>
                            <ScrollArea.Autosize mah={420} viewportProps={{ tabIndex: 0 }}>
                                <Code block className="stranger" style={{ whiteSpace: "pre-wrap" }}>{data.content.body}</Code>
                            </ScrollArea.Autosize>
                        </>
                    ) : (
                        <Text size="sm" c="dimmed">{t("push.notRendered")}</Text>
                    )}
                </Card>
            </SimpleGrid>
        </Page>
    );
}
