import { Card, Select, Stack, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { api, type Listed } from "../api/api";
import type { EventEntry, Routes as Found } from "../api/types";
import { useTexts } from "../i18n/texts";
import { FailureCard } from "./FailureCard";
import { Routes } from "./Routes";

/** What the rules that are saved make of one of the last events. Nothing is sent. */
export function TryRules() {
    const t = useTexts();
    const [id, setId] = useState<string | null>(null);
    const events = useQuery({ queryKey: ["events", "last"], queryFn: () => api.get<Listed<EventEntry>>("/events?size=50&state=accepted") });
    const tried = useQuery({
        queryKey: ["rules", "test", id],
        queryFn: () => api.post<Found>("/rules/test", { event_id: Number(id) }),
        enabled: id !== null,
    });
    const label = (event: EventEntry) => `#${event.id} · ${event.kind ?? "?"} · ${event.repo_name}`;
    return (
        <Card>
            <Stack>
                <Select
                    label={t("rules.try")}
                    description={t("rules.tryHint")}
                    placeholder={events.data?.list.length === 0 ? t("rules.noEvents") : t("rules.choose")}
                    data={(events.data?.list ?? []).map((event) => ({ value: String(event.id), label: label(event) }))}
                    value={id}
                    onChange={setId}
                    searchable
                    clearable
                />
                {tried.isError && <FailureCard error={tried.error} retry={tried.refetch} />}
                {tried.data ? <Routes routes={tried.data} /> : <Text size="sm" c="dimmed">{t("rules.tryNothing")}</Text>}
            </Stack>
        </Card>
    );
}
