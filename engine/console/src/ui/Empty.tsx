import { Paper, Stack, Text, ThemeIcon } from "@mantine/core";
import type { Icon } from "@tabler/icons-react";
import type { ReactNode } from "react";

/** Nothing is here yet, and this is the next step. */
export function Empty({ icon: Icon, text, action }: { icon: Icon; text: string; action?: ReactNode }) {
    return (
        <Paper withBorder p="xl">
            <Stack align="center" py="lg" gap="md">
                <ThemeIcon size={56} radius="xl" variant="light" color="gray">
                    <Icon size={28} stroke={1.5} />
                </ThemeIcon>
                <Text c="dimmed" ta="center" maw={460}>
                    {text}
                </Text>
                {action}
            </Stack>
        </Paper>
    );
}
