// Reads Prometheus' text format, as far as the BFF writes it.

export interface Sample {
  readonly name: string
  readonly labels: Readonly<Record<string, string>>
  readonly value: number
}

/** @throws Error on a line that is neither a comment nor a sample. */
export function readMetrics(text: string): readonly Sample[] {
  return text
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => {
      const [, name, labels = '', value] = /^([a-z_:][a-z0-9_:]*)(?:\{(.*)\})? (\S+)$/.exec(line) ?? []
      if (name === undefined) throw new Error(`no sample: ${line}`)
      return { name, labels: readLabels(labels), value: Number(value) }
    })
}

function readLabels(text: string): Record<string, string> {
  const pairs = [...text.matchAll(/([a-z_]+)="((?:[^"\\]|\\.)*)"(?:,|$)/g)]
  if (pairs.map(([whole]) => whole).join('') !== text) throw new Error(`no labels: ${text}`)
  return Object.fromEntries(pairs.map(([, name, value]) => [name ?? '', value ?? '']))
}

/** The sum of the samples of this name that have these labels, without the prefix. */
export function sumOf(text: string, name: string, labels: Readonly<Record<string, string>> = {}): number {
  return readMetrics(text)
    .filter((sample) => sample.name === `connect_github_${name}`)
    .filter((sample) => Object.entries(labels).every(([label, value]) => sample.labels[label] === value))
    .reduce((sum, sample) => sum + sample.value, 0)
}
