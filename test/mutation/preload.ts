// Loads the files under test before the first test, so that what they do on loading is never taken for the doing of one test.
import { inject } from 'vitest'

await Promise.all(inject('mutatedFiles').map((file) => import(file)))
