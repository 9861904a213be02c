// Every case the gallery shows, in the order of a customer's way.
import type { Case } from './case.ts'
import { errorCases } from './error-cases.ts'
import { flowCases } from './flow-cases.ts'
import { resultCases } from './result-cases.ts'
import { variantCases } from './variant-cases.ts'

export const cases: readonly Case[] = [...flowCases, ...resultCases, ...errorCases, ...variantCases]
