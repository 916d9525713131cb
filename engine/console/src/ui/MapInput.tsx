import { ActionIcon, Button, Group, Input, Stack, TextInput } from "@mantine/core";
import { IconPlus, IconTrash } from "@tabler/icons-react";
import { useState } from "react";
import { useTexts } from "../i18n/texts";

interface Props {
    label: string;
    description?: string | undefined;
    error?: string | undefined;
    withAsterisk?: boolean;
    value: Record<string, string>;
    onChange: (value: Record<string, string>) => void;
}

/** Texts by name, one pair a line. */
export function MapInput({ label, description, error, withAsterisk, value, onChange }: Props) {
    const t = useTexts();
    const [pairs, setPairs] = useState<[string, string][]>(Object.entries(value));
    const change = (next: [string, string][]) => {
        setPairs(next);
        onChange(Object.fromEntries(next.filter(([name]) => name.trim() !== "")));
    };
    return (
        <Input.Wrapper label={label} description={description} error={error} withAsterisk={withAsterisk ?? false} labelElement="div">
            <Stack gap="xs" mt={4}>
                {pairs.map(([name, text], index) => (
                    // biome-ignore lint/suspicious/noArrayIndexKey: a line is its place.
                    <Group key={index} gap="xs" wrap="nowrap">
                        <TextInput
                            aria-label={`${label}: ${t("map.name")}`}
                            placeholder={t("map.name")}
                            value={name}
                            onChange={(event) => change(pairs.with(index, [event.currentTarget.value, text]))}
                            flex={1}
                        />
                        <TextInput
                            aria-label={`${label}: ${t("map.value")}`}
                            placeholder={t("map.value")}
                            value={text}
                            onChange={(event) => change(pairs.with(index, [name, event.currentTarget.value]))}
                            flex={2}
                        />
                        <ActionIcon variant="subtle" color="gray" aria-label={t("map.remove")} onClick={() => change(pairs.toSpliced(index, 1))}>
                            <IconTrash size={16} />
                        </ActionIcon>
                    </Group>
                ))}
                <Button variant="default" size="xs" w="fit-content" leftSection={<IconPlus size={14} />} onClick={() => change([...pairs, ["", ""]])}>
                    {t("map.add")}
                </Button>
            </Stack>
        </Input.Wrapper>
    );
}
