import { Alert, Button, Group, Stack, Text } from "@mantine/core";
import { IconAlertTriangle } from "@tabler/icons-react";
import { asFailure } from "../api/failure";
import { useTexts } from "../i18n/texts";
import { Copyable } from "./Copyable";
import { say } from "./say";

/** What went wrong, with the id to look it up by, and another try. */
export function FailureCard({ error, retry }: { error: unknown; retry?: () => unknown }) {
    const t = useTexts();
    const failure = asFailure(error);
    return (
        <Alert color="red" icon={<IconAlertTriangle />} title={t("error.title")} role="alert" my="md">
            <Stack gap="xs">
                <Text size="sm" className="stranger" style={{ whiteSpace: "pre-line" }}>
                    {say(t, failure)}
                </Text>
                <Group>
                    {retry && (
                        <Button size="xs" variant="light" color="red" onClick={() => retry()}>
                            {t("error.retry")}
                        </Button>
                    )}
                    {failure.requestId && (
                        <Text size="xs" c="dimmed" component="span">
                            {t("error.requestId")} <Copyable text={failure.requestId} />
                        </Text>
                    )}
                </Group>
            </Stack>
        </Alert>
    );
}
