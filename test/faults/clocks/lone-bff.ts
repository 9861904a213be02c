// A BFF of a fault run that is there from the beginning to the end.
import type { FaultOptions } from '../fault.ts'
import type { Opening } from '../traffic/orders.ts'
import type { Scene } from '../traffic/scene.ts'
import { loadTrafficBff, type TrafficBff } from '../traffic/traffic-bff.ts'

export interface LoneBff {
  readonly bff: TrafficBff
  readonly baseUrl: string
}

export async function startLoneBff(
  { artefacts }: Pick<Scene, 'artefacts'>,
  opening: Opening,
  { directory, onFinished }: Pick<FaultOptions, 'onFinished'> & { readonly directory?: string | undefined },
): Promise<LoneBff> {
  const bff = await loadTrafficBff({
    ...(directory === undefined ? {} : { directory }),
    onOutput: (text) => artefacts.record('logs', text),
  })
  onFinished(async () => {
    bff.signal('SIGKILL')
    await bff.gone
  })
  return { bff, baseUrl: await bff.open(opening) }
}
