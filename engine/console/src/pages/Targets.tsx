import { Button, Group, Text } from "@mantine/core";
import { IconBell, IconPlus } from "@tabler/icons-react";
import { Link } from "wouter";
import { usePlugins } from "../api/plugins";
import type { Target } from "../api/types";
import { useTexts } from "../i18n/texts";
import { Empty } from "../ui/Empty";
import { ListPage } from "../ui/ListPage";
import { Page } from "../ui/Page";
import { PluginIcon } from "../ui/PluginIcon";
import { State } from "../ui/State";
import { Time } from "../ui/Time";

export default function Targets() {
    const t = useTexts();
    const channels = usePlugins("channel").data ?? [];
    const add = (
        <Button component={Link} href="/targets/new" leftSection={<IconPlus size={16} />}>
            {t("targets.add")}
        </Button>
    );
    const icon = (id: string) => channels.find((channel) => channel.id === id)?.icon ?? null;
    return (
        <Page title={t("nav.targets")} hint={t("targets.hint")} actions={add}>
            <ListPage<Target>
                path="/targets"
                search
                href={(target) => `/targets/${target.id}`}
                empty={<Empty icon={IconBell} text={t("targets.empty")} action={add} />}
                columns={[
                    { title: "column.name", cell: (target) => <Link href={`/targets/${target.id}`} className="one-line stranger">{target.name}</Link> },
                    {
                        title: "column.type",
                        width: 170,
                        cell: (target) => (
                            <Group gap="xs" wrap="nowrap">
                                <PluginIcon plugin={{ id: target.type, icon: icon(target.type) }} size={24} />
                                <Text size="sm">{target.type}</Text>
                            </Group>
                        ),
                    },
                    { title: "column.scope", width: 130, cell: (target) => <Text size="sm">{t(`scope.${target.scope}`)}</Text> },
                    { title: "column.health", width: 130, cell: (target) => <State state={target.status === "active" ? target.health.state : target.status} /> },
                    { title: "column.sent", width: 130, cell: (target) => <Text size="sm">{target.push_count > 0 ? `${target.push_count} · ${target.success_rate}%` : "—"}</Text> },
                    { title: "column.changed", width: 130, cell: (target) => <Time at={target.updated_at} /> },
                ]}
            />
        </Page>
    );
}
