import { Button, Text } from "@mantine/core";
import { IconSend } from "@tabler/icons-react";
import { Link } from "wouter";
import type { Push } from "../api/types";
import { useTexts } from "../i18n/texts";
import { Empty } from "../ui/Empty";
import { FilterSelect } from "../ui/FilterSelect";
import { ListPage } from "../ui/ListPage";
import { Page } from "../ui/Page";
import { State } from "../ui/State";
import { Time } from "../ui/Time";

export default function Pushes() {
    const t = useTexts();
    return (
        <Page title={t("nav.pushes")} hint={t("pushes.hint")}>
            <ListPage<Push>
                path="/pushes"
                filters={["repo_id", "target_id", "event_id", "carried_by", "status"]}
                search
                every={10_000}
                href={(push) => `/pushes/${push.id}`}
                empty={<Empty icon={IconSend} text={t("pushes.empty")} action={<Button component={Link} href="/setup">{t("nav.wizard")}</Button>} />}
                controls={<FilterSelect name="status" label="column.state" data={[
                    { value: "success", label: t("state.delivered") },
                    { value: "pending", label: t("state.pending") },
                    { value: "failed", label: t("state.failed") },
                ]} />}
                columns={[
                    { title: "column.message", cell: (push) => <Link href={`/pushes/${push.id}`} className="one-line stranger">{push.commit_msg.split("\n")[0] || t("push.title", { id: push.id })}</Link> },
                    { title: "column.repo", width: "18%", cell: (push) => <Text size="sm" className="one-line stranger">{push.repo_name ?? "—"}</Text> },
                    { title: "column.target", width: "18%", cell: (push) => <Text size="sm" className="one-line stranger">{push.target_name ?? "—"}</Text> },
                    { title: "column.state", width: 130, cell: (push) => <State state={push.state} /> },
                    { title: "column.created", width: 140, cell: (push) => <Time at={push.created_at} /> },
                ]}
            />
        </Page>
    );
}
