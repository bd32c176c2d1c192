/** Who a bearer token speaks for. */
export interface TokenVerifier {
  /** `<issuer>|<sub>`; throws `TokenRefusedError` with the reason. */
  verify(bearerToken: string): Promise<string>;
}
