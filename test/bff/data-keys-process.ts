// A process of its own for data-keys.test.ts: reads or makes the key file and says what it got.
import { readOrCreateDataKeys } from '../../bff/data-keys.ts'

const [file = ''] = process.argv.slice(2)
const keys = readOrCreateDataKeys(file)
// The test needs to compare them; they protect nothing but an empty directory.
process.stdout.write(keys.map((key) => key.reveal((value) => value)).join('\n'))
