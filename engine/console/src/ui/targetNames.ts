import { useQuery } from "@tanstack/react-query";
import { api, type Listed } from "../api/api";
import type { Target } from "../api/types";
import { useTexts } from "../i18n/texts";

/** The first hundred targets. */
export function useTargets(): Target[] {
    const targets = useQuery({ queryKey: ["targets", "names"], queryFn: () => api.get<Listed<Target>>("/targets?size=100"), staleTime: 60_000 });
    return targets.data?.list ?? [];
}

/** What targets are called, as far as they are among these. */
export function useTargetNames(): (id: number) => string {
    const t = useTexts();
    const targets = useTargets();
    return (id) => targets.find((target) => target.id === id)?.name ?? t("routes.target", { id });
}
