import { Button, Card, Group, MultiSelect, SimpleGrid, Stack, Text, Title } from "@mantine/core";
import { IconPencil, IconPlayerPlay, IconTrash } from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { Link, useLocation } from "wouter";
import { api, type Listed } from "../api/api";
import type { Rehearsed, RepoDetail, Target } from "../api/types";
import { useTexts } from "../i18n/texts";
import { Confirm } from "../ui/Confirm";
import { Copyable } from "../ui/Copyable";
import { Facts } from "../ui/Facts";
import { FailureCard } from "../ui/FailureCard";
import { Page } from "../ui/Page";
import { Instructions } from "../ui/RepoSecret";
import { Steps } from "../ui/Steps";
import { State } from "../ui/State";
import { Time } from "../ui/Time";

export default function RepoPage({ id }: { id: number }) {
    const t = useTexts();
    const queries = useQueryClient();
    const [, navigate] = useLocation();
    const repo = useQuery({ queryKey: ["repo", id], queryFn: () => api.get<RepoDetail>(`/repos/${id}`) });
    const test = useMutation({ mutationFn: () => api.post<Rehearsed>(`/repos/${id}/test`) });
    const remove = useMutation({
        mutationFn: () => api.delete(`/repos/${id}`),
        onSuccess: async () => {
            navigate("/repos");
            await queries.invalidateQueries();
        },
    });
    if (repo.isError) return <FailureCard error={repo.error} retry={repo.refetch} />;
    if (!repo.data) return null;
    const data = repo.data;
    return (
        <Page
            title={data.name}
            hint={data.url}
            actions={
                <>
                    <Button leftSection={<IconPlayerPlay size={16} />} loading={test.isPending} onClick={() => test.mutate()}>
                        {t("repo.test")}
                    </Button>
                    <Button variant="default" component={Link} href={`/repos/${id}/edit`} leftSection={<IconPencil size={16} />}>
                        {t("form.change")}
                    </Button>
                    <Confirm label={t("form.delete")} icon={<IconTrash size={16} />} text={t("repo.deleteHint", { name: data.name })} run={remove.mutate} busy={remove.isPending} />
                </>
            }
        >
            {(test.error ?? remove.error) ? <FailureCard error={test.error ?? remove.error} /> : null}
            {test.data && (
                <Card>
                    <Title order={2} size="h4" mb="sm">{t("repo.tested")}</Title>
                    <Steps steps={test.data.steps} />
                </Card>
            )}
            <SimpleGrid cols={{ base: 1, md: 2 }}>
                <Card>
                    <Facts
                        facts={[
                            ["column.state", <State key="state" state={data.status} />],
                            ["column.type", data.type],
                            ["repo.webhookUrl", <Copyable key="url" text={data.webhook_url} />],
                            ["repo.events", data.webhook_events.join(", ")],
                            ["repo.pushes", `${data.push_stats.success} / ${data.push_stats.total}`],
                            ["column.changed", <Time key="time" at={data.updated_at} />],
                        ]}
                    />
                    <Group mt="md">
                        <Link href={`/events?repo_id=${id}`}>{t("repo.itsEvents")}</Link>
                        <Link href={`/pushes?repo_id=${id}`}>{t("repo.itsPushes")}</Link>
                    </Group>
                </Card>
                <LinkedTargets repo={data} />
            </SimpleGrid>
            <Card>
                <Instructions id={id} />
            </Card>
        </Page>
    );
}

function LinkedTargets({ repo }: { repo: RepoDetail }) {
    const t = useTexts();
    const queries = useQueryClient();
    const [chosen, setChosen] = useState<string[]>([]);
    const all = useQuery({ queryKey: ["targets", "all"], queryFn: () => api.get<Listed<Target>>("/targets?size=100&sort=name") });
    const link = useMutation({
        mutationFn: () => api.post(`/repos/${repo.id}/targets`, { target_ids: chosen.map(Number) }),
        onSuccess: () => {
            setChosen([]);
            return queries.invalidateQueries();
        },
    });
    const unlink = useMutation({
        mutationFn: (target: number) => api.delete(`/targets/${target}/repos/${repo.id}`),
        onSuccess: () => queries.invalidateQueries(),
    });
    const linked = new Set(repo.targets.map((target) => target.id));
    const others = all.data?.list.filter((target) => !linked.has(target.id) && target.scope === "repo") ?? [];
    return (
        <Card>
            <Title order={2} size="h4" mb="sm">{t("nav.targets")}</Title>
            <Stack gap="xs">
                {repo.targets.length === 0 && <Text size="sm" c="dimmed">{t("repo.noTargets")}</Text>}
                {repo.targets.map((target) => (
                    <Group key={target.id} justify="space-between" wrap="nowrap">
                        <Link href={`/targets/${target.id}`} className="stranger one-line">{target.name}</Link>
                        <Group gap="xs" wrap="nowrap">
                            <Text size="sm" c="dimmed">{target.type}</Text>
                            <Button size="compact-xs" variant="subtle" color="gray" onClick={() => unlink.mutate(target.id)}>{t("repo.unlink")}</Button>
                        </Group>
                    </Group>
                ))}
                {(link.error ?? unlink.error) ? <FailureCard error={link.error ?? unlink.error} /> : null}
                {others.length > 0 && (
                    <Group align="end">
                        <MultiSelect
                            label={t("repo.link")}
                            data={others.map((target) => ({ value: String(target.id), label: target.name }))}
                            value={chosen}
                            onChange={setChosen}
                            searchable
                            flex={1}
                        />
                        <Button variant="light" disabled={chosen.length === 0} loading={link.isPending} onClick={() => link.mutate()}>
                            {t("repo.doLink")}
                        </Button>
                    </Group>
                )}
                <Link href={`/targets/new?repo_id=${repo.id}`}>{t("targets.add")}</Link>
            </Stack>
        </Card>
    );
}
