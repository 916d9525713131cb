import { Button, Text } from "@mantine/core";
import { IconChecklist } from "@tabler/icons-react";
import { Link } from "wouter";
import type { Review } from "../api/types";
import { type Key, keyOf, useTexts } from "../i18n/texts";
import { Empty } from "../ui/Empty";
import { FilterSelect } from "../ui/FilterSelect";
import { ListPage } from "../ui/ListPage";
import { Page } from "../ui/Page";
import { State } from "../ui/State";
import { Time } from "../ui/Time";

const STATES = ["completed", "pending", "processing", "skipped", "failed"];

export default function Reviews() {
    const t = useTexts();
    return (
        <Page title={t("nav.reviews")} hint={t("reviews.hint")}>
            <ListPage<Review>
                path="/reviews"
                filters={["repo_id", "status"]}
                search
                every={10_000}
                href={(review) => `/reviews/${review.id}`}
                empty={<Empty icon={IconChecklist} text={t("reviews.empty")} action={<Button component={Link} href="/repos">{t("nav.repos")}</Button>} />}
                controls={<FilterSelect name="status" label="column.state" data={STATES.map((state) => ({ value: state, label: t(`state.${state}` as Key) }))} />}
                columns={[
                    { title: "column.subject", cell: (review) => <Link href={`/reviews/${review.id}`} className="one-line stranger"><bdi>{review.title || review.head_sha.slice(0, 12)}</bdi></Link> },
                    { title: "column.repo", width: "18%", cell: (review) => <Text size="sm" className="one-line stranger"><bdi>{review.repo.name ?? `#${review.repo.id}`}</bdi></Text> },
                    { title: "column.state", width: 130, cell: (review) => <State state={review.status} /> },
                    { title: "column.decision", width: 170, cell: (review) => <Text size="sm">{review.decision ? t(keyOf("decision", review.decision, "decision.COMMENT")) : "—"}</Text> },
                    { title: "column.score", width: 80, cell: (review) => <Text size="sm">{review.score ?? "—"}</Text> },
                    { title: "column.findings", width: 90, cell: (review) => <Text size="sm">{review.comments_count}</Text> },
                    { title: "column.created", width: 140, cell: (review) => <Time at={review.created_at} /> },
                ]}
            />
        </Page>
    );
}
