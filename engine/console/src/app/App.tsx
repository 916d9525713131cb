import { Center, Loader, Modal } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useEffect } from "react";
import { api } from "../api/api";
import { resume, useStanding } from "../api/session";
import type { Profile } from "../api/types";
import { useTexts } from "../i18n/texts";
import { FailureCard } from "../ui/FailureCard";
import { NewPassword } from "./NewPassword";
import { Pages } from "./pages";
import { Shell } from "./Shell";
import { SignIn, SignInForm } from "./SignIn";

/** The sign-in, a forced change of the password, or the pages. */
export function App() {
    const standing = useStanding();
    useEffect(() => {
        void resume();
    }, []);
    if (standing === "unknown") {
        return (
            <Center h="100vh">
                <Loader aria-label="…" />
            </Center>
        );
    }
    if (standing === "out") return <SignIn />;
    return (
        <>
            <SignedIn />
            <Again opened={standing === "over"} />
        </>
    );
}

function SignedIn() {
    const me = useQuery({ queryKey: ["me"], queryFn: () => api.get<Profile>("/auth/me"), staleTime: 60_000 });
    if (me.isError) return <FailureCard error={me.error} retry={me.refetch} />;
    if (!me.data) return null;
    if (me.data.must_change_password) return <NewPassword />;
    return (
        <Shell profile={me.data}>
            <Pages />
        </Shell>
    );
}

/** Over the page: what was typed below stays, and is sent once its user is back. */
function Again({ opened }: { opened: boolean }) {
    const t = useTexts();
    return (
        <Modal
            opened={opened}
            onClose={() => undefined}
            withCloseButton={false}
            closeOnClickOutside={false}
            closeOnEscape={false}
            title={t("signin.over")}
        >
            <SignInForm hint={t("signin.overHint")} />
        </Modal>
    );
}
