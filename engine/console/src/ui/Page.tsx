import { Box, Group, Stack, Text, Title } from "@mantine/core";
import { useDocumentTitle } from "@mantine/hooks";
import type { ReactNode } from "react";

/** A page's heading, what it is for, what can be done, and what it shows. */
export function Page({ title, hint, actions, children }: { title: string; hint?: ReactNode; actions?: ReactNode; children: ReactNode }) {
    useDocumentTitle(`${title} · Push Notify`);
    return (
        <Stack gap="lg" maw={1180} mx="auto">
            <Group justify="space-between" align="flex-start">
                <Box miw={0} flex="1 1 16rem">
                    <Title order={1} size="h2" className="stranger">
                        <bdi>{title}</bdi>
                    </Title>
                    {hint && (
                        <Text c="dimmed" size="sm" component="div" className="hint stranger">
                            {hint}
                        </Text>
                    )}
                </Box>
                {actions && <Group gap="xs">{actions}</Group>}
            </Group>
            {children}
        </Stack>
    );
}
