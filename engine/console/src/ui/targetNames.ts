import { useQuery } from "@tanstack/react-query";
import { api, type Listed } from "../api/api";
import type { Target } from "../api/types";
import { useTexts } from "../i18n/texts";

/** What targets are called, as far as they are among the first hundred. */
export function useTargetNames(): (id: number) => string {
    const t = useTexts();
    const targets = useQuery({ queryKey: ["targets", "names"], queryFn: () => api.get<Listed<Target>>("/targets?size=100"), staleTime: 60_000 });
    return (id) => targets.data?.list.find((target) => target.id === id)?.name ?? t("routes.target", { id });
}
