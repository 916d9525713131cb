import { Button, Card, Group, SimpleGrid, Skeleton, Stack, Text, ThemeIcon, Title } from "@mantine/core";
import { IconCheck, IconCircle, IconInbox } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { Link } from "wouter";
import { api, type Listed } from "../api/api";
import type { EventEntry, Health, Overview as Figures } from "../api/types";
import { useLanguage } from "../i18n/language";
import { useTexts, type Key } from "../i18n/texts";
import { Empty } from "../ui/Empty";
import { FailureCard } from "../ui/FailureCard";
import { Page } from "../ui/Page";
import { State } from "../ui/State";
import { Time } from "../ui/Time";

export function Overview() {
    const t = useTexts();
    const figures = useQuery({ queryKey: ["overview"], queryFn: () => api.get<Figures>("/stats/overview") });
    const health = useQuery({ queryKey: ["health"], queryFn: () => api.get<Health>("/system/health"), staleTime: 60_000 });
    const events = useQuery({ queryKey: ["events", "newest"], queryFn: () => api.get<Listed<EventEntry>>("/events?size=10") });
    if (figures.isError) return <FailureCard error={figures.error} retry={figures.refetch} />;
    const data = figures.data;
    const newest = events.data?.list ?? [];
    const steps: [Key, boolean, string][] = [
        ["overview.step.repo", (data?.repos.total ?? 0) > 0, "/setup"],
        ["overview.step.target", (data?.targets.total ?? 0) > 0, "/setup"],
        ["overview.step.call", newest.some((event) => event.delivery_id !== null), "/setup"],
        ["overview.step.delivered", (data?.pushes.success ?? 0) > 0, "/setup"],
    ];
    const done = data && events.data && steps.every(([, ticked]) => ticked);
    return (
        <Page title={t("nav.overview")}>
            {data && events.data && !done && <SetUp steps={steps} />}
            <SimpleGrid cols={{ base: 2, md: 4 }}>
                <Figure title="overview.today" value={data?.today.total} href="/pushes" />
                <Figure title="overview.success" value={data && (data.today.success + data.today.failed > 0 ? `${data.today.rate}%` : "—")} href="/pushes" />
                <Figure title="overview.waiting" value={data?.pushes.pending} href="/pushes?status=pending" />
                <Figure title="overview.dead" value={data && (health.data?.dead_letters ?? 0)} href="/dead-letters" bad />
            </SimpleGrid>
            {(health.data?.problems.length ?? 0) > 0 && (
                <Card>
                    <Title order={2} size="h4" mb="sm">{t("overview.problems")}</Title>
                    <Stack gap="xs">
                        {health.data?.problems.map((problem) => <Problem key={JSON.stringify(problem)} problem={problem} />)}
                    </Stack>
                </Card>
            )}
            <Card>
                <Title order={2} size="h4" mb="sm">{t("overview.newest")}</Title>
                {events.isPending && <Skeleton h={120} />}
                {events.data && newest.length === 0 && (
                    <Empty icon={IconInbox} text={t("events.empty")} action={<Button component={Link} href="/setup">{t("nav.wizard")}</Button>} />
                )}
                <Stack gap={0}>
                    {newest.map((event) => (
                        <Group key={event.id} justify="space-between" wrap="nowrap" py={6}>
                            <Link href={`/events/${event.id}`} className="one-line stranger" style={{ minWidth: 0 }}>
                                {event.repo_name ?? t("event.noRepo")} · {event.kind ?? t("event.unread")}
                            </Link>
                            <Group gap="xs" wrap="nowrap">
                                <State state={event.state} />
                                <Time at={event.received_at} />
                            </Group>
                        </Group>
                    ))}
                </Stack>
            </Card>
        </Page>
    );
}

function Figure({ title, value, href, bad = false }: { title: Key; value: string | number | undefined; href: string; bad?: boolean }) {
    const t = useTexts();
    const language = useLanguage();
    const shown = typeof value === "number" ? new Intl.NumberFormat(language).format(value) : value;
    return (
        <Card component={Link} href={href} padding="md">
            <Text size="sm" c="dimmed">{t(title)}</Text>
            {shown === undefined ? <Skeleton h={32} w={64} /> : <Text fz={28} fw={600} {...(bad && value ? { c: "red" } : {})}>{shown}</Text>}
        </Card>
    );
}

function SetUp({ steps }: { steps: [Key, boolean, string][] }) {
    const t = useTexts();
    return (
        <Card>
            <Group justify="space-between" align="flex-start">
                <div>
                    <Title order={2} size="h4">{t("overview.setUp")}</Title>
                    <Text size="sm" c="dimmed">{t("overview.setUpHint")}</Text>
                </div>
                <Button component={Link} href="/setup">{t("overview.goOn")}</Button>
            </Group>
            <SimpleGrid cols={{ base: 1, xs: 2, md: 4 }} mt="md">
                {steps.map(([title, ticked]) => (
                    <Group key={title} gap="xs" wrap="nowrap">
                        <ThemeIcon size="sm" radius="xl" variant="light" color={ticked ? "green" : "gray"}>
                            {ticked ? <IconCheck size={14} /> : <IconCircle size={10} />}
                        </ThemeIcon>
                        <Text size="sm" {...(ticked ? { c: "dimmed" } : {})}>{t(title)}</Text>
                    </Group>
                ))}
            </SimpleGrid>
        </Card>
    );
}

export function Problem({ problem }: { problem: Health["problems"][number] }) {
    return <Text size="sm" className="stranger">{problem.message}</Text>;
}
