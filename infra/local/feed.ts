/** What happens while the stack runs, for the person who watches it and for tests. */
export type FeedEvent =
  /** A line that a function wrote; `fields` if the line is JSON. */
  | {
      readonly kind: 'log';
      readonly functionName: string;
      readonly line: string;
      readonly fields: Readonly<Record<string, unknown>> | undefined;
    }
  | {
      readonly kind: 'request';
      readonly routeKey: string;
      readonly path: string;
      readonly status: number;
      readonly tookMs: number;
    }
  | {
      readonly kind: 'published';
      readonly topic: string;
      readonly subject: string | undefined;
      readonly message: string;
    }
  | { readonly kind: 'denied'; readonly caller: string; readonly action: string; readonly resource: string }
  | { readonly kind: 'refused'; readonly caller: string; readonly reason: string }
  | { readonly kind: 'function-failed'; readonly functionName: string; readonly error: string }
  | { readonly kind: 'fault'; readonly message: string };

export type Feed = (event: FeedEvent) => void;
