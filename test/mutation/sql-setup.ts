// Chooses the mutant that this run is about, before any store is loaded.
import { inject } from 'vitest'

globalThis.sqlMutant = inject('sqlMutant')
