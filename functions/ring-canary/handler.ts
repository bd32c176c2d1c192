/** The scheduled event ↔ one ring. What fails is thrown: the function's errors are an alarm of their own. */
export const makeHandler = (ring: () => Promise<void>) => async (): Promise<void> => {
  await ring();
};
