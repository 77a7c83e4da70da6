declare namespace Cloudflare {
  /** What `exports.default` of `cloudflare:workers` is: the Worker under test. */
  interface GlobalProps {
    mainModule: typeof import('../../src/worker.ts')
  }
}
