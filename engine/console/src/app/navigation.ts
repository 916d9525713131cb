import {
    IconBell, IconBuildingBroadcastTower, IconChecklist, IconGauge, IconGitBranch, IconInbox, IconMailX, IconPlugConnected,
    IconRocket, IconRoute, IconSend, IconSettings, IconTimeline, type Icon,
} from "@tabler/icons-react";
import type { Key } from "../i18n/texts";

export interface Entry {
    path: string;
    title: Key;
    icon: Icon;
}

/** The left bar, group by group; Ctrl-K finds the same. */
export const NAVIGATION: { title: Key; entries: Entry[] }[] = [
    {
        title: "nav.work",
        entries: [
            { path: "/", title: "nav.overview", icon: IconGauge },
            { path: "/events", title: "nav.events", icon: IconInbox },
            { path: "/subjects", title: "nav.subjects", icon: IconTimeline },
            { path: "/reviews", title: "nav.reviews", icon: IconChecklist },
            { path: "/pushes", title: "nav.pushes", icon: IconSend },
            { path: "/dead-letters", title: "nav.deadLetters", icon: IconMailX },
        ],
    },
    {
        title: "nav.setUp",
        entries: [
            { path: "/setup", title: "nav.wizard", icon: IconRocket },
            { path: "/repos", title: "nav.repos", icon: IconGitBranch },
            { path: "/targets", title: "nav.targets", icon: IconBell },
            { path: "/rules", title: "nav.rules", icon: IconRoute },
        ],
    },
    {
        title: "nav.administration",
        entries: [
            { path: "/plugins", title: "nav.plugins", icon: IconPlugConnected },
            { path: "/system", title: "nav.system", icon: IconBuildingBroadcastTower },
            { path: "/settings", title: "nav.settings", icon: IconSettings },
        ],
    },
];
