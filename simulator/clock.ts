/** The simulator's own time. It stands still unless told otherwise. */
export class Clock {
  private readonly start: number;
  private readonly running: boolean;
  private readonly ticks: () => number;
  private readonly startedAt: number;
  private advanced = 0;

  constructor(start: number, running: boolean, ticks = () => performance.now() / 1000) {
    this.start = start;
    this.running = running;
    this.ticks = ticks;
    this.startedAt = ticks();
  }

  /** Simulated unix seconds, whole. */
  now(): number {
    return Math.floor(this.precise());
  }

  /** Simulated unix seconds, with their fraction. */
  precise(): number {
    return this.start + this.advanced + (this.running ? this.real() : 0);
  }

  /** Seconds since the start that waiting clients have lived through: real ones, and those skipped by `advance`. */
  elapsed(): number {
    return this.real() + this.advanced;
  }

  /** Whether simulated time also runs with real time. */
  isRunning(): boolean {
    return this.running;
  }

  advance(seconds: number): void {
    if (!(seconds >= 0)) throw new Error(`Time only moves forward, not by ${seconds} seconds.`);
    this.advanced += seconds;
  }

  private real(): number {
    return this.ticks() - this.startedAt;
  }
}
