import { Alert, Button, Card, Group, Loader, Stack, Stepper, Text } from "@mantine/core";
import { IconCheck } from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { Link } from "wouter";
import { api, type Listed } from "../api/api";
import type { EventEntry, Rehearsed, RepoCreated, TargetDetail } from "../api/types";
import { useTexts } from "../i18n/texts";
import { FailureCard } from "../ui/FailureCard";
import { Page } from "../ui/Page";
import { RepoForm, type RepoFields } from "../ui/RepoForm";
import { RepoSecret } from "../ui/RepoSecret";
import { Steps } from "../ui/Steps";
import { TargetForm, type TargetFields } from "../ui/TargetForm";
import { TestMessageResult, useTestMessage } from "../ui/TestMessage";

/** From nothing to a message that arrived: repository, webhook, target, test. */
export default function Wizard() {
    const t = useTexts();
    const queries = useQueryClient();
    const [step, setStep] = useState(0);
    const [repo, setRepo] = useState<RepoCreated>();
    const [target, setTarget] = useState<TargetDetail>();
    const addRepo = useMutation({
        mutationFn: (fields: RepoFields) => api.post<RepoCreated>("/repos", fields),
        onSuccess: async (made) => {
            setRepo(made);
            setStep(1);
            await queries.invalidateQueries();
        },
    });
    const addTarget = useMutation({
        mutationFn: (fields: TargetFields) => api.post<TargetDetail>("/targets", { ...fields, ...(repo ? { repo_ids: [repo.id] } : {}) }),
        onSuccess: async (made) => {
            setTarget(made);
            setStep(3);
            await queries.invalidateQueries();
        },
    });
    return (
        <Page title={t("nav.wizard")} hint={t("wizard.hint")}>
            <Stepper active={step} size="sm" aria-label={t("nav.wizard")}>
                <Stepper.Step label={t("wizard.repo")}>
                    <Stack mt="md">
                        <RepoForm save={addRepo.mutate} saving={addRepo.isPending} error={addRepo.error} />
                        <Button variant="subtle" w="fit-content" onClick={() => setStep(2)}>{t("wizard.skipRepo")}</Button>
                    </Stack>
                </Stepper.Step>
                <Stepper.Step label={t("wizard.webhook")}>
                    {repo && (
                        <Stack mt="md">
                            <RepoSecret made={repo} />
                            <FirstCall repoId={repo.id} />
                            <Button w="fit-content" onClick={() => setStep(2)}>{t("form.next")}</Button>
                        </Stack>
                    )}
                </Stepper.Step>
                <Stepper.Step label={t("wizard.target")}>
                    <Stack mt="md">
                        <TargetForm ofRepo={repo !== undefined} save={addTarget.mutate} saving={addTarget.isPending} error={addTarget.error} submit={t("wizard.saveAndTest")} />
                    </Stack>
                </Stepper.Step>
                <Stepper.Step label={t("wizard.test")}>
                    {target && <Test target={target} repo={repo} done={() => setStep(4)} />}
                </Stepper.Step>
                <Stepper.Completed>
                    <Card mt="md">
                        <Stack align="flex-start">
                            <Alert color="green" icon={<IconCheck />} title={t("wizard.done")}>{t("wizard.doneHint")}</Alert>
                            <Group>
                                <Button component={Link} href="/">{t("nav.overview")}</Button>
                                {repo && <Button variant="default" component={Link} href={`/repos/${repo.id}`}>{t("wizard.toRepo")}</Button>}
                            </Group>
                        </Stack>
                    </Card>
                </Stepper.Completed>
            </Stepper>
        </Page>
    );
}

/** Waits, in view, until the Git host has called. */
function FirstCall({ repoId }: { repoId: number }) {
    const t = useTexts();
    const events = useQuery({
        queryKey: ["repo", repoId, "first call"],
        queryFn: () => api.get<Listed<EventEntry>>(`/events?repo_id=${repoId}&size=1`),
        refetchInterval: ({ state }) => (state.data?.list.length ? false : 3_000),
    });
    const first = events.data?.list[0];
    return (
        <Alert color={first ? "green" : "blue"} role="status" icon={first ? <IconCheck /> : <Loader size="sm" />} title={first ? t("wizard.called") : t("wizard.waiting")}>
            {first ? <Link href={`/events/${first.id}`}>{t("wizard.lookAtCall")}</Link> : <Text size="sm">{t("wizard.waitingHint")}</Text>}
        </Alert>
    );
}

/** A message to the target, then a made-up delivery down the whole road. */
function Test({ target, repo, done }: { target: TargetDetail; repo: RepoCreated | undefined; done: () => void }) {
    const t = useTexts();
    const message = useTestMessage(target.id);
    const rehearsal = useMutation({ mutationFn: () => api.post<Rehearsed>(`/repos/${repo?.id}/test`) });
    const { mutate } = message;
    useEffect(() => mutate(), [mutate]);
    return (
        <Card mt="md">
            <Stack align="flex-start">
                {message.isPending && <Group><Loader size="sm" /><Text>{t("wizard.sending", { name: target.name })}</Text></Group>}
                <TestMessageResult test={message} />
                {rehearsal.error ? <FailureCard error={rehearsal.error} /> : null}
                {rehearsal.data && <Steps steps={rehearsal.data.steps} />}
                <Group>
                    {message.data?.status === "success" && <Button onClick={done}>{t("wizard.finish")}</Button>}
                    <Button variant="default" onClick={() => message.mutate()} loading={message.isPending}>{t("wizard.again")}</Button>
                    {repo && <Button variant="default" onClick={() => rehearsal.mutate()} loading={rehearsal.isPending}>{t("repo.test")}</Button>}
                    <Button variant="default" component={Link} href={`/targets/${target.id}/edit`}>{t("wizard.changeTarget")}</Button>
                </Group>
            </Stack>
        </Card>
    );
}
