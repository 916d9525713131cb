import { Badge, Card, Group, Stack, Table, Text, Title } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "wouter";
import { api } from "../api/api";
import type { SubjectDetail } from "../api/types";
import { keyOf, useTexts } from "../i18n/texts";
import { Facts } from "../ui/Facts";
import { FailureCard } from "../ui/FailureCard";
import { Page } from "../ui/Page";
import { State } from "../ui/State";
import { Time } from "../ui/Time";

/** What something is now, what happened to it, and what was told of it. */
export default function SubjectPage({ id }: { id: number }) {
    const t = useTexts();
    const subject = useQuery({ queryKey: ["subject", id], queryFn: () => api.get<SubjectDetail>(`/subjects/${id}`), refetchInterval: 10_000 });
    if (subject.isError) return <FailureCard error={subject.error} retry={subject.refetch} />;
    if (!subject.data) return null;
    const data = subject.data;
    const kind = (name: string | null) => (name ? t(keyOf("kind", name, "kind.other"), { kind: name }) : t("event.unread"));
    return (
        <Page title={data.title || data.key} hint={<>{kind(data.kind)} · <Time at={data.last_event_at} /></>}>
            <Card>
                <Facts
                    facts={[
                        ["column.state", data.state && <State key="state" state={data.state} words="is" />],
                        ["column.repo", <Link key="repo" href={`/repos/${data.repo_id}`}><bdi>{data.repo_name ?? `#${data.repo_id}`}</bdi></Link>],
                        ["column.who", data.actor && <bdi key="who">{data.actor}</bdi>],
                        ["subject.labels", data.labels.length > 0 ? <Group key="labels" gap={4}>{data.labels.map((label) => <Badge key={label} variant="light" color="gray" tt="none"><bdi>{label}</bdi></Badge>)}</Group> : null],
                        ["column.url", data.url && <a key="url" href={data.url} rel="noreferrer" target="_blank">{data.url}</a>],
                        ["subject.first", <Time key="first" at={data.first_event_at} />],
                    ]}
                />
            </Card>
            {data.cards.length > 0 && (
                <Section title={t("subject.cards")}>
                    {data.cards.map((card) => (
                        <Table.Tr key={card.target_id}>
                            <Table.Td><Link href={`/targets/${card.target_id}`} className="stranger"><bdi>{card.target_name ?? `#${card.target_id}`}</bdi></Link></Table.Td>
                            <Table.Td><Link href={`/pushes/${card.shown_by}`}>{t("subject.shows", { id: card.shown_by })}</Link></Table.Td>
                            <Table.Td><Text size="sm" c="dimmed" className="stranger">{card.gone ?? ""}</Text></Table.Td>
                            <Table.Td w={140}><Time at={card.updated_at} /></Table.Td>
                        </Table.Tr>
                    ))}
                </Section>
            )}
            <Section title={t("nav.pushes")} empty={t("subject.noPushes")}>
                {data.pushes.map((push) => (
                    <Table.Tr key={push.id}>
                        <Table.Td><Link href={`/pushes/${push.id}`} className="stranger"><bdi>{push.target_name ?? `#${push.target_id}`}</bdi></Link></Table.Td>
                        <Table.Td><State state={push.state} /></Table.Td>
                        <Table.Td>{push.carried_by !== null && <Link href={`/pushes/${push.carried_by}`}>{t("subject.carried", { id: push.carried_by })}</Link>}</Table.Td>
                        <Table.Td w={140}><Time at={push.created_at} /></Table.Td>
                    </Table.Tr>
                ))}
            </Section>
            <Section title={t("nav.events")} empty={t("subject.noEvents")}>
                {data.events.map((event) => (
                    <Table.Tr key={event.id}>
                        <Table.Td><Link href={`/events/${event.id}`}>{kind(event.kind)}</Link></Table.Td>
                        <Table.Td><State state={event.state} /></Table.Td>
                        <Table.Td>{event.untold && <Text size="sm" c="dimmed">{t(keyOf("untold", event.untold, "untold.unknown"))}</Text>}</Table.Td>
                        <Table.Td w={140}><Time at={event.received_at} /></Table.Td>
                    </Table.Tr>
                ))}
            </Section>
        </Page>
    );
}

function Section({ title, empty, children }: { title: string; empty?: string; children: React.ReactNode[] }) {
    return (
        <Card>
            <Stack gap="xs">
                <Title order={2} size="h4">{title}</Title>
                {children.length === 0 ? (
                    <Text size="sm" c="dimmed">{empty}</Text>
                ) : (
                    <Table.ScrollContainer minWidth={520}>
                        <Table layout="fixed" verticalSpacing={6}>
                            <Table.Tbody>{children}</Table.Tbody>
                        </Table>
                    </Table.ScrollContainer>
                )}
            </Stack>
        </Card>
    );
}
