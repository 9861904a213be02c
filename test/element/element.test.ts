// @vitest-environment jsdom
// <connect-github> as it is published, in jsdom. One file runs all, because building takes longer than testing.
import { testAttributes } from './attributes.ts'
import { testLife, testUpgrade } from './life.ts'
import { testPublished } from './published.ts'
import { keepTestsApart } from './setup.ts'
import { testEvents } from './tells.ts'

keepTestsApart()

testUpgrade()
testLife()
testEvents()
testAttributes()
testPublished()
