import { ActionIcon, Menu, useMantineColorScheme, type MantineColorScheme } from "@mantine/core";
import { IconCheck, IconDeviceDesktop, IconLanguage, IconMoon, IconSun } from "@tabler/icons-react";
import { chooseLanguage, useLanguage, type Language } from "../i18n/language";
import { useTexts } from "../i18n/texts";

const LANGUAGES: [Language, string][] = [
    ["zh-CN", "简体中文"],
    ["en-US", "English"],
];

export function LanguageMenu({ onChoose }: { onChoose?: (language: Language) => void }) {
    const t = useTexts();
    const current = useLanguage();
    return (
        <Menu>
            <Menu.Target>
                <ActionIcon variant="subtle" color="gray" size="lg" aria-label={t("menu.language")}>
                    <IconLanguage size={20} />
                </ActionIcon>
            </Menu.Target>
            <Menu.Dropdown>
                {LANGUAGES.map(([language, name]) => (
                    <Menu.Item
                        key={language}
                        lang={language}
                        rightSection={language === current ? <IconCheck size={16} /> : undefined}
                        onClick={() => {
                            chooseLanguage(language);
                            onChoose?.(language);
                        }}
                    >
                        {name}
                    </Menu.Item>
                ))}
            </Menu.Dropdown>
        </Menu>
    );
}

const THEMES = [
    ["light", IconSun],
    ["dark", IconMoon],
    ["auto", IconDeviceDesktop],
] as const;

export function ThemeMenu({ onChoose }: { onChoose?: (theme: MantineColorScheme) => void }) {
    const t = useTexts();
    const { colorScheme, setColorScheme } = useMantineColorScheme();
    const Current = THEMES.find(([theme]) => theme === colorScheme)?.[1] ?? IconDeviceDesktop;
    return (
        <Menu>
            <Menu.Target>
                <ActionIcon variant="subtle" color="gray" size="lg" aria-label={t("menu.theme")}>
                    <Current size={20} />
                </ActionIcon>
            </Menu.Target>
            <Menu.Dropdown>
                {THEMES.map(([theme, Icon]) => (
                    <Menu.Item
                        key={theme}
                        leftSection={<Icon size={16} />}
                        rightSection={theme === colorScheme ? <IconCheck size={16} /> : undefined}
                        onClick={() => {
                            setColorScheme(theme);
                            onChoose?.(theme);
                        }}
                    >
                        {t(`theme.${theme}`)}
                    </Menu.Item>
                ))}
            </Menu.Dropdown>
        </Menu>
    );
}
