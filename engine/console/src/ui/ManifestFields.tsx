import { Checkbox, Fieldset, NumberInput, PasswordInput, Select, Stack, TagsInput, Text, Textarea, TextInput } from "@mantine/core";
import type { Failure } from "../api/failure";
import { said, type Field, type Plugin } from "../api/plugins";
import { useLanguage } from "../i18n/language";
import { useTexts } from "../i18n/texts";
import { MapInput } from "./MapInput";

export type Config = Record<string, unknown>;
/** What stands for a secret that is stored. */
export const MASK = "******";

interface Props {
    plugin: Plugin;
    config: Config;
    onChange: (config: Config) => void;
    failure?: Failure | undefined;
}

/** The fields that a manifest declares, group by group. */
export function ManifestFields({ plugin, config, onChange, failure }: Props) {
    const language = useLanguage();
    const groups = new Map<string, Field[]>();
    for (const field of plugin.config) {
        const group = said(field.group, language);
        groups.set(group, [...(groups.get(group) ?? []), field]);
    }
    const instructions = said(plugin.instructions, language);
    const fields = (list: Field[]) =>
        list.map((field) => (
            <OneField
                key={field.name}
                field={field}
                value={config[field.name]}
                onChange={(value) => onChange({ ...config, [field.name]: value })}
                error={failure?.of(`config.${field.name}`)}
            />
        ));
    return (
        <Stack>
            {instructions && (
                <Text size="sm" c="dimmed" style={{ whiteSpace: "pre-line" }}>
                    {instructions}
                </Text>
            )}
            {[...groups].map(([group, list]) =>
                group ? (
                    <Fieldset key={group} legend={group}>
                        <Stack>{fields(list)}</Stack>
                    </Fieldset>
                ) : (
                    <Stack key="">{fields(list)}</Stack>
                ),
            )}
        </Stack>
    );
}

function OneField({ field, value, onChange, error }: { field: Field; value: unknown; onChange: (value: unknown) => void; error: string | undefined }) {
    const t = useTexts();
    const language = useLanguage();
    const label = said(field.title, language) || field.name;
    const common = {
        label,
        description: said(field.help, language) || undefined,
        error,
        withAsterisk: field.required,
        placeholder: field.placeholder ?? undefined,
        "data-field": field.name,
    };
    const text = typeof value === "string" ? value : "";
    if (field.type === "boolean") {
        const { withAsterisk: _, placeholder: __, ...rest } = common;
        return <Checkbox {...rest} checked={(value ?? field.default) === true} onChange={(event) => onChange(event.currentTarget.checked)} />;
    }
    if (field.options.length > 0) {
        const options = field.options.map(String);
        const chosen = value ?? field.default;
        const asWas = (option: string | null) => field.options.find((each) => String(each) === option) ?? null;
        return (
            <Select
                {...common}
                data={options}
                value={chosen === undefined || chosen === null ? null : String(chosen)}
                onChange={(option) => onChange(asWas(option))}
                clearable={!field.required}
            />
        );
    }
    if (field.type === "integer" || field.type === "number") {
        return (
            <NumberInput
                {...common}
                value={typeof value === "number" ? value : typeof field.default === "number" ? field.default : ""}
                onChange={(number) => onChange(number === "" ? null : number)}
                allowDecimal={field.type === "number"}
                {...(field.min === null ? {} : { min: field.min })}
                {...(field.max === null ? {} : { max: field.max })}
            />
        );
    }
    if (field.type === "list" && field.secret) {
        const lines = Array.isArray(value) ? value.map(String).join("\n") : text;
        return (
            <Textarea
                {...common}
                value={lines}
                autosize
                minRows={2}
                maxRows={8}
                onFocus={() => lines === MASK && onChange([])}
                onBlur={() => lines !== MASK && onChange(entered(lines))}
                onChange={(event) => onChange(event.currentTarget.value.split("\n"))}
                autoComplete="off"
                spellCheck={false}
            />
        );
    }
    if (field.type === "list") {
        const entries = Array.isArray(value) ? value.map(String) : [];
        return <TagsInput {...common} value={entries} onChange={onChange} splitChars={[",", "，", " ", ";"]} acceptValueOnBlur />;
    }
    if (field.type === "map") return <MapInput {...common} value={(value ?? {}) as Record<string, string>} onChange={onChange} />;
    if (field.secret && !field.multiline) {
        return (
            <PasswordInput
                {...common}
                value={text}
                onFocus={() => text === MASK && onChange("")}
                onBlur={() => value === "" && onChange(undefined)}
                onChange={(event) => onChange(event.currentTarget.value)}
                autoComplete="off"
                visibilityToggleButtonProps={{ "aria-label": t("signin.showPassword") }}
            />
        );
    }
    if (field.multiline) {
        return <Textarea {...common} value={text} autosize minRows={3} maxRows={12} onChange={(event) => onChange(event.currentTarget.value)} />;
    }
    return <TextInput {...common} value={text} type="text" inputMode={field.format === "email" ? "email" : field.format === "url" ? "url" : "text"} onChange={(event) => onChange(event.currentTarget.value)} />;
}

/** One a line. Nothing keeps what is stored. */
function entered(lines: string): string[] | undefined {
    const entries = lines.split("\n").filter((line) => line !== "");
    return entries.length > 0 ? entries : undefined;
}

/** What is sent: nothing of a field that nobody filled in. */
export function given(config: Config): Config {
    return Object.fromEntries(Object.entries(config).filter(([, value]) => value !== undefined && value !== "" && value !== null));
}
