/**
 * Ids of boxes, cameras, areas and classes. Rows keep facts by them, and `constructor` is the one such word to which every
 * object already has an answer.
 */
export const shortIdPattern = /^(?!constructor$)[a-z0-9][a-z0-9-]{0,31}$/;

export const facilityIdPattern = /^[a-z0-9][a-z0-9-]{0,63}$/;

/** UUIDv7, lower case only, so that one report cannot have two spellings of its id. */
export const reportIdPattern = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

/** `2026-11-22.1`: the day for which it was drawn, and its place among the draws of that day. */
export const challengeIdPattern = /^\d{4}-\d{2}-\d{2}\.\d{1,2}$/;
