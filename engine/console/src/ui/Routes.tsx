import { Badge, Card, Group, Stack, Table, Text } from "@mantine/core";
import { IconCheck, IconQuestionMark, IconX } from "@tabler/icons-react";
import { Link } from "wouter";
import type { Routes as Found } from "../api/types";
import { keyOf, useTexts } from "../i18n/texts";
import { useTargetNames } from "./targetNames";

const COLORS: Record<string, string> = { routes: "green", mutes: "orange", muted: "orange", awaits_review: "blue" };
const SIGNS = { yes: [IconCheck, "green"], no: [IconX, "red"], unknown: [IconQuestionMark, "gray"] } as const;

/** Who hears of an event by the rules of now, and what each rule makes of it. */
export function Routes({ routes }: { routes: Found }) {
    const t = useTexts();
    const name = useTargetNames();
    const ruleName = (id: number) => routes.rules.find((rule) => rule.id === id)?.name ?? String(id);
    return (
        <Stack>
            <Card>
                <Stack gap="xs">
                    {routes.targets.length === 0 && (
                        <Text size="sm">{routes.muted_by === null ? t("routes.nobody") : t("routes.muted", { name: ruleName(routes.muted_by) })}</Text>
                    )}
                    {routes.targets.map((heard) => (
                        <Group key={heard.target_id} gap="xs">
                            <Link href={`/targets/${heard.target_id}`} className="stranger"><bdi>{name(heard.target_id)}</bdi></Link>
                            {heard.linked && <Badge variant="light" color="gray" tt="none">{t("routes.linked")}</Badge>}
                            {heard.rules.map((id) => (
                                <Badge key={id} variant="light" tt="none" maw={260} component={Link} href={`/rules/${id}`} style={{ cursor: "pointer" }}><bdi>{ruleName(id)}</bdi></Badge>
                            ))}
                            {heard.urgent && <Badge variant="light" color="orange" tt="none">{t("rule.urgent")}</Badge>}
                            {heard.mentions.length > 0 && <Text size="sm" c="dimmed" className="stranger"><bdi>{t("routes.calls", { names: heard.mentions.join(", ") })}</bdi></Text>}
                        </Group>
                    ))}
                    {routes.bookkeeping && <Text size="sm" c="dimmed">{t("routes.bookkeeping")}</Text>}
                    {routes.awaits_review && <Text size="sm" c="dimmed">{t("routes.awaitsReview")}</Text>}
                </Stack>
            </Card>
            {routes.rules.length === 0 && <Text size="sm" c="dimmed">{t("routes.noRules")}</Text>}
            {routes.rules.map((rule) => (
                <Card key={rule.id} padding="sm">
                    <Group justify="space-between" wrap="nowrap" align="flex-start">
                        <Link href={`/rules/${rule.id}`} className="stranger"><bdi>{rule.name}</bdi></Link>
                        <Badge variant="light" color={COLORS[rule.outcome] ?? "gray"} tt="none" style={{ flex: "none" }}>{t(keyOf("outcome", rule.outcome, "outcome.unknown"))}</Badge>
                    </Group>
                    {rule.changed_since && <Text size="xs" c="dimmed">{t("routes.changedSince")}</Text>}
                    {rule.clauses.length > 0 && (
                        <Table mt="xs" layout="fixed" verticalSpacing={4}>
                            <Table.Tbody>
                                {rule.clauses.map((clause) => {
                                    const [Sign, color] = SIGNS[clause.met as keyof typeof SIGNS] ?? SIGNS.unknown;
                                    return (
                                        <Table.Tr key={clause.clause}>
                                            <Table.Td w={36}><Sign size={16} color={`var(--mantine-color-${color}-filled)`} aria-label={t(keyOf("met", clause.met, "met.unknown"))} /></Table.Td>
                                            <Table.Td w="40%"><Text size="sm">{t(keyOf("clause", clause.clause, "clause.other"), { name: clause.clause })}</Text></Table.Td>
                                            <Table.Td><Text size="sm" c="dimmed" className="stranger"><bdi>{clause.found ?? "—"}</bdi></Text></Table.Td>
                                        </Table.Tr>
                                    );
                                })}
                            </Table.Tbody>
                        </Table>
                    )}
                </Card>
            ))}
        </Stack>
    );
}
