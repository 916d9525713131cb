import { Button, Text } from "@mantine/core";
import { IconInbox } from "@tabler/icons-react";
import { Link } from "wouter";
import type { EventEntry } from "../api/types";
import { keyOf, useTexts } from "../i18n/texts";
import { Empty } from "../ui/Empty";
import { FilterSelect } from "../ui/FilterSelect";
import { ListPage } from "../ui/ListPage";
import { Page } from "../ui/Page";
import { State } from "../ui/State";
import { Time } from "../ui/Time";

const STATES = ["accepted", "parked", "replayed", "discarded"] as const;

export default function Events() {
    const t = useTexts();
    return (
        <Page title={t("nav.events")} hint={t("events.hint")}>
            <ListPage<EventEntry>
                path="/events"
                filters={["repo_id", "kind", "state"]}
                every={10_000}
                href={(event) => `/events/${event.id}`}
                empty={<Empty icon={IconInbox} text={t("events.empty")} action={<Button component={Link} href="/setup">{t("nav.wizard")}</Button>} />}
                controls={<FilterSelect name="state" label="column.state" data={STATES.map((state) => ({ value: state, label: t(`state.${state}`) }))} />}
                columns={[
                    { title: "column.repo", cell: (event) => <Link href={`/events/${event.id}`} className="one-line stranger">{event.repo_name ?? t("event.noRepo")}</Link> },
                    { title: "column.kind", width: 170, cell: (event) => <Text size="sm" className="one-line">{event.kind ? t(keyOf("kind", event.kind, "kind.other"), { kind: event.kind }) : t("event.unread")}</Text> },
                    { title: "column.reason", width: "30%", cell: (event) => <Text size="sm" c="dimmed" className="one-line stranger">{event.reason ?? ""}</Text> },
                    { title: "column.state", width: 120, cell: (event) => <State state={event.state} /> },
                    { title: "column.received", width: 140, cell: (event) => <Time at={event.received_at} /> },
                ]}
            />
        </Page>
    );
}
