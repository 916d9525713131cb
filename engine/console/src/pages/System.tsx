import { Alert, Card, Code, ScrollArea, Stack, Text, Title } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { api } from "../api/api";
import type { Health, Profile } from "../api/types";
import { useTexts } from "../i18n/texts";
import { Facts } from "../ui/Facts";
import { FailureCard } from "../ui/FailureCard";
import { Page } from "../ui/Page";
import { State } from "../ui/State";
import { Problem } from "./Overview";

export default function System() {
    const t = useTexts();
    const health = useQuery({ queryKey: ["health"], queryFn: () => api.get<Health>("/system/health") });
    const me = useQuery({ queryKey: ["me"], queryFn: () => api.get<Profile>("/auth/me"), staleTime: 60_000 });
    const isAdmin = me.data?.role === "admin";
    const config = useQuery({ queryKey: ["config"], queryFn: () => api.get<unknown>("/system/config"), enabled: isAdmin });
    if (health.isError) return <FailureCard error={health.error} retry={health.refetch} />;
    const data = health.data;
    if (!data) return null;
    return (
        <Page title={t("nav.system")} hint={t("system.hint")}>
            {data.problems.length === 0 && <Alert color="green">{t("health.well")}</Alert>}
            {data.problems.length > 0 && (
                <Alert color="orange" title={t("overview.problems")}>
                    <Stack gap="xs">{data.problems.map((problem) => <Problem key={JSON.stringify(problem)} problem={problem} />)}</Stack>
                </Alert>
            )}
            <Card>
                <Facts
                    facts={[
                        ["column.state", <State key="state" state={data.status} />],
                        ["system.version", data.version],
                        ["system.node", data.node],
                        ["system.database", data.database],
                        ["system.redis", data.redis],
                        ["system.queueAge", data.queue_age_seconds === null || data.queue_age_seconds === undefined ? "—" : `${data.queue_age_seconds} s`],
                        ["nav.deadLetters", data.dead_letters],
                    ]}
                />
            </Card>
            {isAdmin && (
                <Card>
                    <Title order={2} size="h4" mb="xs">{t("system.config")}</Title>
                    <Text size="sm" c="dimmed" mb="sm">{t("system.configHint")}</Text>
                    {config.isError && <FailureCard error={config.error} retry={config.refetch} />}
                    <ScrollArea.Autosize mah={560} viewportProps={{ tabIndex: 0 }}>
                        <Code block className="stranger" style={{ whiteSpace: "pre-wrap" }}>{JSON.stringify(config.data, null, 2)}</Code>
                    </ScrollArea.Autosize>
                </Card>
            )}
        </Page>
    );
}
