import { Avatar } from "@mantine/core";
import type { Plugin } from "../api/plugins";

/** The manifest's picture, else letters. */
export function PluginIcon({ plugin, size = 36 }: { plugin: Pick<Plugin, "id" | "icon">; size?: number }) {
    const picture = plugin.icon?.trimStart().startsWith("<svg")
        ? `data:image/svg+xml,${encodeURIComponent(plugin.icon)}`
        : plugin.icon?.startsWith("data:image/")
          ? plugin.icon
          : null;
    return (
        <Avatar src={picture} alt="" size={size} radius="md" color="initials" name={plugin.id}>
            {plugin.id.slice(0, 2).toUpperCase()}
        </Avatar>
    );
}
