/** Lets the clock of this process start at another time and run on from there; for scenarios only, the Worker has its own clock. */
export function moveClock(to: string): void {
  const RealDate = Date
  const offset = RealDate.parse(to) - RealDate.now()
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- a subclass with the same static side
  globalThis.Date = class extends RealDate {
    constructor(...parts: [] | ConstructorParameters<typeof RealDate>) {
      if (parts.length === 0) super(RealDate.now() + offset)
      else super(...parts)
    }
    static override now = () => RealDate.now() + offset
  } as DateConstructor
}
