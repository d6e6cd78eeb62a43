import type { Clock } from './clock.ts';
import { ApiError } from './http/errors.ts';
import { uuid } from './world/ids.ts';

/** The one company scroll that a workspace may have open. It dies when it is not used for a minute. */
export class Scroll {
  private readonly clock: Clock;
  private open: OpenScroll | undefined;
  private opened = 0;
  private readonly mostPerPage: () => number;

  constructor(clock: Clock, mostPerPage: () => number = () => Infinity) {
    this.clock = clock;
    this.mostPerPage = mostPerPage;
  }

  /** Opens the scroll over the slots and gives its first page. */
  start(slots: readonly number[]): ScrollPage {
    if (this.isOpen()) throw new ApiError(400, 'scroll_exists', 'scroll already exists for this workspace');
    this.open = { param: this.newParam(), slots: [...slots], position: 0, usedAt: this.clock.elapsed() };
    return this.page(this.open, false);
  }

  /** The next page; `renew` gives the scroll a new name. */
  next(param: string, renew: boolean): ScrollPage {
    if (!this.isOpen() || this.open?.param !== param)
      throw new ApiError(404, 'not_found', 'scroll parameter not found');
    return this.page(this.open, renew);
  }

  /** Ends the scroll as if a minute had passed. */
  expire(): void {
    this.open = undefined;
  }

  /** Makes the next page the same as the last one. */
  repeat(): void {
    if (this.open) this.open.position = Math.max(0, this.open.position - this.pageSize());
  }

  /** Whether a new scroll would be refused. */
  isOpen(): boolean {
    return this.open !== undefined && this.clock.elapsed() - this.open.usedAt <= IDLE_SECONDS;
  }

  private page(open: OpenScroll, renew: boolean): ScrollPage {
    const slots = open.slots.slice(open.position, open.position + this.pageSize());
    open.position += this.pageSize();
    open.usedAt = this.clock.elapsed();
    if (renew) open.param = this.newParam();
    if (slots.length === 0) this.open = undefined;
    return { slots, param: open.param };
  }

  private pageSize(): number {
    return Math.min(PAGE_SIZE, this.mostPerPage());
  }

  private newParam(): string {
    return uuid(7, 7, this.opened++);
  }
}

export interface ScrollPage {
  readonly slots: readonly number[];
  readonly param: string;
}

interface OpenScroll {
  param: string;
  readonly slots: readonly number[];
  position: number;
  usedAt: number;
}

const PAGE_SIZE = 100;
const IDLE_SECONDS = 60;
