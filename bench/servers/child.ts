/** The side of a server process: says where it listens and answers what the bench asks. */
type Answerer = (question: Readonly<Record<string, unknown>>) => Promise<Record<string, unknown>>;

const send = (message: unknown): void => {
  process.send?.(message);
};

export const serveBench = (port: number, stop: () => Promise<void>, answer?: Answerer): void => {
  process.on('message', async (question: { id?: number; ask: string }) => {
    if (question.ask === 'stop') {
      await stop().catch(() => undefined);
      process.exit(0);
    }
    if (question.ask === 'cpu') {
      const { user, system } = process.cpuUsage();
      return send({ id: question.id, cpuMs: (user + system) / 1000 });
    }
    try {
      send({ id: question.id, ...(await answer?.(question)) });
    } catch (error) {
      send({ failed: error instanceof Error ? (error.stack ?? error.message) : String(error) });
    }
  });
  send({ port });
};

/** Says why it could not start, and ends. */
export const startOrFail = (start: () => Promise<void>): void => {
  start().catch((error: unknown) => {
    send({ failed: error instanceof Error ? (error.stack ?? error.message) : String(error) });
    process.exitCode = 1;
    process.disconnect?.();
  });
};
