/** What a sweep did. Each becomes a metric of its name, in kebab case. */
export interface SweepCounts {
  facilitiesJudged: number;
  facilitiesFailed: number;
  incidentsOpened: number;
  incidentsClosed: number;
  incidentsArchived: number;
  incidentsFailed: number;
  segmentsFailed: number;
  noticesPublished: number;
  noticesRefused: number;
}

export const noCounts = (): SweepCounts => ({
  facilitiesJudged: 0,
  facilitiesFailed: 0,
  incidentsOpened: 0,
  incidentsClosed: 0,
  incidentsArchived: 0,
  incidentsFailed: 0,
  segmentsFailed: 0,
  noticesPublished: 0,
  noticesRefused: 0,
});

/** `facilitiesFailed` → `facilities-failed`. */
export const metricName = (count: string): string => count.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
