import type { Camera, Facility } from '../../shared/domain/facility.ts';
import type { RecordingReport } from '../../shared/domain/reports.ts';
import type { Sender } from '../../shared/domain/sender.ts';
import { type Rejected, rejected, rejectedFor } from '../../shared/domain/taken-report.ts';

/** A box speaks for the cameras that are registered as its own. */
export const cameraOf = (facility: Facility, { box }: Sender, { camera }: RecordingReport): Camera | undefined =>
  facility.cameras.find((one) => one.id === camera && one.box === box);

/** An hour that has not begun cannot have been recorded. */
export const refusalOf = (
  camera: Camera | undefined,
  report: RecordingReport,
  sender: Sender,
): Rejected | undefined => {
  if (camera === undefined) return rejected('unknown-camera');
  return report.hourMs > sender.receivedMs ? rejectedFor('/hour', 'has not begun yet, by our clock') : undefined;
};
