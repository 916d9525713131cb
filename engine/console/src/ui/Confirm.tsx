import { Button, Group, Modal, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import type { ReactNode } from "react";
import { useTexts } from "../i18n/texts";

/** A button for what cannot be taken back: it asks first. */
export function Confirm({ label, icon, text, run, busy }: { label: string; icon?: ReactNode; text: string; run: () => void; busy: boolean }) {
    const t = useTexts();
    const [opened, { open, close }] = useDisclosure();
    return (
        <>
            <Button variant="default" leftSection={icon} onClick={open}>
                {label}
            </Button>
            <Modal opened={opened} onClose={close} title={label} closeButtonProps={{ "aria-label": t("form.cancel") }}>
                <Text size="sm" className="stranger">{text}</Text>
                <Group justify="flex-end" mt="lg">
                    <Button variant="default" onClick={close} data-autofocus>
                        {t("form.cancel")}
                    </Button>
                    <Button color="red" loading={busy} onClick={() => { run(); close(); }}>
                        {label}
                    </Button>
                </Group>
            </Modal>
        </>
    );
}
