/** Sends reports as a box does. */
export interface ReportSender {
  /** Raw Ed25519 public key, base64url, under which it signs. */
  readonly key: string;
  /** Throws `UnavailableError` if the API did not accept it. */
  send(path: string, report: Readonly<Record<string, unknown>>): Promise<void>;
}
