import { Accordion, Badge, Button, Card, Code, Group, SimpleGrid, Stack, Text } from "@mantine/core";
import { IconRefresh } from "@tabler/icons-react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { api } from "../api/api";
import { type Plugin, usePlugins } from "../api/plugins";
import { useTexts } from "../i18n/texts";
import { FailureCard } from "../ui/FailureCard";
import { Page } from "../ui/Page";
import { PluginIcon } from "../ui/PluginIcon";
import { State } from "../ui/State";

const KINDS = ["provider", "channel", "ai", null] as const;

export default function Plugins() {
    const t = useTexts();
    const queries = useQueryClient();
    const plugins = usePlugins();
    const reload = useMutation({ mutationFn: () => api.post("/plugins/reload"), onSuccess: () => queries.invalidateQueries() });
    if (plugins.isError) return <FailureCard error={plugins.error} retry={plugins.refetch} />;
    return (
        <Page
            title={t("nav.plugins")}
            hint={t("plugins.hint")}
            actions={<Button variant="default" leftSection={<IconRefresh size={16} />} loading={reload.isPending} onClick={() => reload.mutate()}>{t("plugins.reload")}</Button>}
        >
            {reload.error ? <FailureCard error={reload.error} /> : null}
            {KINDS.map((kind) => {
                const list = plugins.data?.filter((plugin) => plugin.kind === kind) ?? [];
                return list.length === 0 ? null : (
                    <Stack key={kind} gap="sm">
                        <Text component="h2" fw={600} fz="lg">{t(`plugins.${kind ?? "unread"}`)}</Text>
                        <SimpleGrid cols={{ base: 1, sm: 2, lg: 3 }}>
                            {list.map((plugin) => <OnePlugin key={plugin.id} plugin={plugin} />)}
                        </SimpleGrid>
                    </Stack>
                );
            })}
        </Page>
    );
}

function OnePlugin({ plugin }: { plugin: Plugin }) {
    const t = useTexts();
    const { asked, granted } = plugin.permissions;
    const missing = asked.filter((permission) => !granted.includes(permission));
    return (
        <Card padding="md">
            <Group wrap="nowrap" align="flex-start">
                <PluginIcon plugin={plugin} />
                <div style={{ minWidth: 0, flex: 1 }}>
                    <Group justify="space-between" wrap="nowrap">
                        <Text fw={600} className="one-line stranger">{plugin.id}</Text>
                        <State state={plugin.state} />
                    </Group>
                    <Text size="sm" c="dimmed" className="stranger">{plugin.description}</Text>
                    <Text size="xs" c="dimmed">{[plugin.version, t("plugins.calls", { count: plugin.calls }), plugin.traps > 0 && t("plugins.traps", { count: plugin.traps })].filter(Boolean).join(" · ")}</Text>
                    {plugin.reason && <Text size="sm" c="red" className="stranger">{plugin.reason}</Text>}
                </div>
            </Group>
            {asked.length > 0 && (
                <Accordion variant="filled" mt="sm" chevronSize={16}>
                    <Accordion.Item value="permissions">
                        <Accordion.Control>
                            <Group gap="xs">
                                <Text size="sm">{t("plugins.permissions")}</Text>
                                {missing.length > 0 && <Badge color="orange" variant="light" tt="none">{t("plugins.missing", { count: missing.length })}</Badge>}
                            </Group>
                        </Accordion.Control>
                        <Accordion.Panel>
                            <Stack gap={4}>
                                {asked.map((permission) => (
                                    <Group key={permission} gap="xs" wrap="nowrap" justify="space-between">
                                        <Code className="stranger">{permission}</Code>
                                        <Text size="xs" c={granted.includes(permission) ? "green" : "orange"} style={{ flex: "none" }}>
                                            {t(granted.includes(permission) ? "plugins.granted" : "plugins.notGranted")}
                                        </Text>
                                    </Group>
                                ))}
                                {missing.length > 0 && (
                                    <>
                                        <Text size="xs" c="dimmed" mt="xs">{t("plugins.howToGrant")}</Text>
                                        <Code block>{`[plugins.${plugin.id}]\ngrants = ${JSON.stringify([...granted, ...missing])}`}</Code>
                                    </>
                                )}
                            </Stack>
                        </Accordion.Panel>
                    </Accordion.Item>
                </Accordion>
            )}
        </Card>
    );
}
