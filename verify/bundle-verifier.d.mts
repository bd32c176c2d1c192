export declare const allowedModules: readonly string[];
export declare const defaultFile: string;
export declare const buildVerifier: (file?: string) => string;
