import { ActionIcon, Code, CopyButton, Group, Tooltip } from "@mantine/core";
import { IconCheck, IconCopy } from "@tabler/icons-react";
import { useTexts } from "../i18n/texts";

/** An exact text with a button that copies it. `shown` stands for one that is long. */
export function Copyable({ text, shown }: { text: string; shown?: string }) {
    const t = useTexts();
    return (
        <Group gap={4} wrap="nowrap" component="span" display="inline-flex" maw="100%">
            <Code className="stranger">{shown ?? text}</Code>
            <CopyButton value={text}>
                {({ copied, copy }) => (
                    <Tooltip label={copied ? t("copy.done") : t("copy.do")} withArrow>
                        <ActionIcon variant="subtle" color={copied ? "teal" : "gray"} size="sm" onClick={copy} aria-label={t("copy.do")}>
                            {copied ? <IconCheck size={14} /> : <IconCopy size={14} />}
                        </ActionIcon>
                    </Tooltip>
                )}
            </CopyButton>
        </Group>
    );
}
