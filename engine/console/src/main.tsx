import "@mantine/core/styles.css";
import "@mantine/spotlight/styles.css";
import "@mantine/notifications/styles.css";
import "./console.css";
import { MantineProvider } from "@mantine/core";
import { Notifications } from "@mantine/notifications";
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { setNonce } from "get-nonce";
import { createRoot } from "react-dom/client";
import { Router } from "wouter";
import { asFailure } from "./api/failure";
import { App } from "./app/App";
import { theme, variables } from "./app/theme";

const nonce = document.querySelector<HTMLMetaElement>("meta[property=csp-nonce]")?.nonce ?? "";
setNonce(nonce);

const queries = new QueryClient({
    defaultOptions: {
        queries: {
            staleTime: 10_000,
            refetchOnWindowFocus: false,
            // What was refused stays refused; only what nobody answered is worth another try.
            retry: (count, error) => count < 2 && [0, 502, 503, 504].includes(asFailure(error).status),
        },
    },
});

const root = document.getElementById("root");
if (root) {
    createRoot(root).render(
        <MantineProvider theme={theme} cssVariablesResolver={variables} defaultColorScheme="auto" getStyleNonce={() => nonce}>
            <QueryClientProvider client={queries}>
                <Notifications position="top-right" />
                <Router base="/console">
                    <App />
                </Router>
            </QueryClientProvider>
        </MantineProvider>,
    );
}
