// Checks in TAP 13: each is a line, a failure tells why, and the process ends with 1 if there was one.
let count = 0, failed = 0;

export async function check(name, body) {
  count++;
  try {
    await body();
    console.log(`ok ${count} - ${name}`);
  } catch (error) {
    failed++;
    console.log(`not ok ${count} - ${name}`);
    for (const line of String(error?.stack ?? error).split("\n").slice(0, 12)) console.log(`# ${line}`);
  }
}

export function equal(got, want, what = "value") {
  const text = (v) => typeof v === "bigint" ? `${v}` : JSON.stringify(v, (_, x) => typeof x === "bigint" ? `${x}` : x);
  if (text(got) !== text(want)) throw new Error(`${what}: got ${text(got)}, wanted ${text(want)}`);
}

export function holds(condition, what) {
  if (!condition) throw new Error(`does not hold: ${what}`);
}

// The error that a promise ends with; it is a failure if it ends well.
export async function errorOf(promise) {
  let value;
  try {
    value = await promise;
  } catch (error) {
    return error;
  }
  throw new Error(`no error, but ${value}`);
}

export function end() {
  console.log(`1..${count}`);
  process.exit(failed === 0 && count > 0 ? 0 : 1);
}
