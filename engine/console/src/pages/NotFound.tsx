import { Button } from "@mantine/core";
import { IconMapOff } from "@tabler/icons-react";
import { Link } from "wouter";
import { useTexts } from "../i18n/texts";
import { Empty } from "../ui/Empty";
import { Page } from "../ui/Page";

export function NotFound() {
    const t = useTexts();
    return (
        <Page title={t("notFound.title")}>
            <Empty icon={IconMapOff} text={t("notFound.text")} action={<Button component={Link} href="/">{t("nav.overview")}</Button>} />
        </Page>
    );
}
