import { expect, test } from '@jest/globals';
import { VirtualTime } from './virtual-time.ts';

test('time leaps to the next moment for which somebody waits, and lives have clocks of their own', async () => {
  const time = new VirtualTime(1_000_000);
  const [one, other] = [time.life(), time.life(500)];
  const woken: string[] = [];
  let left = 2;
  const wait = async (name: string, { clock }: typeof one, milliseconds: number): Promise<void> => {
    await clock.sleep(milliseconds);
    woken.push(`${name} at ${clock.now()}`);
    left--;
  };
  void wait('late', one, 90_000);
  void wait('early', other, 20.7);
  expect(await time.pass(() => left === 0, Infinity)).toBe('over');
  expect(woken).toEqual(['early at 1000520', 'late at 1090000']);
});

test('whoever has died does not wake', async () => {
  const time = new VirtualTime(0);
  const [dead, alive] = [time.life(), time.life()];
  const woken: string[] = [];
  void dead.clock.sleep(10).then(() => woken.push('dead'));
  dead.end();
  void dead.clock.sleep(10).then(() => woken.push('dead'));
  void alive.clock.sleep(20).then(() => woken.push('alive'));
  expect(await time.pass(() => woken.includes('alive'), Infinity)).toBe('over');
  expect(woken).toEqual(['alive']);
});

test('who is stopped leaves at once, and waiting has an end', async () => {
  const time = new VirtualTime(0);
  const { clock } = time.life();
  const stop = new AbortController();
  const stopped = clock.sleep(10, stop.signal);
  stop.abort(new Error('stopped'));
  await expect(stopped).rejects.toThrow('stopped');
  await expect(clock.sleep(10, stop.signal)).rejects.toThrow('stopped');
  void clock.sleep(60_000);
  expect(await time.pass(() => false, 50_000)).toBe('late');
  expect(time.now()).toBe(50_000);
});
