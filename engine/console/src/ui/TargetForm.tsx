import { Button, Card, Group, SegmentedControl, Stack, Switch, Text, TextInput } from "@mantine/core";
import { useState, type FormEvent } from "react";
import { asFailure } from "../api/failure";
import { usePlugins } from "../api/plugins";
import type { TargetDetail } from "../api/types";
import { useTexts } from "../i18n/texts";
import { FailureCard } from "./FailureCard";
import { type Config, given, ManifestFields } from "./ManifestFields";
import { PluginCards } from "./PluginCards";

export interface TargetFields {
    name: string;
    type: string;
    config: Config;
    scope: string;
    status?: string;
    quiet_hours?: { enabled: boolean; start: string; end: string; timezone: string } | null;
}

interface Props {
    old?: TargetDetail;
    /** It is for one repository, whose link is made with it. */
    ofRepo: boolean;
    save: (fields: TargetFields) => void;
    saving: boolean;
    error: unknown;
    submit?: string;
}

export function TargetForm({ old, ofRepo, save, saving, error, submit }: Props) {
    const t = useTexts();
    const channels = usePlugins("channel");
    const [kind, setKind] = useState(old?.type ?? "");
    const [name, setName] = useState(old?.name ?? "");
    const [scope, setScope] = useState<string>(old?.scope ?? (ofRepo ? "repo" : "global"));
    const [active, setActive] = useState(old ? old.status === "active" : true);
    const [config, setConfig] = useState<Config>(old?.config ?? {});
    const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
    const [quiet, setQuiet] = useState({
        enabled: old?.quiet_hours?.enabled ?? false,
        start: old?.quiet_hours?.start ?? "22:00",
        end: old?.quiet_hours?.end ?? "08:00",
        timezone: old?.quiet_hours?.timezone ?? zone,
    });
    const failure = error ? asFailure(error) : undefined;
    const channel = channels.data?.find(({ id }) => id === kind);
    const send = (event: FormEvent) => {
        event.preventDefault();
        const kept = old?.quiet_hours ? { ...old.quiet_hours, ...quiet } : quiet;
        save({
            name,
            type: kind,
            config: given(config),
            scope,
            ...(quiet.enabled || old?.quiet_hours ? { quiet_hours: kept } : {}),
            ...(old ? { status: active ? "active" : "inactive" } : {}),
        });
    };
    return (
        <form onSubmit={send}>
            <Card>
                <Stack>
                    {error ? <FailureCard error={error} /> : null}
                    {!old && <PluginCards label={t("target.channel")} plugins={channels.data ?? []} value={kind} onChange={setKind} />}
                    {old && !channel && channels.isSuccess && <Text c="red">{t("target.pluginGone", { type: kind })}</Text>}
                    <TextInput label={t("target.name")} value={name} onChange={(event) => setName(event.currentTarget.value)} error={failure?.of("name")} maxLength={100} required />
                    {channel && <ManifestFields key={channel.id} plugin={channel} config={config} onChange={setConfig} failure={failure} />}
                    {(ofRepo || old?.scope) && (
                        <div>
                            <Text size="sm" fw={500} mb={4}>{t("target.scope")}</Text>
                            <SegmentedControl
                                aria-label={t("target.scope")}
                                value={scope}
                                onChange={setScope}
                                data={[{ value: "repo", label: t("scope.repo") }, { value: "global", label: t("scope.global") }, ...(ofRepo ? [] : [{ value: "rules", label: t("scope.rules") }])]}
                            />
                        </div>
                    )}
                    <Switch label={t("target.quiet")} description={t("target.quietHint")} checked={quiet.enabled} onChange={(event) => setQuiet({ ...quiet, enabled: event.currentTarget.checked })} />
                    {quiet.enabled && (
                        <Group>
                            <TextInput type="time" label={t("target.from")} value={quiet.start} onChange={(event) => setQuiet({ ...quiet, start: event.currentTarget.value })} required />
                            <TextInput type="time" label={t("target.until")} value={quiet.end} onChange={(event) => setQuiet({ ...quiet, end: event.currentTarget.value })} required />
                            <TextInput label={t("settings.zone")} value={quiet.timezone} onChange={(event) => setQuiet({ ...quiet, timezone: event.currentTarget.value })} error={failure?.of("quiet_hours.timezone")} required />
                        </Group>
                    )}
                    {old && <Switch label={t("target.active")} checked={active} onChange={(event) => setActive(event.currentTarget.checked)} />}
                    <Button type="submit" loading={saving} w="fit-content" disabled={!kind}>
                        {submit ?? t("form.save")}
                    </Button>
                </Stack>
            </Card>
        </form>
    );
}
