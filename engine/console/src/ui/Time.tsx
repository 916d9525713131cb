import { Text, Tooltip } from "@mantine/core";
import { useLanguage } from "../i18n/language";

const STEPS: [Intl.RelativeTimeFormatUnit, number][] = [
    ["day", 86_400],
    ["hour", 3_600],
    ["minute", 60],
    ["second", 1],
];

/** How long ago or ahead, as people say it; exact when one points at it. */
export function Time({ at }: { at: string | null | undefined }) {
    const language = useLanguage();
    if (!at) return <Text component="span" c="dimmed">—</Text>;
    const date = new Date(at);
    const seconds = (date.getTime() - Date.now()) / 1000;
    const [unit, size] = STEPS.find(([, size]) => Math.abs(seconds) >= size) ?? ["second", 1];
    const far = Math.abs(seconds) > 14 * 86_400;
    const exact = new Intl.DateTimeFormat(language, { dateStyle: "medium", timeStyle: "medium" }).format(date);
    const said = far
        ? new Intl.DateTimeFormat(language, { dateStyle: "medium" }).format(date)
        : new Intl.RelativeTimeFormat(language, { numeric: "auto" }).format(Math.round(seconds / size), unit);
    return (
        <Tooltip label={`${exact} · ${at}`}>
            <Text component="time" dateTime={at} size="sm" style={{ whiteSpace: "nowrap" }}>
                {said}
            </Text>
        </Tooltip>
    );
}
