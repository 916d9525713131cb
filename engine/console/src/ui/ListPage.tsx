import { Group, Pagination, Paper, Skeleton, Stack, Table, Text, TextInput } from "@mantine/core";
import { useDebouncedCallback } from "@mantine/hooks";
import { IconSearch } from "@tabler/icons-react";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { type KeyboardEvent, type ReactNode, useRef } from "react";
import { useLocation, useSearchParams } from "wouter";
import { api, query, type Listed } from "../api/api";
import { useTexts, type Key } from "../i18n/texts";
import { FailureCard } from "./FailureCard";

export interface Column<T> {
    title: Key;
    cell: (row: T) => ReactNode;
    width?: number | string;
}

interface Props<T> {
    /** Of the API's list; what the address says of filters goes with it. */
    path: string;
    filters?: string[];
    fixed?: Record<string, string | number>;
    columns: Column<T>[];
    /** The page of one. */
    href: (row: T) => string;
    empty: ReactNode;
    controls?: ReactNode;
    /** Looked up again so often, in milliseconds. */
    every?: number;
    search?: boolean;
}

const SIZE = 20;

/** One page of a list; the address has the page and the filters, so that it can be kept and sent. */
export function ListPage<T extends { id: number }>(props: Props<T>) {
    const t = useTexts();
    const [, navigate] = useLocation();
    const [params, setParams] = useSearchParams();
    const body = useRef<HTMLTableSectionElement>(null);
    const page = Number(params.get("page")) || 1;
    const filters = Object.fromEntries(
        [...(props.filters ?? []), "keyword"].map((name) => [name, params.get(name) ?? ""]),
    );
    const path = `${props.path}${query({ ...props.fixed, ...filters, page, size: SIZE })}`;
    const list = useQuery({
        queryKey: [path],
        queryFn: () => api.get<Listed<T>>(path),
        placeholderData: keepPreviousData,
        ...(props.every ? { refetchInterval: props.every } : {}),
    });
    const filter = (name: string, value: string) =>
        setParams((before) => {
            const after = new URLSearchParams(before);
            if (name !== "page") after.delete("page");
            if (value) after.set(name, value);
            else after.delete(name);
            return after;
        });
    const search = useDebouncedCallback((text: string) => filter("keyword", text), 300);
    const walk = (event: KeyboardEvent) => {
        const step = { j: 1, k: -1, ArrowDown: 1, ArrowUp: -1 }[event.key];
        const rows = [...(body.current?.querySelectorAll<HTMLElement>("tr[tabindex]") ?? [])];
        const at = rows.indexOf(event.target as HTMLElement);
        if (at < 0) return;
        if (event.key === "Enter") rows[at]?.querySelector("a")?.click();
        if (!step) return;
        event.preventDefault();
        rows[at + step]?.focus();
    };
    const rows = list.data?.list ?? [];
    const pages = list.data?.pagination.total_pages ?? 0;
    const filtered = Object.values(filters).some(Boolean);

    if (list.isError) return <FailureCard error={list.error} retry={list.refetch} />;
    return (
        <Stack>
            {(props.search || props.controls) && (
                <Group>
                    {props.search && (
                        <TextInput
                            aria-label={t("list.search")}
                            placeholder={t("list.search")}
                            leftSection={<IconSearch size={16} />}
                            defaultValue={filters.keyword}
                            onChange={(event) => search(event.currentTarget.value)}
                            w={{ base: "100%", xs: 240 }}
                        />
                    )}
                    {props.controls}
                </Group>
            )}
            {list.isPending ? (
                <Stack gap="xs" aria-busy>
                    {[0, 1, 2, 3, 4].map((row) => (
                        <Skeleton key={row} h={44} />
                    ))}
                </Stack>
            ) : rows.length === 0 ? (
                filtered ? <Text c="dimmed" py="xl" ta="center">{t("list.nothingFound")}</Text> : props.empty
            ) : (
                <Paper withBorder>
                    <Table className="table" verticalSpacing="xs" highlightOnHover layout="fixed">
                        <Table.Thead>
                            <Table.Tr>
                                {props.columns.map((column) => (
                                    <Table.Th key={column.title} w={column.width}>{t(column.title)}</Table.Th>
                                ))}
                            </Table.Tr>
                        </Table.Thead>
                        <Table.Tbody ref={body} onKeyDown={walk}>
                            {rows.map((row) => (
                                <Table.Tr
                                    key={row.id}
                                    className="row"
                                    tabIndex={0}
                                    style={{ cursor: "pointer" }}
                                    onClick={(event) => {
                                        if (!(event.target as HTMLElement).closest("a,button,input")) navigate(props.href(row));
                                    }}
                                >
                                    {props.columns.map((column) => (
                                        <Table.Td key={column.title} data-label={t(column.title)}>
                                            {column.cell(row)}
                                        </Table.Td>
                                    ))}
                                </Table.Tr>
                            ))}
                        </Table.Tbody>
                    </Table>
                </Paper>
            )}
            {pages > 1 && (
                <Pagination
                    value={page}
                    total={pages}
                    onChange={(next) => filter("page", next === 1 ? "" : String(next))}
                    getControlProps={(control) => ({ "aria-label": t(`list.${control}`) })}
                />
            )}
        </Stack>
    );
}
