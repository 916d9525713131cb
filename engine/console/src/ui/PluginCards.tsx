import { Group, Radio, SimpleGrid, Text } from "@mantine/core";
import type { Plugin } from "../api/plugins";
import { useTexts } from "../i18n/texts";
import { PluginIcon } from "./PluginIcon";

/** One of the plugins that can be used; by pointer, by arrow keys, or by its first letters. */
export function PluginCards({ plugins, value, onChange, label }: { plugins: Plugin[]; value: string; onChange: (id: string) => void; label: string }) {
    const t = useTexts();
    const usable = plugins.filter(({ state }) => state === "active" || state === "loading");
    return (
        <Radio.Group value={value} onChange={onChange} label={label} required>
            <SimpleGrid cols={{ base: 2, sm: 3, lg: 4 }} spacing="xs" mt="xs">
                {usable.map((plugin) => (
                    <Radio.Card key={plugin.id} value={plugin.id} p="xs" aria-label={plugin.id}>
                        <Group wrap="nowrap" gap="xs">
                            <PluginIcon plugin={plugin} size={32} />
                            <div style={{ minWidth: 0 }}>
                                <Text fw={600} size="sm" className="one-line">{plugin.id}</Text>
                                <Text size="xs" c="dimmed" lineClamp={2} visibleFrom="xs">{plugin.description}</Text>
                            </div>
                        </Group>
                    </Radio.Card>
                ))}
            </SimpleGrid>
            {usable.length === 0 && <Text c="dimmed">{t("plugins.noneUsable")}</Text>}
        </Radio.Group>
    );
}
