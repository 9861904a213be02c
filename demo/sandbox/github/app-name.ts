// How the App is called on the pages.

/** `layers-connector` is shown as "Layers Connector". */
export function createAppName(slug: string): string {
  return slug.replaceAll(
    /(^|-)(\w)/g,
    (_match, dash: string, letter: string) => (dash ? ' ' : '') + letter.toUpperCase(),
  )
}
