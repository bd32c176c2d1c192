/** Work for another function, piece by piece. Delivery is at least once: doing a piece again must be harmless. */
export interface WorkQueue<Piece extends object> {
  /** After it returns every piece is in the queue. Throws `UnavailableError`: some of them may be in it. */
  send(pieces: readonly Piece[]): Promise<void>;
}
