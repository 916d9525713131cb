import { Card, Code, ScrollArea, Stack, Table, Tabs, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "wouter";
import { api, type Listed } from "../api/api";
import type { EventDelivery, Profile, Push, Routes as Found } from "../api/types";
import { useTexts } from "../i18n/texts";
import { Copyable } from "../ui/Copyable";
import { Facts } from "../ui/Facts";
import { FailureCard } from "../ui/FailureCard";
import { Page } from "../ui/Page";
import { ReplayEvent } from "../ui/ReplayEvent";
import { Routes } from "../ui/Routes";
import { State } from "../ui/State";
import { Time } from "../ui/Time";
import { Lane, Milestone, ReviewMilestone } from "../ui/Timeline";

/** The normalised event as the API has it: what is shown by name here, and the rest as it is. */
interface Event {
    id: number;
    repo_id: number;
    review_id: number | null;
    state: string;
    reason: string | null;
    delivery_id: string | null;
    received_at: string;
    provider: string | null;
    kind: string | null;
    branch: string | null;
    tag: string | null;
    title?: string | null;
    url?: string | null;
    replay_ids: number[];
    repository: { full_name?: string } | null;
    sender?: { name?: string; login?: string } | null;
    [field: string]: unknown;
}

const WAITS = ["pending", "parked"];

export default function EventPage({ id }: { id: number }) {
    const t = useTexts();
    const event = useQuery({ queryKey: ["event", id], queryFn: () => api.get<Event>(`/events/${id}`) });
    const me = useQuery({ queryKey: ["me"], queryFn: () => api.get<Profile>("/auth/me"), staleTime: 60_000 });
    const isAdmin = me.data?.role === "admin";
    const pushes = useQuery({
        queryKey: ["event", id, "pushes"],
        queryFn: () => api.get<Listed<Push>>(`/pushes?event_id=${id}&size=100&sort=id&order=asc`),
        refetchInterval: ({ state }) => (state.data?.list.some((push) => WAITS.includes(push.state)) ? 4_000 : false),
    });
    if (event.isError) return <FailureCard error={event.error} retry={event.refetch} />;
    if (!event.data) return null;
    const data = event.data;
    return (
        <Page
            title={data.repository?.full_name || t("event.title", { id })}
            actions={isAdmin && <ReplayEvent id={id} />}
            hint={<>{data.kind ?? t("event.unread")} · <Time at={data.received_at} /></>}
        >
            <Tabs defaultValue="timeline" keepMounted={false}>
                <Tabs.List>
                    <Tabs.Tab value="timeline">{t("event.timeline")}</Tabs.Tab>
                    <Tabs.Tab value="routes">{t("event.routes")}</Tabs.Tab>
                    <Tabs.Tab value="event">{t("event.normalised")}</Tabs.Tab>
                    {isAdmin && <Tabs.Tab value="delivery">{t("event.delivery")}</Tabs.Tab>}
                </Tabs.List>
                <Tabs.Panel value="timeline" pt="md">
                    <Stack>
                        <Milestone color={data.state === "parked" ? "yellow" : data.state === "discarded" ? "red" : "green"} title={t("event.received")} at={data.received_at}>
                            <Facts
                                facts={[
                                    ["column.state", <State key="state" state={data.state} />],
                                    ["event.provider", data.provider],
                                    ["event.deliveryId", data.delivery_id && <Copyable key="id" text={data.delivery_id} />],
                                    ["column.repo", <Link key="repo" href={`/repos/${data.repo_id}`}>{data.repository?.full_name ?? `#${data.repo_id}`}</Link>],
                                    ["event.branch", data.branch ?? data.tag],
                                    ["column.reason", data.reason],
                                ]}
                            />
                        </Milestone>
                        {data.review_id !== null && <ReviewMilestone id={data.review_id} />}
                        {pushes.isError && <FailureCard error={pushes.error} retry={pushes.refetch} />}
                        {pushes.data?.list.map((push) => <Lane key={push.id} id={push.id} entry={push} />)}
                        {pushes.data?.list.length === 0 && (
                            <Milestone color="gray" title={t("event.noPushes")}>
                                <Text size="sm" c="dimmed">{t("event.noPushesHint")}</Text>
                            </Milestone>
                        )}
                    </Stack>
                </Tabs.Panel>
                <Tabs.Panel value="routes" pt="md">
                    <RoutesOf id={id} />
                </Tabs.Panel>
                <Tabs.Panel value="event" pt="md">
                    <Json value={data} />
                </Tabs.Panel>
                <Tabs.Panel value="delivery" pt="md">
                    <Delivery id={id} />
                </Tabs.Panel>
            </Tabs>
        </Page>
    );
}

function RoutesOf({ id }: { id: number }) {
    const routes = useQuery({ queryKey: ["event", id, "routes"], queryFn: () => api.get<Found>(`/events/${id}/routes`) });
    if (routes.isError) return <FailureCard error={routes.error} retry={routes.refetch} />;
    return routes.data ? <Routes routes={routes.data} /> : null;
}

function Json({ value }: { value: unknown }) {
    return (
        <ScrollArea.Autosize mah={640} viewportProps={{ tabIndex: 0 }}>
            <Code block className="stranger" style={{ whiteSpace: "pre-wrap" }}>
                {JSON.stringify(value, null, 2)}
            </Code>
        </ScrollArea.Autosize>
    );
}

/** As it came, but for what proves it. */
function Delivery({ id }: { id: number }) {
    const t = useTexts();
    const delivery = useQuery({ queryKey: ["event", id, "delivery"], queryFn: () => api.get<EventDelivery>(`/events/${id}/delivery`) });
    if (delivery.isError) return <FailureCard error={delivery.error} retry={delivery.refetch} />;
    if (!delivery.data) return null;
    const { headers, body, body_bytes, cut } = delivery.data;
    return (
        <Stack>
            <Card>
                <Table layout="fixed">
                    <Table.Tbody>
                        {headers.map((header) => (
                            <Table.Tr key={`${header.name} ${header.value}`}>
                                <Table.Td w="35%"><Text size="sm" c="dimmed" className="stranger">{header.name}</Text></Table.Td>
                                <Table.Td><Text size="sm" className="stranger">{header.value}</Text></Table.Td>
                            </Table.Tr>
                        ))}
                    </Table.Tbody>
                </Table>
            </Card>
            <Text size="sm" c="dimmed">{cut ? t("event.cut", { bytes: body_bytes }) : t("event.bytes", { bytes: body_bytes })}</Text>
            <ScrollArea.Autosize mah={640} viewportProps={{ tabIndex: 0 }}>
                <Code block className="stranger" style={{ whiteSpace: "pre-wrap" }}>{pretty(body)}</Code>
            </ScrollArea.Autosize>
        </Stack>
    );
}

function pretty(body: string): string {
    try {
        return JSON.stringify(JSON.parse(body), null, 2);
    } catch {
        return body;
    }
}
