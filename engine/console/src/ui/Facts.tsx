import { Group, Stack, Text } from "@mantine/core";
import type { ReactNode } from "react";
import { useTexts, type Key } from "../i18n/texts";

/** Names and values, one a line. What is not there takes none. */
export function Facts({ facts }: { facts: [Key, ReactNode][] }) {
    const t = useTexts();
    return (
        <Stack gap={6}>
            {facts.filter(([, value]) => value !== null && value !== undefined).map(([key, value]) => (
                <Group key={key} gap="sm" align="baseline" wrap="nowrap">
                    <Text size="sm" c="dimmed" w={132} style={{ flex: "none" }}>
                        {t(key)}
                    </Text>
                    <Text size="sm" component="div" className="stranger" miw={0}>
                        {value}
                    </Text>
                </Group>
            ))}
        </Stack>
    );
}
