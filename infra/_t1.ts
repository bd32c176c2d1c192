const t=performance.now();
const m = await import(process.argv[2]!);
console.log(process.argv[2], Object.keys(m).length, Math.round(performance.now()-t));
