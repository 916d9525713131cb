import { Badge } from "@mantine/core";
import { keyOf, useTexts } from "../i18n/texts";

const COLORS: Record<string, string> = {
    active: "green", delivered: "green", success: "green", healthy: "green", ok: "green", accepted: "green", replayed: "green", completed: "green",
    pending: "blue", loading: "blue", running: "blue", retry: "yellow", resting: "yellow", paused: "yellow", parked: "yellow", partial: "orange",
    interrupted: "yellow", failing: "red", failed: "red", rejected: "red", misconfigured: "red", quarantined: "red", down: "red",
};

/** A state in words, with a colour that only repeats them. */
export function State({ state }: { state: string }) {
    const t = useTexts();
    const key = keyOf("state", state, "state.unknown");
    return (
        <Badge variant="light" color={COLORS[state] ?? "gray"} tt="none" fw={500} style={{ flex: "none" }} title={state}>
            {key === "state.unknown" ? state : t(key)}
        </Badge>
    );
}
