import { Button, Text } from "@mantine/core";
import { IconTimeline } from "@tabler/icons-react";
import { Link } from "wouter";
import type { Subject } from "../api/types";
import { type Key, keyOf, useTexts } from "../i18n/texts";
import { Empty } from "../ui/Empty";
import { FilterSelect } from "../ui/FilterSelect";
import { ListPage } from "../ui/ListPage";
import { Page } from "../ui/Page";
import { State } from "../ui/State";
import { Time } from "../ui/Time";

const KINDS = ["merge_request", "issue", "pipeline", "deployment", "alert", "release"];

/** What events are about, as it is now. */
export default function Subjects() {
    const t = useTexts();
    return (
        <Page title={t("nav.subjects")} hint={t("subjects.hint")}>
            <ListPage<Subject>
                path="/subjects"
                filters={["repo_id", "kind", "state"]}
                search
                every={10_000}
                href={(subject) => `/subjects/${subject.id}`}
                empty={<Empty icon={IconTimeline} text={t("subjects.empty")} action={<Button component={Link} href="/repos">{t("nav.repos")}</Button>} />}
                controls={<FilterSelect name="kind" label="column.kind" data={KINDS.map((kind) => ({ value: kind, label: t(`kind.${kind}` as Key) }))} />}
                columns={[
                    { title: "column.subject", cell: (subject) => <Link href={`/subjects/${subject.id}`} className="one-line stranger"><bdi>{subject.title || subject.key}</bdi></Link> },
                    { title: "column.kind", width: 150, cell: (subject) => <Text size="sm" className="one-line">{t(keyOf("kind", subject.kind, "kind.other"), { kind: subject.kind })}</Text> },
                    { title: "column.repo", width: "20%", cell: (subject) => <Text size="sm" className="one-line stranger"><bdi>{subject.repo_name ?? t("event.noRepo")}</bdi></Text> },
                    { title: "column.state", width: 130, cell: (subject) => subject.state && <State state={subject.state} words="is" /> },
                    { title: "column.events", width: 90, cell: (subject) => <Text size="sm">{subject.event_count}</Text> },
                    { title: "column.lastEvent", width: 140, cell: (subject) => <Time at={subject.last_event_at} /> },
                ]}
            />
        </Page>
    );
}
