import { Group, Stack, Text, ThemeIcon } from "@mantine/core";
import { IconCheck, IconClock, IconMinus, IconX } from "@tabler/icons-react";
import type { Rehearsed } from "../api/types";
import { keyOf, useTexts } from "../i18n/texts";
import { Time } from "./Time";

const LOOKS = { success: ["green", IconCheck], failed: ["red", IconX], waiting: ["blue", IconClock] } as const;

/** What a test delivery came to, step by step. */
export function Steps({ steps }: { steps: Rehearsed["steps"] }) {
    const t = useTexts();
    return (
        <Stack gap="xs">
            {steps.map((step) => {
                const [color, Icon] = LOOKS[step.status as keyof typeof LOOKS] ?? (["gray", IconMinus] as const);
                const key = keyOf("step", step.step, "step.unknown");
                return (
                    <Group key={`${step.step} ${step.target_id}`} wrap="nowrap" align="flex-start" gap="sm">
                        <ThemeIcon size="sm" radius="xl" color={color} variant="light" mt={2}>
                            <Icon size={14} />
                        </ThemeIcon>
                        <div style={{ minWidth: 0 }}>
                            <Text size="sm" fw={600} component="span">
                                {key === "step.unknown" ? step.step : t(key)} {step.target_name && <span className="stranger">· {step.target_name}</span>}
                            </Text>
                            <Text size="sm" c="dimmed" className="stranger">
                                {step.detail} {step.waits_until && <Time at={step.waits_until} />}
                            </Text>
                        </div>
                    </Group>
                );
            })}
        </Stack>
    );
}
