import { Badge } from "@mantine/core";
import { keyOf, useTexts } from "../i18n/texts";

const COLORS: Record<string, string> = {
    active: "green", delivered: "green", success: "green", healthy: "green", ok: "green", accepted: "green", replayed: "green", completed: "green",
    pending: "blue", loading: "blue", running: "blue", retry: "yellow", resting: "yellow", paused: "yellow", parked: "yellow", partial: "orange",
    interrupted: "yellow", firing: "red", resolved: "green", merged: "green", succeeded: "green", failing: "red", failed: "red", rejected: "red", misconfigured: "red", quarantined: "red", down: "red",
};

interface Props {
    state: string;
    /** Where its words are: ours of deliveries and parts of the server, or those of what events are about. */
    words?: "state" | "is";
}

/** A state in words, with a colour that only repeats them. */
export function State({ state, words = "state" }: Props) {
    const t = useTexts();
    const key = keyOf(words, state, "state.unknown");
    return (
        <Badge variant="light" color={COLORS[state] ?? "gray"} tt="none" fw={500} style={{ flex: "none" }} title={state}>
            {key === "state.unknown" ? state : t(key)}
        </Badge>
    );
}
