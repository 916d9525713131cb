import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { IconTrash } from "@tabler/icons-react";
import { useLocation } from "wouter";
import { api } from "../api/api";
import type { Rule } from "../api/types";
import { useTexts } from "../i18n/texts";
import { Confirm } from "../ui/Confirm";
import { FailureCard } from "../ui/FailureCard";
import { Page } from "../ui/Page";
import { RuleForm, type RuleFields } from "../ui/RuleForm";

/** A new rule, or a change to the one with this id. */
export default function RuleEdit({ id }: { id?: number }) {
    const t = useTexts();
    const queries = useQueryClient();
    const [, navigate] = useLocation();
    const old = useQuery({ queryKey: ["rule", id], queryFn: () => api.get<Rule>(`/rules/${id}`), enabled: id !== undefined });
    const done = async () => {
        await queries.invalidateQueries();
        navigate("/rules");
    };
    const save = useMutation({
        mutationFn: (fields: RuleFields) => (id === undefined ? api.post("/rules", fields) : api.put(`/rules/${id}`, fields)),
        onSuccess: done,
    });
    const remove = useMutation({ mutationFn: () => api.delete(`/rules/${id}`), onSuccess: done });
    if (id !== undefined && old.isError) return <FailureCard error={old.error} retry={old.refetch} />;
    if (id !== undefined && !old.data) return null;
    const name = old.data?.name ?? "";
    return (
        <Page
            title={id === undefined ? t("rules.add") : t("rules.change", { name })}
            hint={t("rule.hint")}
            actions={id !== undefined && <Confirm label={t("form.delete")} icon={<IconTrash size={16} />} text={t("rules.delete", { name })} run={remove.mutate} busy={remove.isPending} />}
        >
            {remove.isError && <FailureCard error={remove.error} />}
            <RuleForm {...(old.data ? { old: old.data } : {})} save={save.mutate} saving={save.isPending} error={save.error} />
        </Page>
    );
}
