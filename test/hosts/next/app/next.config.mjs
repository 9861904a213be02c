// The directory above has nothing to do with this app, whatever lock files lie there.
export default {
  turbopack: { root: import.meta.dirname },
  outputFileTracingRoot: import.meta.dirname,
  // Typed errors, hydration warnings and the like are what is looked for: they have to reach the console.
  devIndicators: false,
}
