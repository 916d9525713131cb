import { createTheme, type CSSVariablesResolver } from "@mantine/core";

export const theme = createTheme({
    primaryColor: "indigo",
    primaryShade: { light: 7, dark: 8 },
    autoContrast: true,
    defaultRadius: "md",
    fontFamily:
        'system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", sans-serif',
    fontFamilyMonospace: 'ui-monospace, "SF Mono", Consolas, "Noto Sans Mono", monospace',
    headings: { fontWeight: "600" },
    components: {
        Button: { defaultProps: { size: "sm" } },
        Card: { defaultProps: { withBorder: true, padding: "lg" } },
    },
});

/** What is said in passing can still be read by everybody (WCAG AA on every ground that we use). */
export const variables: CSSVariablesResolver = () => ({
    variables: {},
    light: { "--mantine-color-dimmed": "#5a626b", "--mantine-color-error": "#c92a2a", "--mantine-color-placeholder": "#6b747d" },
    dark: { "--mantine-color-dimmed": "#a6abb3", "--mantine-color-error": "#ff8787", "--mantine-color-placeholder": "#8f959d" },
});
