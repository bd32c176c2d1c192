/** Large CSV exports. */
export interface ExportStore {
  put(id: string, csv: string): Promise<void>;
  /** Absent = never written or expired. */
  read(id: string): Promise<string | undefined>;
}
