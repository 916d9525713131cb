import { Alert, Button, Code, Group, Modal, Stack, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconHistory } from "@tabler/icons-react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { api } from "../api/api";
import type { components } from "../api/schema";
import { useTexts } from "../i18n/texts";
import { FailureCard } from "./FailureCard";

type Difference = components["schemas"]["ReplayDifference"];

/** Reads the stored delivery again: first shows what that would change, then does it. */
export function ReplayEvent({ id }: { id: number }) {
    const t = useTexts();
    const queries = useQueryClient();
    const [opened, { open, close }] = useDisclosure();
    const look = useMutation({ mutationFn: () => api.post<{ difference: Difference | null }>(`/events/${id}/replay`, { dry_run: true }) });
    const replay = useMutation({
        mutationFn: () => api.post(`/events/${id}/replay`, {}),
        onSuccess: async () => {
            close();
            await queries.invalidateQueries();
        },
    });
    const ask = () => {
        open();
        look.mutate();
    };
    return (
        <>
            <Button variant="default" leftSection={<IconHistory size={16} />} onClick={ask}>
                {t("replay.ask")}
            </Button>
            <Modal opened={opened} onClose={close} title={t("replay.title")} size="xl" closeButtonProps={{ "aria-label": t("form.cancel") }}>
                <Stack>
                    {(look.error ?? replay.error) ? <FailureCard error={look.error ?? replay.error} /> : null}
                    {look.isPending && <Text size="sm">{t("replay.looking")}</Text>}
                    {look.data?.difference && <Differences difference={look.data.difference} />}
                    <Group justify="flex-end">
                        <Button variant="default" onClick={close}>{t("form.cancel")}</Button>
                        <Button disabled={!look.data} loading={replay.isPending} onClick={() => replay.mutate()}>{t("replay.do")}</Button>
                    </Group>
                </Stack>
            </Modal>
        </>
    );
}

function Differences({ difference: { changed, event, messages } }: { difference: Difference }) {
    const t = useTexts();
    return (
        <Stack gap="sm">
            {!changed && <Alert color="green">{t("replay.same")}</Alert>}
            {event.fields.length > 0 && <Text size="sm" fw={600}>{t("replay.fields", { count: event.total })}</Text>}
            {event.fields.map(({ path, before, after }) => (
                <Code block key={path} className="stranger" style={{ whiteSpace: "pre-wrap" }}>
                    {`${path}\n- ${JSON.stringify(before)}\n+ ${JSON.stringify(after)}`}
                </Code>
            ))}
            {messages.map((message) => (
                <div key={message.target_id}>
                    <Text size="sm" fw={600} className="stranger">{message.target_name ?? `#${message.target_id}`}</Text>
                    {message.problem && <Text size="sm" c="red" className="stranger">{message.problem}</Text>}
                    {message.diff ? (
                        <Code block className="stranger" style={{ whiteSpace: "pre-wrap" }}>{message.diff}</Code>
                    ) : (
                        !message.problem && <Text size="sm" c="dimmed">{t(message.before ? "replay.sameMessage" : "replay.newMessage")}</Text>
                    )}
                </div>
            ))}
        </Stack>
    );
}
