import { Alert, Button, Card, Code, Group, SimpleGrid, Stack, Text, Title } from "@mantine/core";
import { IconPencil, IconSend, IconTrash } from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link, useLocation } from "wouter";
import { api } from "../api/api";
import { said, usePlugins } from "../api/plugins";
import type { TargetDetail } from "../api/types";
import { useLanguage } from "../i18n/language";
import { useTexts } from "../i18n/texts";
import { Confirm } from "../ui/Confirm";
import { Facts } from "../ui/Facts";
import { FailureCard } from "../ui/FailureCard";
import { Page } from "../ui/Page";
import { State } from "../ui/State";
import { TestMessageResult, useTestMessage } from "../ui/TestMessage";
import { Time } from "../ui/Time";

export default function TargetPage({ id }: { id: number }) {
    const t = useTexts();
    const language = useLanguage();
    const queries = useQueryClient();
    const [, navigate] = useLocation();
    const target = useQuery({ queryKey: ["target", id], queryFn: () => api.get<TargetDetail>(`/targets/${id}`) });
    const channel = usePlugins("channel").data?.find((plugin) => plugin.id === target.data?.type);
    const test = useTestMessage(id);
    const remove = useMutation({
        mutationFn: () => api.delete(`/targets/${id}`),
        onSuccess: async () => {
            navigate("/targets");
            await queries.invalidateQueries();
        },
    });
    if (target.isError) return <FailureCard error={target.error} retry={target.refetch} />;
    if (!target.data) return null;
    const data = target.data;
    const { health } = data;
    const title = (name: string) => said(channel?.config.find((field) => field.name === name)?.title, language) || name;
    return (
        <Page
            title={data.name}
            hint={data.type}
            actions={
                <>
                    <Button leftSection={<IconSend size={16} />} loading={test.isPending} onClick={() => test.mutate()}>
                        {t("target.test")}
                    </Button>
                    <Button variant="default" component={Link} href={`/targets/${id}/edit`} leftSection={<IconPencil size={16} />}>
                        {t("form.change")}
                    </Button>
                    <Confirm label={t("form.delete")} icon={<IconTrash size={16} />} text={t("target.deleteHint", { name: data.name })} run={remove.mutate} busy={remove.isPending} />
                </>
            }
        >
            {remove.error ? <FailureCard error={remove.error} /> : null}
            <TestMessageResult test={test} />
            {health.state !== "healthy" && (
                <Alert color="orange" title={<State state={health.state} />}>
                    <Text size="sm" className="stranger">{health.last_error}</Text>
                    {health.next_probe_at && <Text size="sm">{t("target.nextProbe")} <Time at={health.next_probe_at} /></Text>}
                    {health.paused_until && <Text size="sm">{t("target.pausedUntil")} <Time at={health.paused_until} /></Text>}
                </Alert>
            )}
            <SimpleGrid cols={{ base: 1, md: 2 }}>
                <Card>
                    <Title order={2} size="h4" mb="sm">{t("target.health")}</Title>
                    <Facts
                        facts={[
                            ["column.state", <State key="state" state={data.status === "active" ? health.state : data.status} />],
                            ["column.scope", t(`scope.${data.scope}`)],
                            ["target.lastSuccess", <Time key="success" at={health.last_success_at} />],
                            ["repo.pushes", `${data.push_stats.success} / ${data.push_stats.total}`],
                            ["target.quiet", data.quiet_hours?.enabled ? `${data.quiet_hours.start}–${data.quiet_hours.end} ${data.quiet_hours.timezone}` : t("form.no")],
                            ["target.digest", data.digest.enabled ? t("form.yes") : t("form.no")],
                        ]}
                    />
                    <Group mt="md">
                        <Link href={`/pushes?target_id=${id}`}>{t("repo.itsPushes")}</Link>
                    </Group>
                </Card>
                <Card>
                    <Title order={2} size="h4" mb="sm">{t("target.config")}</Title>
                    <Stack gap={6}>
                        {Object.entries(data.config).filter(([, value]) => value !== null).map(([name, value]) => (
                            <Group key={name} gap="sm" align="baseline" wrap="nowrap">
                                <Text size="sm" c="dimmed" w={160} style={{ flex: "none" }}>{title(name)}</Text>
                                <Code className="stranger">{typeof value === "string" ? value : JSON.stringify(value)}</Code>
                            </Group>
                        ))}
                    </Stack>
                    {data.repos.length > 0 && (
                        <>
                            <Title order={2} size="h4" mt="md" mb="sm">{t("nav.repos")}</Title>
                            <Stack gap={4}>
                                {data.repos.map((repo) => <Link key={repo.id} href={`/repos/${repo.id}`} className="stranger one-line">{repo.name}</Link>)}
                            </Stack>
                        </>
                    )}
                </Card>
            </SimpleGrid>
        </Page>
    );
}
