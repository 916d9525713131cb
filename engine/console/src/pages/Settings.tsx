import { Button, Card, Select, Stack, Title, useMantineColorScheme } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { api } from "../api/api";
import type { Settings as Stored } from "../api/types";
import { PasswordForm } from "../app/NewPassword";
import { chooseLanguage, type Language } from "../i18n/language";
import { useTexts } from "../i18n/texts";
import { FailureCard } from "../ui/FailureCard";
import { Page } from "../ui/Page";

type Preferences = Stored["preferences"];

export default function Settings() {
    const t = useTexts();
    const queries = useQueryClient();
    const { setColorScheme } = useMantineColorScheme();
    const settings = useQuery({ queryKey: ["settings"], queryFn: () => api.get<Stored>("/settings") });
    const save = useMutation({
        mutationFn: (preferences: Partial<Preferences>) => api.put<Stored>("/settings", { preferences }),
        onSuccess: () => queries.invalidateQueries({ queryKey: ["settings"] }),
    });
    if (settings.isError) return <FailureCard error={settings.error} retry={settings.refetch} />;
    if (!settings.data) return null;
    const { language, theme, timezone } = settings.data.preferences;
    return (
        <Page title={t("nav.settings")} hint={t("settings.hint")}>
            <Card maw={560}>
                <Stack>
                    {save.error ? <FailureCard error={save.error} /> : null}
                    <Select
                        label={t("menu.language")}
                        data={[{ value: "zh-CN", label: "简体中文" }, { value: "en-US", label: "English" }]}
                        value={language}
                        allowDeselect={false}
                        onChange={(value) => {
                            if (!value) return;
                            chooseLanguage(value as Language);
                            save.mutate({ language: value as Preferences["language"] });
                        }}
                    />
                    <Select
                        label={t("menu.theme")}
                        data={(["light", "dark", "auto"] as const).map((value) => ({ value, label: t(`theme.${value}`) }))}
                        value={theme}
                        allowDeselect={false}
                        onChange={(value) => {
                            if (!value) return;
                            setColorScheme(value as Preferences["theme"]);
                            save.mutate({ theme: value as Preferences["theme"] });
                        }}
                    />
                    <Select
                        label={t("settings.zone")}
                        data={["UTC", ...Intl.supportedValuesOf("timeZone").filter((zone) => zone !== "UTC")]}
                        value={timezone}
                        searchable
                        allowDeselect={false}
                        onChange={(value) => value && save.mutate({ timezone: value })}
                    />
                    <Button variant="default" w="fit-content" onClick={() => save.mutate({ timezone: Intl.DateTimeFormat().resolvedOptions().timeZone })}>
                        {t("settings.zoneHere")}
                    </Button>
                </Stack>
            </Card>
            <Card maw={560}>
                <Title order={2} size="h4" mb="sm">{t("password.change")}</Title>
                <PasswordForm done={() => notifications.show({ message: t("password.changed"), color: "green" })} />
            </Card>
        </Page>
    );
}
