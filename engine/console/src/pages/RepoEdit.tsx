import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useLocation } from "wouter";
import { api } from "../api/api";
import type { RepoCreated, RepoDetail } from "../api/types";
import { useTexts } from "../i18n/texts";
import { FailureCard } from "../ui/FailureCard";
import { Page } from "../ui/Page";
import { RepoForm, type RepoFields } from "../ui/RepoForm";
import { RepoSecret } from "../ui/RepoSecret";

/** A new repository, or a change to the one with this id. */
export default function RepoEdit({ id }: { id?: number }) {
    const t = useTexts();
    const queries = useQueryClient();
    const [, navigate] = useLocation();
    const old = useQuery({
        queryKey: ["repo", id],
        queryFn: () => api.get<RepoDetail>(`/repos/${id}`),
        enabled: id !== undefined,
    });
    const save = useMutation({
        mutationFn: async (fields: RepoFields) =>
            id === undefined ? await api.post<RepoCreated>("/repos", fields) : await api.put<RepoDetail>(`/repos/${id}`, fields),
        onSuccess: async () => {
            await queries.invalidateQueries();
            if (id !== undefined) navigate(`/repos/${id}`);
        },
    });
    if (id !== undefined && old.isError) return <FailureCard error={old.error} retry={old.refetch} />;
    if (id !== undefined && !old.data) return null;
    const made = save.data && "webhook_secret" in save.data && id === undefined ? (save.data as RepoCreated) : undefined;
    return (
        <Page title={id === undefined ? t("repos.add") : t("repos.change", { name: old.data?.name ?? "" })}>
            {made ? (
                <RepoSecret made={made} next={() => navigate(`/repos/${made.id}`)} />
            ) : (
                <RepoForm {...(old.data ? { old: old.data } : {})} save={save.mutate} saving={save.isPending} error={save.error} />
            )}
        </Page>
    );
}
