import { Alert, Button, Card, Center, PasswordInput, Stack, Text, Title } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState, type FormEvent } from "react";
import { api } from "../api/api";
import { asFailure } from "../api/failure";
import { useTexts } from "../i18n/texts";
import { say } from "../ui/say";

/** A temporary password is good for one thing: to choose another. */
export function NewPassword() {
    const t = useTexts();
    return (
        <Center mih="100vh" p="md" component="main">
            <Stack w="100%" maw={400}>
                <Title order={1} size="h2">
                    {t("password.forced")}
                </Title>
                <Card>
                    <PasswordForm />
                </Card>
            </Stack>
        </Center>
    );
}

export function PasswordForm({ done }: { done?: () => void }) {
    const t = useTexts();
    const queries = useQueryClient();
    const [old, setOld] = useState("");
    const [next, setNext] = useState("");
    const [repeated, setRepeated] = useState("");
    const change = useMutation({
        mutationFn: () =>
            api.put("/auth/password", { old_password: old, new_password: next, confirm_password: repeated }),
        onSuccess: async () => {
            await queries.invalidateQueries({ queryKey: ["me"] });
            done?.();
        },
    });
    const failure = change.error ? asFailure(change.error) : undefined;
    const submit = (event: FormEvent) => {
        event.preventDefault();
        change.mutate();
    };
    const field = (label: string, name: string, value: string, set: (text: string) => void, complete: string) => (
        <PasswordInput
            label={label}
            value={value}
            onChange={(event) => set(event.currentTarget.value)}
            autoComplete={complete}
            error={failure?.of(name)}
            visibilityToggleButtonProps={{ "aria-label": t("signin.showPassword") }}
            required
        />
    );
    return (
        <form onSubmit={submit}>
            <Stack>
                <Text c="dimmed" size="sm">
                    {t("password.rule")}
                </Text>
                {failure && (
                    <Alert color="red" role="alert">
                        {say(t, failure)}
                    </Alert>
                )}
                {field(t("password.old"), "old_password", old, setOld, "current-password")}
                {field(t("password.new"), "new_password", next, setNext, "new-password")}
                {field(t("password.repeat"), "confirm_password", repeated, setRepeated, "new-password")}
                <Button type="submit" loading={change.isPending}>
                    {t("password.change")}
                </Button>
            </Stack>
        </form>
    );
}
