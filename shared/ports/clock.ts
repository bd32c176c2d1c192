/** Now, in epoch milliseconds. Passed in, so that time can be moved by hand. */
export type Clock = () => number;
