import { ActionIcon, Badge, Button, Group, Stack, Switch, Text } from "@mantine/core";
import { IconArrowDown, IconArrowUp, IconPlus, IconRoute } from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "wouter";
import { api, type Listed } from "../api/api";
import type { Rule } from "../api/types";
import { keyOf, useTexts } from "../i18n/texts";
import { Empty } from "../ui/Empty";
import { FailureCard } from "../ui/FailureCard";
import { ListPage } from "../ui/ListPage";
import { Page } from "../ui/Page";
import { asks } from "../ui/ruleWords";
import { TryRules } from "../ui/TryRules";
import { useTargetNames } from "../ui/targetNames";

/** More are moved by the API. */
const MOVED_HERE = 100;

export default function Rules() {
    const t = useTexts();
    const queries = useQueryClient();
    const order = useQuery({ queryKey: ["rules", "order"], queryFn: () => api.get<Listed<Rule>>(`/rules?size=${MOVED_HERE}`) });
    const change = useMutation({
        mutationFn: ({ path, body }: { path: string; body: unknown }) => api.put(path, body),
        onSettled: () => queries.invalidateQueries(),
    });
    const rules = order.data?.list ?? [];
    const move = (rule: Rule, step: -1 | 1) => {
        const at = rules.findIndex(({ id }) => id === rule.id);
        const before = step < 0 ? rules[at - 1]?.id : (rules[at + 2]?.id ?? null);
        change.mutate({ path: `/rules/${rule.id}/position`, body: { before } });
    };
    const add = (
        <Button component={Link} href="/rules/new" leftSection={<IconPlus size={16} />}>
            {t("rules.add")}
        </Button>
    );
    const arrows = (rule: Rule) => {
        const at = rules.findIndex(({ id }) => id === rule.id);
        const last = rules.length - 1;
        const all = (order.data?.pagination.total ?? 0) <= MOVED_HERE;
        return (
            <Group gap={2} wrap="nowrap">
                <ActionIcon variant="subtle" color="gray" aria-label={t("rules.up", { name: rule.name })} disabled={at <= 0 || change.isPending} onClick={() => move(rule, -1)}>
                    <IconArrowUp size={16} />
                </ActionIcon>
                <ActionIcon variant="subtle" color="gray" aria-label={t("rules.down", { name: rule.name })} disabled={at < 0 || at === last || !all || change.isPending} onClick={() => move(rule, 1)}>
                    <IconArrowDown size={16} />
                </ActionIcon>
            </Group>
        );
    };
    return (
        <Page title={t("nav.rules")} hint={t("rules.hint")} actions={add}>
            <Stack>
                {change.isError && <FailureCard error={change.error} />}
                <ListPage<Rule>
                    path="/rules"
                    search
                    href={(rule) => `/rules/${rule.id}`}
                    empty={<Empty icon={IconRoute} text={t("rules.empty")} action={add} />}
                    columns={[
                        { title: "column.order", width: 96, cell: arrows },
                        { title: "column.name", cell: (rule) => <Link href={`/rules/${rule.id}`} className="stranger"><bdi>{rule.name}</bdi></Link> },
                        { title: "column.mode", width: 130, cell: (rule) => <Badge variant="light" color={rule.mode === "mute" ? "orange" : "blue"} tt="none">{t(keyOf("mode", rule.mode, "mode.route"))}</Badge> },
                        { title: "column.asks", cell: (rule) => <Asks rule={rule} /> },
                        { title: "column.goesTo", width: "18%", cell: (rule) => <GoesTo rule={rule} /> },
                        {
                            title: "column.state",
                            width: 90,
                            cell: (rule) => (
                                <Switch
                                    aria-label={t("rules.switch", { name: rule.name })}
                                    checked={rule.status === "active"}
                                    onChange={(event) => change.mutate({ path: `/rules/${rule.id}`, body: { status: event.currentTarget.checked ? "active" : "inactive" } })}
                                />
                            ),
                        },
                    ]}
                />
                {rules.length > 0 && <TryRules />}
            </Stack>
        </Page>
    );
}

function Asks({ rule }: { rule: Rule }) {
    const t = useTexts();
    const lines = asks(t, rule);
    if (lines.length === 0) return <Text size="sm" c="dimmed">{t("rules.everything")}</Text>;
    return (
        <Stack gap={0}>
            {lines.map((line) => (
                <Text key={line} size="sm" className="stranger" lineClamp={2}><bdi>{line}</bdi></Text>
            ))}
        </Stack>
    );
}

function GoesTo({ rule }: { rule: Rule }) {
    const t = useTexts();
    const targets = useTargetNames();
    if (rule.target_ids.length === 0) return <Text size="sm" c="dimmed">{t(rule.mode === "mute" ? "rules.fromAll" : "rules.toNobody")}</Text>;
    return (
        <Stack gap={0}>
            {rule.target_ids.map((id) => (
                <Link key={id} href={`/targets/${id}`} className="one-line stranger"><bdi>{targets(id)}</bdi></Link>
            ))}
        </Stack>
    );
}
