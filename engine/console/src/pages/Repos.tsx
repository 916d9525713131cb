import { Button, Text } from "@mantine/core";
import { IconGitBranch, IconPlus } from "@tabler/icons-react";
import { Link } from "wouter";
import type { Repo } from "../api/types";
import { useTexts } from "../i18n/texts";
import { Empty } from "../ui/Empty";
import { ListPage } from "../ui/ListPage";
import { Page } from "../ui/Page";
import { State } from "../ui/State";
import { Time } from "../ui/Time";

export default function Repos() {
    const t = useTexts();
    const add = (
        <Button component={Link} href="/repos/new" leftSection={<IconPlus size={16} />}>
            {t("repos.add")}
        </Button>
    );
    return (
        <Page title={t("nav.repos")} hint={t("repos.hint")} actions={add}>
            <ListPage<Repo>
                path="/repos"
                search
                href={(repo) => `/repos/${repo.id}`}
                empty={<Empty icon={IconGitBranch} text={t("repos.empty")} action={add} />}
                columns={[
                    { title: "column.name", cell: (repo) => <Link href={`/repos/${repo.id}`} className="one-line stranger">{repo.name}</Link> },
                    { title: "column.url", width: "36%", cell: (repo) => <Text size="sm" className="one-line stranger" c="dimmed">{repo.url}</Text> },
                    { title: "column.type", width: 110, cell: (repo) => <Text size="sm">{repo.type}</Text> },
                    { title: "column.targets", width: 90, cell: (repo) => <Text size="sm">{repo.target_count}</Text> },
                    { title: "column.state", width: 100, cell: (repo) => <State state={repo.status} /> },
                    { title: "column.changed", width: 130, cell: (repo) => <Time at={repo.updated_at} /> },
                ]}
            />
        </Page>
    );
}
