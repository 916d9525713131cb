import { Alert, Button, Card, List, Stack, Text, Title } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { api } from "../api/api";
import type { RepoCreated, WebhookSetup } from "../api/types";
import { useLanguage } from "../i18n/language";
import { useTexts } from "../i18n/texts";
import { Copyable } from "./Copyable";
import { Facts } from "./Facts";

/** The only time that the secret is shown, and where it belongs. */
export function RepoSecret({ made, next }: { made: RepoCreated; next?: () => void }) {
    const t = useTexts();
    return (
        <Card>
            <Stack>
                <Alert color="yellow">{t("repo.secretOnce")}</Alert>
                <Facts
                    facts={[
                        ["repo.webhookUrl", <Copyable key="url" text={made.webhook_url} />],
                        ["repo.webhookSecret", <Copyable key="secret" text={made.webhook_secret} />],
                    ]}
                />
                <Instructions id={made.id} />
                {next && (
                    <Button onClick={next} w="fit-content">
                        {t("form.next")}
                    </Button>
                )}
            </Stack>
        </Card>
    );
}

/** What to do at the Git host, in its own words. */
export function Instructions({ id }: { id: number }) {
    const t = useTexts();
    const language = useLanguage();
    const setup = useQuery({
        queryKey: ["repo", id, "setup", language],
        queryFn: () => api.get<WebhookSetup>(`/repos/${id}/webhook-url`),
    });
    if (!setup.data) return null;
    return (
        <div>
            <Title order={3} size="h5" mb="xs">
                {t("repo.instructions")}
            </Title>
            <List type="ordered" size="sm" spacing={4}>
                {setup.data.instructions.map((line) => (
                    <List.Item key={line}>
                        <Text size="sm" component="span" className="stranger">
                            {line}
                        </Text>
                    </List.Item>
                ))}
            </List>
        </div>
    );
}
