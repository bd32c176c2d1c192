import { startLocalStack } from '../../infra/local/stack.ts';

/*
 * The stack in a process of its own, to be killed without warning: `killable-stack.ts <assemblyDir> <templatePath> <dataDir>`.
 * Its first line is where it is; then it sweeps without pause, so that a kill falls into a sweep as likely as into a report.
 */
const [assemblyDir = '', templatePath = '', dataDir = ''] = process.argv.slice(2);
process.env.TZ = 'UTC';

const stack = await startLocalStack({ assemblyDir, templatePath, dataDir, schedules: 'by-hand' });
// What is called in a round is loaded first, or a kill would mostly fall into loading; the rest would only cost time.
const called = ['receive-heartbeats', 'receive-alarms', 'receive-checks', 'receive-logs', 'watch'];
const faults = await Promise.all(called.map((name) => stack.functionNamed(name).loaded()));
if (faults.some((fault) => fault !== undefined)) throw new Error(faults.join());
process.stdout.write(`${JSON.stringify({ url: stack.url, issuer: stack.issuer })}\n`);
for (;;) await stack.fire('watch');
