import { Button, Card, Stack, TextInput, PasswordInput, Select } from "@mantine/core";
import { useState, type FormEvent } from "react";
import { asFailure } from "../api/failure";
import { usePlugins } from "../api/plugins";
import type { RepoDetail } from "../api/types";
import { useTexts } from "../i18n/texts";
import { FailureCard } from "./FailureCard";
import { type Config, given, ManifestFields } from "./ManifestFields";
import { PluginCards } from "./PluginCards";

export interface RepoFields {
    name: string;
    url: string;
    type: string;
    config: Config;
    access_token?: string;
    status?: string;
}

interface Props {
    old?: RepoDetail;
    save: (fields: RepoFields) => void;
    saving: boolean;
    error: unknown;
}

export function RepoForm({ old, save, saving, error }: Props) {
    const t = useTexts();
    const providers = usePlugins("provider");
    const [url, setUrl] = useState(old?.url ?? "");
    const [name, setName] = useState(old?.name ?? "");
    const [kind, setKind] = useState(old?.type ?? "");
    const [token, setToken] = useState("");
    const [status, setStatus] = useState<string>(old?.status ?? "active");
    const [config, setConfig] = useState<Config>(old?.config ?? {});
    const failure = error ? asFailure(error) : undefined;
    const provider = providers.data?.find(({ id }) => id === kind);
    const told = (address: string) => {
        setUrl(address);
        const words = address.replace(/\.git$/, "").replace(/\/+$/, "").split(/[/:]/);
        if (!old && (name === "" || url.includes(name))) setName(words.at(-1) ?? "");
        // The host's name tells in most cases; whoever knows better picks another.
        const known = providers.data?.find(({ id }) => words.some((word) => word.split(".").includes(id)));
        if (known && !kind) setKind(known.id);
    };
    const submit = (event: FormEvent) => {
        event.preventDefault();
        const changes = old ? { status } : {};
        save({ name, url, type: kind, config: given(config), ...(token ? { access_token: token } : {}), ...changes });
    };
    return (
        <form onSubmit={submit}>
            <Card>
                <Stack>
                    {error ? <FailureCard error={error} /> : null}
                    <TextInput label={t("repo.url")} description={t("repo.urlHint")} placeholder="https://github.com/example/ledger" value={url} onChange={(event) => told(event.currentTarget.value)} error={failure?.of("url")} required />
                    <TextInput label={t("repo.name")} value={name} onChange={(event) => setName(event.currentTarget.value)} error={failure?.of("name")} maxLength={100} required />
                    {!old && <PluginCards label={t("repo.provider")} plugins={providers.data ?? []} value={kind} onChange={setKind} />}
                    <PasswordInput
                        label={t("repo.token")}
                        description={t("repo.tokenHint")}
                        placeholder={old?.access_token ? t("repo.tokenKept") : ""}
                        value={token}
                        onChange={(event) => setToken(event.currentTarget.value)}
                        autoComplete="off"
                        error={failure?.of("access_token")}
                        visibilityToggleButtonProps={{ "aria-label": t("signin.showPassword") }}
                    />
                    {provider && <ManifestFields plugin={provider} config={config} onChange={setConfig} failure={failure} />}
                    {old && (
                        <Select
                            label={t("column.state")}
                            data={[{ value: "active", label: t("state.active") }, { value: "inactive", label: t("state.inactive") }]}
                            value={status}
                            onChange={(value) => setStatus(value ?? "active")}
                            allowDeselect={false}
                        />
                    )}
                    <Button type="submit" loading={saving} w="fit-content" disabled={!kind}>
                        {t("form.save")}
                    </Button>
                </Stack>
            </Card>
        </form>
    );
}
