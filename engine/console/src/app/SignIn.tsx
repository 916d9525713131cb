import { Alert, Button, Card, Center, Group, Image, PasswordInput, Stack, Text, TextInput, Title } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { useState, type FormEvent } from "react";
import { call } from "../api/call";
import { asFailure, type Failure } from "../api/failure";
import type { components } from "../api/schema";
import { signIn } from "../api/session";
import { useTexts } from "../i18n/texts";
import { say } from "../ui/say";
import { LanguageMenu, ThemeMenu } from "./menus";

type Captcha = components["schemas"]["Captcha"];



export function SignIn() {
    const t = useTexts();
    return (
        <Center mih="100vh" p="md" component="main">
            <Stack w="100%" maw={400}>
                <Group justify="space-between" align="center">
                    <Title order={1} size="h2">
                        Push Notify
                    </Title>
                    <Group gap={4}>
                        <LanguageMenu />
                        <ThemeMenu />
                    </Group>
                </Group>
                <Card>
                    <SignInForm hint={t("signin.hint")} />
                </Card>
            </Stack>
        </Center>
    );
}

export function SignInForm({ hint }: { hint: string }) {
    const t = useTexts();
    const queries = useQueryClient();
    const [username, setUsername] = useState("");
    const [password, setPassword] = useState("");
    const [letters, setLetters] = useState("");
    const [captcha, setCaptcha] = useState<Captcha>();
    const [failure, setFailure] = useState<Failure>();
    const [busy, setBusy] = useState(false);

    const renewCaptcha = async () => {
        setLetters("");
        setCaptcha(await call<Captcha>("GET", "/auth/captcha").catch(() => undefined));
    };
    const submit = async (event: FormEvent) => {
        event.preventDefault();
        setBusy(true);
        setFailure(undefined);
        try {
            const solved = captcha && { captcha: letters, captcha_key: captcha.captcha_key };
            await signIn({ username, password, ...solved });
            await queries.invalidateQueries();
        } catch (error) {
            const refused = asFailure(error);
            setFailure(refused);
            if (captcha || refused.of("captcha")) await renewCaptcha();
        } finally {
            setBusy(false);
        }
    };

    return (
        <form onSubmit={submit}>
            <Stack>
                <Text c="dimmed" size="sm">
                    {hint}
                </Text>
                {failure && (
                    <Alert color="red" role="alert">
                        {say(t, failure)}
                    </Alert>
                )}
                <TextInput
                    label={t("signin.username")}
                    value={username}
                    onChange={(event) => setUsername(event.currentTarget.value)}
                    autoComplete="username"
                    data-autofocus
                    required
                />
                <PasswordInput
                    label={t("signin.password")}
                    value={password}
                    onChange={(event) => setPassword(event.currentTarget.value)}
                    autoComplete="current-password"
                    visibilityToggleButtonProps={{ "aria-label": t("signin.showPassword") }}
                    required
                />
                {captcha && (
                    <Group align="end" wrap="nowrap">
                        <TextInput
                            label={t("signin.captcha")}
                            value={letters}
                            onChange={(event) => setLetters(event.currentTarget.value)}
                            autoComplete="off"
                            required
                            flex={1}
                        />
                        <Button variant="subtle" p={0} h={40} onClick={renewCaptcha} aria-label={t("signin.otherCaptcha")}>
                            <Image src={captcha.image} alt={t("signin.captchaPicture")} h={40} w={120} radius="sm" />
                        </Button>
                    </Group>
                )}
                <Button type="submit" loading={busy} fullWidth>
                    {t("signin.submit")}
                </Button>
            </Stack>
        </form>
    );
}
