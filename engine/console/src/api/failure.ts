/** What a request came to that was not answered as it should be. */
export class Failure extends Error {
    /** HTTP's; 0 where nobody answered. */
    readonly status: number;
    /** The business code where there is one, else the status. */
    readonly code: number;
    readonly details: string[];
    readonly requestId: string | undefined;
    /** In seconds. */
    readonly retryAfter: number | undefined;

    constructor(
        message: string,
        about: { status: number; code?: number; details?: string[]; requestId?: string; retryAfter?: number },
    ) {
        super(message);
        this.status = about.status;
        this.code = about.code ?? about.status;
        this.details = about.details ?? [];
        this.requestId = about.requestId;
        this.retryAfter = about.retryAfter;
    }

    /** What is wrong with a field, as a detail that begins with its name says; without the name. */
    of(field: string): string | undefined {
        for (const prefix of [`${field} `, `字段${field}`]) {
            const detail = this.details.find((each) => each.startsWith(prefix));
            if (detail) return detail.slice(prefix.length);
        }
        return undefined;
    }

    /** The details that are about none of these fields. */
    besides(fields: string[]): string[] {
        const about = (detail: string) =>
            fields.some((field) => detail.startsWith(`${field} `) || detail.startsWith(`字段${field}`));
        return this.details.filter((detail) => !about(detail));
    }
}

export function asFailure(error: unknown): Failure {
    if (error instanceof Failure) return error;
    return new Failure(error instanceof Error ? error.message : String(error), { status: 0 });
}
