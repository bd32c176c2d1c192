/** Tells the log what went wrong, and about which facility, notice or message. Never an address, a name or a secret. */
export type Tell = (what: string, about: string, cause: unknown) => void;
