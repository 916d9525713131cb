import { Select, type ComboboxData } from "@mantine/core";
import { useSearchParams } from "wouter";
import { type Key, useTexts } from "../i18n/texts";

/** One filter of a list, which the address keeps. The others stay; the first page is shown. */
export function FilterSelect({ name, label, data }: { name: string; label: Key; data: ComboboxData }) {
    const t = useTexts();
    const [params, setParams] = useSearchParams();
    const choose = (value: string | null) =>
        setParams((before) => {
            const after = new URLSearchParams(before);
            after.delete("page");
            after.delete(name);
            if (value) after.set(name, value);
            return after;
        });
    return <Select aria-label={t(label)} placeholder={t(label)} clearable data={data} value={params.get(name)} onChange={choose} w={180} />;
}
