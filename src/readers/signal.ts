/** Lets many wait for the next change of something they share. Each looks for itself whether it was the one it waits for. */
export class Signal {
  #wake: () => void = () => undefined;
  #next = this.#arm();

  wait(): Promise<void> {
    return this.#next;
  }

  raise(): void {
    const wake = this.#wake;
    this.#next = this.#arm();
    wake();
  }

  #arm(): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = resolve;
    });
  }
}
