import { Alert, Text } from "@mantine/core";
import { useMutation, useQueryClient, type UseMutationResult } from "@tanstack/react-query";
import { Link } from "wouter";
import { api } from "../api/api";
import type { TestMessage } from "../api/types";
import { useTexts } from "../i18n/texts";
import { FailureCard } from "./FailureCard";

export type Test = UseMutationResult<TestMessage, Error, void>;

export function useTestMessage(targetId: number): Test {
    const queries = useQueryClient();
    return useMutation({
        mutationFn: () => api.post<TestMessage>(`/targets/${targetId}/test`),
        onSuccess: () => queries.invalidateQueries(),
    });
}

/** What became of a test message, and where all of it can be seen. */
export function TestMessageResult({ test }: { test: Test }) {
    const t = useTexts();
    if (test.error) return <FailureCard error={test.error} />;
    if (!test.data) return null;
    const { status, error, push_id } = test.data;
    const color = { success: "green", failed: "red", pending: "blue" }[status];
    return (
        <Alert color={color} role="status" title={t(`test.${status}`)}>
            {error && <Text size="sm" className="stranger">{error}</Text>}
            <Link href={`/pushes/${push_id}`}>{t("test.look")}</Link>
        </Alert>
    );
}
