import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useLocation, useSearchParams } from "wouter";
import { api } from "../api/api";
import type { TargetDetail } from "../api/types";
import { useTexts } from "../i18n/texts";
import { FailureCard } from "../ui/FailureCard";
import { Page } from "../ui/Page";
import { TargetForm, type TargetFields } from "../ui/TargetForm";

/** A new target, or a change to the one with this id. */
export default function TargetEdit({ id }: { id?: number }) {
    const t = useTexts();
    const queries = useQueryClient();
    const [, navigate] = useLocation();
    const [params] = useSearchParams();
    const repoId = Number(params.get("repo_id")) || undefined;
    const old = useQuery({
        queryKey: ["target", id],
        queryFn: () => api.get<TargetDetail>(`/targets/${id}`),
        enabled: id !== undefined,
    });
    const save = useMutation({
        mutationFn: async (fields: TargetFields) =>
            id === undefined
                ? await api.post<TargetDetail>("/targets", { ...fields, ...(repoId ? { repo_ids: [repoId] } : {}) })
                : await api.put<TargetDetail>(`/targets/${id}`, fields),
        onSuccess: async (target) => {
            await queries.invalidateQueries();
            navigate(`/targets/${target.id}`);
        },
    });
    if (id !== undefined && old.isError) return <FailureCard error={old.error} retry={old.refetch} />;
    if (id !== undefined && !old.data) return null;
    return (
        <Page title={id === undefined ? t("targets.add") : t("targets.change", { name: old.data?.name ?? "" })} hint={t("target.saveHint")}>
            <TargetForm {...(old.data ? { old: old.data } : {})} ofRepo={repoId !== undefined} save={save.mutate} saving={save.isPending} error={save.error} />
        </Page>
    );
}
