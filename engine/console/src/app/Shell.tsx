import { ActionIcon, AppShell, Burger, Group, Indicator, Kbd, Menu, NavLink, ScrollArea, Text, UnstyledButton } from "@mantine/core";
import { useDisclosure, useHotkeys } from "@mantine/hooks";
import { Spotlight, spotlight } from "@mantine/spotlight";
import { IconHeartbeat, IconLogout, IconSearch, IconSettings, IconUserCircle } from "@tabler/icons-react";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, type ReactNode } from "react";
import { Link, useLocation } from "wouter";
import { api } from "../api/api";
import { signOut } from "../api/session";
import type { Health, Profile } from "../api/types";
import { useTexts } from "../i18n/texts";
import { LanguageMenu, ThemeMenu } from "./menus";
import { NAVIGATION } from "./navigation";

export function Shell({ profile, children }: { profile: Profile; children: ReactNode }) {
    const t = useTexts();
    const [opened, { toggle, close }] = useDisclosure();
    const [location, navigate] = useLocation();
    useHotkeys([["/", () => spotlight.open()]]);
    // biome-ignore lint/correctness/useExhaustiveDependencies: another page closes the bar.
    useEffect(close, [location]);
    const pages = NAVIGATION.flatMap(({ entries }) => entries);
    return (
        <AppShell
            header={{ height: 56 }}
            navbar={{ width: 232, breakpoint: "sm", collapsed: { mobile: !opened } }}
            padding={{ base: "sm", sm: "lg" }}
        >
            <a className="skip" href="#content">
                {t("nav.skip")}
            </a>
            <AppShell.Header px={{ base: "xs", sm: "md" }}>
                <Group h="100%" justify="space-between" wrap="nowrap">
                    <Group gap="sm" wrap="nowrap">
                        <Burger opened={opened} onClick={toggle} hiddenFrom="sm" size="sm" aria-label={t("nav.menu")} />
                        <UnstyledButton component={Link} href="/">
                            <Text fw={700} style={{ whiteSpace: "nowrap" }}>Push Notify</Text>
                        </UnstyledButton>
                    </Group>
                    <Group gap={2} wrap="nowrap">
                        <UnstyledButton onClick={spotlight.open} visibleFrom="sm" px="sm" mr="xs">
                            <Group gap="xs" c="dimmed">
                                <IconSearch size={16} />
                                <Text size="sm">{t("nav.search")}</Text>
                                <Kbd size="xs">Ctrl K</Kbd>
                            </Group>
                        </UnstyledButton>
                        <ActionIcon hiddenFrom="sm" variant="subtle" color="gray" size="lg" onClick={spotlight.open} aria-label={t("nav.search")}>
                            <IconSearch size={20} />
                        </ActionIcon>
                        <HealthDot />
                        <LanguageMenu />
                        <ThemeMenu />
                        <Account profile={profile} />
                    </Group>
                </Group>
            </AppShell.Header>
            <AppShell.Navbar p="xs" aria-label={t("nav.menu")}>
                <AppShell.Section grow component={ScrollArea}>
                    {NAVIGATION.map((group) => (
                        <div key={group.title}>
                            <Text size="xs" c="dimmed" fw={600} px="sm" pt="md" pb={4}>
                                {t(group.title)}
                            </Text>
                            {group.entries.map(({ path, title, icon: Icon }) => {
                                const active = path === "/" ? location === "/" : location.startsWith(path);
                                return (
                                    <NavLink
                                        key={path}
                                        component={Link}
                                        href={path}
                                        className="nav-link"
                                        label={t(title)}
                                        leftSection={<Icon size={18} stroke={1.6} />}
                                        active={active}
                                        aria-current={active ? "page" : undefined}
                                    />
                                );
                            })}
                        </div>
                    ))}
                </AppShell.Section>
            </AppShell.Navbar>
            <AppShell.Main id="content" tabIndex={-1}>
                {children}
            </AppShell.Main>
            <Spotlight
                shortcut="mod + K"
                nothingFound={t("nav.nothingFound")}
                searchProps={{ placeholder: t("nav.search"), "aria-label": t("nav.search") }}
                actions={pages.map(({ path, title, icon: Icon }) => ({
                    id: path,
                    label: t(title),
                    keywords: path,
                    leftSection: <Icon size={18} />,
                    onClick: () => navigate(path),
                }))}
            />
        </AppShell>
    );
}

function HealthDot() {
    const t = useTexts();
    const health = useQuery({ queryKey: ["health"], queryFn: () => api.get<Health>("/system/health"), staleTime: 60_000 });
    const problems = health.data?.problems.length ?? 0;
    const well = health.data?.status === "ok" && problems === 0;
    return (
        <Indicator color={well ? "green" : health.isError ? "red" : "orange"} size={9} offset={7} disabled={health.isPending}>
            <ActionIcon component={Link} href="/system" variant="subtle" color="gray" size="lg" aria-label={well ? t("health.well") : t("health.unwell", { count: problems })}>
                <IconHeartbeat size={20} />
            </ActionIcon>
        </Indicator>
    );
}

function Account({ profile }: { profile: Profile }) {
    const t = useTexts();
    const queries = useQueryClient();
    const leave = async () => {
        await signOut();
        queries.clear();
    };
    return (
        <Menu>
            <Menu.Target>
                <ActionIcon variant="subtle" color="gray" size="lg" radius="xl" aria-label={`${profile.username}: ${t("menu.account")}`}>
                    <IconUserCircle size={22} />
                </ActionIcon>
            </Menu.Target>
            <Menu.Dropdown maw={280}>
                <Menu.Label className="stranger">{profile.username}</Menu.Label>
                <Menu.Item component={Link} href="/settings" leftSection={<IconSettings size={16} />}>
                    {t("nav.settings")}
                </Menu.Item>
                <Menu.Item leftSection={<IconLogout size={16} />} onClick={leave}>
                    {t("menu.signOut")}
                </Menu.Item>
            </Menu.Dropdown>
        </Menu>
    );
}
